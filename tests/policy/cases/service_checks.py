"""Cases of rules on services that the program does not use."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.policy.case import Case, Stack, forbidden_case, pair_case, value_case
from tests.policy.harness import UNKNOWN, Made

METHOD = Made(type="aws:apigateway/method:Method", inputs={"httpMethod": "GET", "authorization": "AWS_IAM"})
BALANCER = Made(
    type="aws:elb/loadBalancer:LoadBalancer",
    inputs={"listeners": [{"lbProtocol": "https", "instanceProtocol": "https", "sslCertificateId": "arn:c"}]},
)
NEGOTIATION = Made(
    type="aws:elb/loadBalancerPolicy:LoadBalancerPolicy",
    inputs={"policyAttributes": [{"name": "Protocol-TLSv1.2", "value": "true"}]},
)
_TLS = [{"name": "tls", "value": "enabled"}, {"name": "audit_logs", "value": "all"}]
PARAMETERS = Made(type="aws:docdb/clusterParameterGroup:ClusterParameterGroup", inputs={"parameters": _TLS})
WAREHOUSE = Made(
    type="aws:redshift/parameterGroup:ParameterGroup",
    inputs={"parameters": [{"name": "require_ssl", "value": "true"}]},
)
URL = Made(type="aws:lambda/functionUrl:FunctionUrl", inputs={"cors": {"allowOrigins": ["*"], "allowMethods": ["GET"]}})


def document_case(rule: str, type_: str, key: str, good: object, bad: object, **beside: object) -> Case:
    """Case of a rule that reads an input that holds text: without it nothing is wrong, or all is."""

    def stack(value: object) -> Stack:
        return [Made(type=type_, inputs={**beside, key: json.dumps(value)})]

    made = Made(type=type_, inputs={**beside, key: UNKNOWN})
    quiet = rule == "codecommit-two-approvals"
    return Case(
        rule=rule,
        passing=stack(good),
        failing=stack(bad),
        unknown=[made],
        absent=[replace(made, inputs=beside)],
        unknown_is="unknown",
        absent_is="silent" if quiet else "violation",
    )


_DISKS = {"EncryptionKeyProviderType": "AwsKms", "EnableEbsEncryption": True}
_ENCRYPTION = {
    "EnableInTransitEncryption": True,
    "EnableAtRestEncryption": True,
    "AtRestEncryptionConfiguration": {
        "S3EncryptionConfiguration": {"EncryptionMode": "SSE-KMS"},
        "LocalDiskEncryptionConfiguration": _DISKS,
    },
}
_SESSION = {"kmsKeyId": "k", "s3BucketName": "b", "s3EncryptionEnabled": True}

CASES = (
    value_case("elb-tls", BALANCER, "listeners.0.lbProtocol", "http"),
    value_case("elb-tls-policy", NEGOTIATION, "policyAttributes.0.name", "Protocol-TLSv1", absent_is="silent"),
    value_case("docdb-tls", PARAMETERS, "parameters.0.value", "disabled", absent_is="silent"),
    value_case("docdb-audited", PARAMETERS, "parameters.1.value", "disabled"),
    value_case("redshift-tls", WAREHOUSE, "parameters.0.value", "false"),
    document_case(
        "ssm-session-logged",
        "aws:ssm/document:Document",
        "content",
        {"inputs": _SESSION},
        {"inputs": {**_SESSION, "s3EncryptionEnabled": False}},
        documentType="Session",
    ),
    document_case(
        "ssm-session-encrypted",
        "aws:ssm/document:Document",
        "content",
        {"inputs": _SESSION},
        {"inputs": {**_SESSION, "kmsKeyId": ""}},
        documentType="Session",
    ),
    value_case("lambda-url-origins-named", URL, "cors.allowMethods", ["*"], absent_is="silent"),
    document_case(
        "codecommit-two-approvals",
        "aws:codecommit/approvalRuleTemplate:ApprovalRuleTemplate",
        "content",
        {"Statements": [{"NumberOfApprovalsNeeded": 2}]},
        {"Statements": [{"NumberOfApprovalsNeeded": 1}]},
    ),
    forbidden_case(
        "iam-no-user-policies",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ),
    pair_case("redshift-logs", "aws:redshift/cluster:Cluster", "aws:redshift/logging:Logging", "clusterIdentifier"),
    pair_case(
        "network-firewall-logs",
        "aws:networkfirewall/firewall:Firewall",
        "aws:networkfirewall/loggingConfiguration:LoggingConfiguration",
        "firewallArn",
    ),
    pair_case(
        "appsync-waf",
        "aws:appsync/graphQLApi:GraphQLApi",
        "aws:wafv2/webAclAssociation:WebAclAssociation",
        "resourceArn",
    ),
)
