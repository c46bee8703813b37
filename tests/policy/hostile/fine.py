"""What a rule might complain about and must not, and what ids of public catalogues ask of the rules that claim them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tests.policy.harness import UNKNOWN, Made
from tests.policy.hostile.form import OURS, THEIRS, admit, allow, document, made, root

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORLD: Final = "0.0.0.0/0"


def _may(*statements: object) -> list[Made]:
    return [made("iam/policy", policy=json.dumps({"Statement": statements}))]


def _own(called: str, cidr: object, port: int) -> Made:
    rule = made("vpc/securityGroupIngressRule", called, ipProtocol="tcp", cidrIpv4=cidr, fromPort=port, toPort=port)
    return replace(rule, inputs={**rule.inputs, "securityGroupId": f"sg-{called[0]}"})


_BUCKET: Final = "s3/bucketPolicy"
_ELB: Final = "127311923021"
FINE: Final[Sequence[tuple[str, str, Sequence[Made]]]] = (
    ("Oracle has no such parameter", "rds-force-ssl", [made("rds/parameterGroup", family="oracle-ee-19")]),
    (
        "a group before a balancer chooses nothing",
        "tg-encrypted",
        [made("lb/targetGroup", protocol="TCP", targetType="alb")],
    ),
    (
        "443 from a block that is not known yet",
        "sg-public-only-80-443",
        [
            made(
                "ec2/securityGroup",
                ingress=[{"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": [UNKNOWN]}],
            )
        ],
    ),
    ("appliances hand through what comes", "tg-encrypted", [made("lb/targetGroup", protocol="GENEVE")]),
    ("objects below a beginning", "iam-no-data-on-all", _may(allow("s3:GetObject", "arn:aws:s3:::phoenix-*/*"))),
    (
        "secrets below a beginning",
        "iam-no-data-on-all",
        _may(allow("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{OURS}:secret:shop/*")),
    ),
    (
        "keys by the service that asks",
        "iam-no-data-on-all",
        _may(allow("kms:Decrypt", Condition={"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}})),
    ),
    (
        "secrets with a tag",
        "iam-no-data-on-all",
        _may(
            allow("secretsmanager:GetSecretValue", Condition={"StringEquals": {"secretsmanager:ResourceTag/app": "x"}})
        ),
    ),
    (
        "grants for volumes",
        "iam-no-opening-on-all",
        _may(allow("kms:CreateGrant", Condition={"Bool": {"kms:GrantIsForAWSResource": "true"}})),
    ),
    ("metrics, which have no resource", "iam-no-data-on-all", _may(allow("cloudwatch:PutMetricData"))),
    ("images, whose token has no resource", "iam-no-data-on-all", _may(allow("ecr:GetAuthorizationToken"))),
    (
        "lists and descriptions",
        "iam-no-data-on-all",
        _may(allow(["s3:ListAllMyBuckets", "ec2:Describe*", "rds:List*"])),
    ),
    (
        "sessions on instances with a tag",
        "iam-no-escalation",
        _may(allow("ssm:StartSession", Condition={"StringEquals": {"ssm:resourceTag/team": "shop"}})),
    ),
    ("a role by its path", "iam-no-escalation", _may(allow("iam:PassRole", f"arn:aws:iam::{OURS}:role/shop/*"))),
    (
        "to read all",
        "iam-no-star-managed",
        [made("iam/rolePolicyAttachment", policyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")],
    ),
    (
        "a policy of the program by such a name",
        "iam-no-star-managed",
        [made("iam/rolePolicyAttachment", policyArn=f"arn:aws:iam::{OURS}:policy/ShopFullAccess")],
    ),
    ("our own account", "resource-policy-other-account", [made("kms/key", policy=document(admit(root(OURS))))]),
    (
        "a partner of the organization",
        "resource-policy-other-account",
        [made(_BUCKET, policy=document(admit(root(), Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})))],
    ),
    (
        "load balancers that write logs",
        "resource-policy-other-account",
        [made(_BUCKET, policy=document(admit(root(_ELB), "s3:PutObject")))],
    ),
    (
        "a service of AWS",
        "resource-policy-other-account",
        [made("sqs/queuePolicy", policy=document(admit({"Service": "sns.amazonaws.com"})))],
    ),
    (
        "a stranger who is denied",
        "resource-policy-other-account",
        [made(_BUCKET, policy=document({**admit(root()), "Effect": "Deny"}))],
    ),
    (
        "whose account nobody says",
        "resource-policy-other-account",
        [Made(type="aws:s3/bucketPolicy:BucketPolicy", inputs={"policy": document(admit(root(THEIRS)))})],
    ),
    (
        "a share with the organization",
        "shared-with-own-accounts",
        [made("ram/principalAssociation", principal=f"arn:aws:organizations::{THEIRS}:organization/o-1")],
    ),
    (
        "two rules of two groups",
        "sg-rules-not-world-together",
        [_own("a", "0.0.0.0/1", 22), _own("b", "128.0.0.0/1", 22)],
    ),
    (
        "two rules on two ports",
        "sg-rules-not-world-together",
        [_own("a", "1.0.0.0/9", 22), _own("ab", "1.128.0.0/9", 23)],
    ),
    (
        "players of a game",
        "sg-public-only-80-443",
        [
            made(
                "gamelift/fleet",
                ec2InboundPermissions=[{"fromPort": 7777, "toPort": 7777, "ipRange": _WORLD, "protocol": "UDP"}],
            )
        ],
    ),
    (
        "a reference to a secret",
        "no-secret-in-text",
        [
            made(
                "apprunner/service",
                sourceConfiguration={"runtimeEnvironmentVariables": {"DB_PASSWORD": "arn:aws:secretsmanager:x"}},
            )
        ],
    ),
    (
        "the name of a secret",
        "no-secret-in-text",
        [made("glue/connection", connectionProperties={"SECRET_ID": "shop/db"})],
    ),
    ("a word", "no-secret-in-text", [made("amplify/app", environmentVariables={"API_TOKEN": "none"})]),
    (
        "a parameter that is encrypted",
        "no-secret-in-text",
        [made("ssm/parameter", name="/db/password", type="SecureString", value="correct-Horse-battery-9")],
    ),
    (
        "a variable of a build that names a secret",
        "no-secret-in-text",
        [
            made(
                "codebuild/project",
                environment={
                    "environmentVariables": [
                        {"name": "NPM_TOKEN", "value": "shop/Npm:token", "type": "SECRETS_MANAGER"}
                    ]
                },
            )
        ],
    ),
    (
        "an address without a password",
        "no-secret-in-text",
        [made("amplify/app", environmentVariables={"DATABASE_URL": "postgres://db.internal:5432/shop"})],
    ),
    (
        "a password drawn by the program",
        "no-plaintext-password",
        [replace(made("mq/broker", users=[{"password": "x" * 20}]), property_dependencies={"users": ["urn:random"]})],
    ),
    (
        "a telephone",
        "data-to-own-accounts",
        [made("sns/topicSubscription", protocol="sms", endpoint=THEIRS)],
    ),
    (
        "a queue of our own",
        "data-to-own-accounts",
        [made("scheduler/schedule", target={"arn": f"arn:aws:sqs:us-east-1:{OURS}:jobs"})],
    ),
    (
        "a user that may do nothing",
        "elasticache-user-known",
        [made("elasticache/user", noPasswordRequired=True, accessString="off ~* -@all")],
    ),
    (
        "a balancer inside",
        "nlb-has-groups",
        [made("lb/loadBalancer", loadBalancerType="network", internal=True)],
    ),
    (
        "pages that read",
        "s3-cors-named",
        [made("s3/bucketCorsConfiguration", corsRules=[{"allowedOrigins": ["*"], "allowedMethods": ["GET"]}])],
    ),
    (
        "a question before a call",
        "apigateway-method-authorized",
        [made("apigateway/method", httpMethod="OPTIONS", authorization="NONE")],
    ),
    (
        "a role that reads pods",
        "kubernetes-rbac-named",
        [
            Made(
                type="kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
                inputs={"rules": [{"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list"]}]},
            )
        ],
    ),
    (
        "one secret by its name",
        "kubernetes-rbac-named",
        [
            Made(
                type="kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
                inputs={
                    "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["tls"]}]
                },
            )
        ],
    ),
    (
        "pods that serve the world",
        "kubernetes-network-policy-narrow",
        [
            Made(
                type="kubernetes:networking.k8s.io/v1:NetworkPolicy",
                inputs={"spec": {"podSelector": {"matchLabels": {"app": "edge"}}, "ingress": [{}]}},
            )
        ],
    ),
    ("patches by a document of one purpose", "no-doors", [made("ssm/association", name="AWS-RunPatchBaseline")]),
    (
        "a target in this region",
        "data-egress-allow-list",
        [made("cloudwatch/eventTarget", arn=f"arn:aws:sqs:us-east-1:{OURS}:jobs")],
    ),
)
"""What, the rule that must not speak, and the stack."""

CLAIMS: Final[Sequence[tuple[str, Sequence[Made]]]] = (
    ("CKV_AWS_61", [made("iam/role", assumeRolePolicy=document(admit(root(), "sts:AssumeRole")))]),
    ("CKV_AWS_338", [made("cloudwatch/logGroup", retentionInDays=30)]),
    ("CKV_AWS_63", [made("iam/policy", policy=document(allow("s3:*")))]),
    ("KMS.1", [made("iam/policy", policy=document(allow("kms:Decrypt")))]),
    ("KMS.2", [made("iam/role", inlinePolicies=[{"policy": document(allow("kms:ReEncryptFrom"))}])]),
    ("CKV_AWS_288", [made("iam/policy", policy=document(allow("s3:GetObject")))]),
    ("CKV_AWS_287", [made("iam/policy", policy=document(allow("secretsmanager:GetSecretValue")))]),
    ("CKV_AWS_289", [made("iam/policy", policy=document(allow("s3:PutBucketPolicy")))]),
    ("IAM.21", [made("iam/rolePolicyAttachment", policyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")]),
    ("ELB.3", [made("elb/loadBalancer", listeners=[{"lbProtocol": "http", "lbPort": 80}])]),
    ("CKV_AWS_123", [made("ec2/vpcEndpointService", acceptanceRequired=False)]),
    ("EC2.23", [made("ec2transitgateway/transitGateway", autoAcceptSharedAttachments="enable")]),
    ("Transfer.2", [made("transfer/server", protocols=["FTP"])]),
    ("CKV_AWS_164", [made("transfer/server", endpointType="PUBLIC")]),
    ("Redshift.2", [made("redshift/parameterGroup", parameters=[{"name": "require_ssl", "value": "false"}])]),
    ("CKV_AWS_90", [made("docdb/clusterParameterGroup", parameters=[{"name": "tls", "value": "disabled"}])]),
    ("APIGateway.1", [made("apigateway/stage", stageName="live")]),
    ("CKV_AWS_59", [made("apigateway/method", httpMethod="GET", authorization="NONE")]),
    ("AutoScaling.5", [made("ec2/launchConfiguration", associatePublicIpAddress=True)]),
    ("SageMaker.3", [made("sagemaker/notebookInstance", rootAccess="Enabled")]),
    ("CKV_AWS_366", [made("cognito/identityPool", allowUnauthenticatedIdentities=True)]),
    ("AppSync.5", [made("appsync/graphQLApi", authenticationType="API_KEY")]),
    ("WAF.12", [made("wafv2/webAcl", visibilityConfig={"cloudwatchMetricsEnabled": False})]),
    ("CKV_AWS_227", [made("kms/key", isEnabled=False)]),
    ("EFS.2", [made("efs/backupPolicy", backupPolicy={"status": "DISABLED"})]),
)
"""An id, and a stack that fails what the id asks."""
