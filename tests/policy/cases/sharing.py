"""Rules that are functions: what identities may do on all, whom others let in, secrets in text, groups of rules."""

import json

from tests.policy.case import Case, forbidden_case, value_case
from tests.policy.cases.exposure import NAMED, policy
from tests.policy.cases.identity import ATTACHMENT, POLICY, PROVIDER, document
from tests.policy.harness import UNKNOWN, Made

_STRANGER = {**NAMED, "Principal": {"AWS": "arn:aws:iam::999999999999:root"}}
_ARN = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
_SECRET = Made(
    type="aws:secretsmanager/secretPolicy:SecretPolicy", inputs={"policy": policy(NAMED)}, provider=PROVIDER.urn
)
_IMAGE = Made(
    type="aws:ec2/amiLaunchPermission:AmiLaunchPermission", inputs={"accountId": "100000000004"}, provider=PROVIDER.urn
)
_LAKE = Made(type="aws:lakeformation/permissions:Permissions", inputs={"principal": "arn:aws:iam::1:role/x"})
_GRANT = Made(
    type="aws:s3/bucketAcl:BucketAcl", inputs={"accessControlPolicy": {"grants": [{"grantee": {"emailAddress": ""}}]}}
)
_PARAMETER = Made(type="aws:ssm/parameter:Parameter", inputs={"name": "/db/password", "type": "String", "value": "no"})
_BROKER = Made(type="aws:mq/broker:Broker", inputs={"users": [{"username": "shop", "password": UNKNOWN}]})
_METHOD = Made(type="aws:apigateway/method:Method", inputs={"authorization": "AWS_IAM", "httpMethod": "POST"})
_TLS = Made(
    type="aws:docdb/clusterParameterGroup:ClusterParameterGroup",
    inputs={"parameters": [{"name": "tls", "value": "enabled"}]},
)
_EMR_TYPE = "aws:emr/securityConfiguration:SecurityConfiguration"
_EMR = {
    "EncryptionConfiguration": {
        "EnableAtRestEncryption": True,
        "EnableInTransitEncryption": True,
        "AtRestEncryptionConfiguration": {
            "LocalDiskEncryptionConfiguration": {"EnableEbsEncryption": True},
            "S3EncryptionConfiguration": {"EncryptionMode": "SSE-KMS"},
        },
    }
}
_POLICY = Made(
    type="kubernetes:networking.k8s.io/v1:NetworkPolicy",
    inputs={"spec": {"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]}},
)

_TARGET = Made(
    type="aws:cloudwatch/eventTarget:EventTarget",
    inputs={"arn": "arn:aws:sqs:us-east-1:100000000004:jobs"},
    provider=PROVIDER.urn,
)
_CORS = Made(
    type="aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
    inputs={"corsRules": [{"allowedMethods": ["PUT"], "allowedOrigins": ["https://shop.example"]}]},
)
_JOB = Made(type="aws:batch/jobDefinition:JobDefinition", inputs={"containerProperties": '{"image": "shop:1"}'})


def _half(called: str, cidr: object) -> Made:
    inputs = {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": cidr}
    return Made(type="aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name=called, inputs=inputs)


CASES = (
    value_case(
        "iam-no-data-on-all", POLICY, "policy", document(Action="kms:Decrypt", Resource="*"),
        unknown_is="deferred", absent_is="silent",
    ),
    value_case(
        "iam-no-opening-on-all", POLICY, "policy", document(Action="s3:PutBucketPolicy", Resource="*"),
        unknown_is="deferred", absent_is="silent",
    ),
    value_case("iam-no-star-managed", ATTACHMENT, "policyArn", _ARN, unknown_is="silent", absent_is="silent"),
    value_case(
        "resource-policy-other-account", _SECRET, "policy", policy(NAMED, _STRANGER), around=[PROVIDER],
        unknown_is="deferred", absent_is="silent",
    ),
    value_case(
        "shared-with-own-accounts", _IMAGE, "accountId", "999999999999", around=[PROVIDER],
        unknown_is="silent", absent_is="silent",
    ),
    value_case(
        "lake-named-principals", _LAKE, "principal", "IAM_ALLOWED_PRINCIPALS", unknown_is="silent", absent_is="silent"
    ),
    value_case(
        "s3-no-grants-by-address", _GRANT, "accessControlPolicy.grants.0.grantee.emailAddress", "eve@evil.example",
        absent_is="silent",
    ),
    value_case(
        "no-secret-in-text", _PARAMETER, "value", "correct-Horse-battery", unknown_is="silent", absent_is="silent"
    ),
    value_case(
        "no-plaintext-password", _BROKER, "users.0.password", "hunter2-hunter2", unknown_is="silent",
        absent_is="silent",
    ),
    value_case("apigateway-method-authorized", _METHOD, "authorization", "NONE"),
    value_case("parameters-ask-for-tls", _TLS, "parameters.0.value", "disabled", absent_is="silent"),
    *(
        value_case(
            rule,
            Made(type=_EMR_TYPE, inputs={"configuration": json.dumps(_EMR)}),
            "configuration", "{}", unknown_is="deferred",
        )
        for rule in ("emr-encrypted", "emr-in-transit", "emr-kms")
    ),
    value_case("kubernetes-network-policy-narrow", _POLICY, "spec.ingress.0.from.0.ipBlock.cidr", "0.0.0.0/0",
               unknown_is="silent", absent_is="silent"),
    value_case(
        "data-to-own-accounts", _TARGET, "arn", "arn:aws:sqs:us-east-1:999999999999:jobs", around=[PROVIDER],
        unknown_is="silent", absent_is="silent",
    ),
    value_case("s3-cors-named", _CORS, "corsRules.0.allowedOrigins", ["*"], absent_is="silent"),
    value_case(
        "batch-not-privileged", _JOB, "containerProperties", '{"privileged": true}', unknown_is="deferred",
        absent_is="silent",
    ),
    forbidden_case("ecr-no-public-repository", "aws:ecrpublic/repository:Repository", _CORS.type),
    Case(
        rule="sg-rules-not-world-together",
        passing=[_half("a", "0.0.0.0/1"), _half("b", "10.0.0.0/8")],
        failing=[_half("a", "1.0.0.0/9"), _half("b", "1.128.0.0/9")],
        unknown=[_half("a", "1.0.0.0/9"), _half("b", UNKNOWN)],
        absent=[_half("a", "1.0.0.0/9")],
        unknown_is="silent",
        absent_is="silent",
    ),
)  # fmt: skip
