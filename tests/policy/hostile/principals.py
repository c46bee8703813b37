"""Whom policies let in: conditions that only look narrow, issuers with many tenants, everyone by every service."""

from __future__ import annotations

from typing import Final

from tests.policy.hostile.form import OURS, THEIRS, Attack, admit, attack, document, root

_BUCKET: Final = "s3/bucketPolicy"
_ROLE: Final = "iam/role"
_GITHUB: Final = "token.actions.githubusercontent.com"


def _if(what: str, condition: dict[str, object], short: str = _BUCKET, key: str = "policy") -> Attack:
    bad = {key: document(admit(Condition=condition))}
    good = {key: document(admit(Condition={"StringEquals": {"aws:PrincipalAccount": OURS}}))}
    return attack(what, short, bad, good)


C1_CONDITIONS: Final = (
    _if("all values of none are every value", {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
    _if("a role of any account", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}),
    _if("any organization", {"StringLike": {"aws:PrincipalOrgID": "o-*"}}),
    _if("any account by question marks", {"StringLike": {"aws:PrincipalAccount": "????????????"}}),
    _if("a wildcard among names", {"StringLike": {"aws:PrincipalAccount": [OURS, "9*"]}}),
    _if("only if the key is there", {"StringEqualsIfExists": {"aws:SourceAccount": OURS}}),
    _if("everyone but one", {"StringNotEquals": {"aws:PrincipalAccount": THEIRS}}),
    _if("a key that the caller sets", {"StringEquals": {"aws:UserAgent": "terraform"}}),
    _if("a referer, which anybody sends", {"StringLike": {"aws:Referer": ["https://phoenix.example/*"]}}),
    _if("the key has to be absent", {"Null": {"aws:PrincipalOrgID": "true"}}),
    _if("two halves of the internet", {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}),
    _if("the IPv6 internet", {"IpAddress": {"aws:SourceIp": "::/0"}}),
    _if("slices that add up", {"IpAddress": {"aws:SourceIp": [f"{at}.0.0.0/10" for at in (1, 2, 3, 4)]}}),
    _if("all networks but one", {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    _if("a tag of the caller's own", {"StringEquals": {"aws:PrincipalTag/team": "platform"}}),
    _if("a time", {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}),
    _if("a second factor of anybody's", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    _if("the caller compared to itself", {"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}}),
    _if("the owner of the resource", {"StringEquals": {"aws:ResourceAccount": OURS}}),
    _if("any bucket of anybody", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, "sqs/queuePolicy"),
    _if("any topic of anybody", {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}, "sqs/queuePolicy"),
    _if("a service between", {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}, "kms/key"),
    _if("a context that the caller chooses", {"StringEquals": {"kms:EncryptionContext:app": "shop"}}, "kms/keyPolicy"),
    _if("an encoding of a request", {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}),
)


def _tokens(what: str, condition: dict[str, object] | None, issuer: str = _GITHUB, good: object = None) -> Attack:
    def trust(asked: object) -> dict[str, object]:
        statement = {
            "Effect": "Allow",
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": f"arn:aws:iam::{OURS}:oidc-provider/{issuer}"},
        }
        return {"assumeRolePolicy": document(statement | ({"Condition": asked} if asked else {}))}

    return attack(what, _ROLE, trust(condition), trust({"StringLike": good or {f"{_GITHUB}:sub": "repo:phoenix/x:*"}}))


def _claims(what: str, operator: str = "StringLike", **claims: object) -> Attack:
    return _tokens(what, {operator: {f"{_GITHUB}:{claim}": value for claim, value in claims.items()}})


_EKS: Final = "oidc.eks.us-east-1.amazonaws.com/id/ABCDEF"
_ACCOUNT: Final = {f"{_EKS}:sub": "system:serviceaccount:shop:web"}
C2_ISSUERS: Final = (
    _claims("an audience alone", aud="sts.amazonaws.com"),
    _claims("any repository", sub="repo:*"),
    _tokens("no condition at all", None),
    _claims("an owner by its beginning", sub="repo:phoenix*/infrastructure:*"),
    _claims("an owner with a wildcard in front", sub="repo:*phoenix/infrastructure:*"),
    _claims("a branch of anybody", sub="*:ref:refs/heads/main"),
    _claims("a list with one loose end", sub=["repo:phoenix/x:*", "repo:*:environment:prod"]),
    _claims("an actor, who may be renamed", actor="alice"),
    _claims("a workflow's name", workflow="deploy"),
    _claims("a ref alone", ref="refs/heads/main"),
    _claims("everybody but a fork", "StringNotLike", sub="repo:evil/*"),
    _claims("only if the claim is there", "StringLikeIfExists", sub="repo:phoenix/x:*"),
    _claims("all of no values", "ForAllValues:StringLike", sub="repo:phoenix/x:*"),
    _claims("no value", sub=[]),
    _tokens("a claim of another issuer", {"StringLike": {"gitlab.com:sub": "project_path:phoenix/x:*"}}),
    _tokens(
        "projects of anybody on GitLab",
        {"StringLike": {"gitlab.com:sub": "project_path:*:ref_type:branch:*"}},
        "gitlab.com",
        {"gitlab.com:sub": "project_path:phoenix/x:*"},
    ),
    _tokens(
        "a workspace of anybody on HCP",
        {"StringLike": {"app.terraform.io:sub": "organization:*:workspace:x:*"}},
        "app.terraform.io",
        {"app.terraform.io:sub": "organization:phoenix:project:p:*"},
    ),
    _tokens("any pod of the cluster", {"StringEquals": {f"{_EKS}:aud": "sts.amazonaws.com"}}, _EKS, _ACCOUNT),
    _tokens("pods of any namespace", {"StringLike": {f"{_EKS}:sub": "system:serviceaccount:*:web"}}, _EKS, _ACCOUNT),
    attack(
        "guests of any identity pool",
        _ROLE,
        {"assumeRolePolicy": document(admit({"Federated": "cognito-identity.amazonaws.com"}, "sts:*"))},
        {
            "assumeRolePolicy": document(
                admit(
                    {"Federated": "cognito-identity.amazonaws.com"},
                    "sts:AssumeRoleWithWebIdentity",
                    Condition={"StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:1"}},
                )
            )
        },
    ),
)

_POLICIES: Final = {
    "secretsmanager/secretPolicy": "policy",
    "ecr/repositoryPolicy": "policy",
    "ecr/registryPolicy": "policy",
    "backup/vaultPolicy": "policy",
    "efs/fileSystemPolicy": "policy",
    "s3/accessPoint": "policy",
    "s3control/accessPointPolicy": "policy",
    "s3control/objectLambdaAccessPointPolicy": "policy",
    "s3control/multiRegionAccessPointPolicy": "details.policy",
    "s3control/bucketPolicy": "policy",
    "s3/bucket": "policy",
    "s3tables/tableBucketPolicy": "resourcePolicy",
    "s3tables/tablePolicy": "resourcePolicy",
    "cloudwatch/eventBusPolicy": "policy",
    "opensearch/domain": "accessPolicies",
    "opensearch/domainPolicy": "accessPolicies",
    "elasticsearch/domainPolicy": "accessPolicies",
    "kms/replicaKey": "policy",
    "kms/externalKey": "policy",
    "sqs/queue": "policy",
    "sqs/queuePolicy": "policy",
    "sns/topic": "policy",
    "sns/topicPolicy": "policy",
    "glacier/vault": "accessPolicy",
    "cloudwatch/logResourcePolicy": "policyDocument",
    "cloudwatch/logDestinationPolicy": "accessPolicy",
    "apigateway/restApi": "policy",
    "apigateway/restApiPolicy": "policy",
    "glue/resourcePolicy": "policy",
    "dynamodb/resourcePolicy": "policy",
    "kinesis/resourcePolicy": "policy",
    "mediastore/containerPolicy": "policy",
    "codebuild/resourcePolicy": "policy",
    "codeartifact/domainPermissions": "policyDocument",
    "codeartifact/repositoryPermissionsPolicy": "policyDocument",
    "acmpca/policy": "policy",
    "ses/identityPolicy": "policy",
    "sesv2/emailIdentityPolicy": "policy",
    "schemas/registryPolicy": "policy",
    "msk/clusterPolicy": "policy",
    "vpclattice/resourcePolicy": "policy",
    "vpclattice/authPolicy": "policy",
    "networkfirewall/resourcePolicy": "policy",
    "xray/resourcePolicy": "policyDocument",
    "redshift/resourcePolicy": "policy",
    "redshiftserverless/resourcePolicy": "policy",
    "bedrock/agentcoreResourcePolicy": "policy",
}


def _nested(path: str, value: object) -> dict[str, object]:
    step, _, rest = path.partition(".")
    return {step: _nested(rest, value) if rest else value}


def _opened(short: str, key: str) -> Attack:
    return attack(f"{short}.{key}", short, _nested(key, document(admit())), _nested(key, document(admit(root(OURS)))))


C3_POLICIES: Final = (
    *(_opened(short, key) for short, key in _POLICIES.items()),
    attack(
        "whoever calls a function",
        "lambda/permission",
        {"principal": "*", "action": "lambda:InvokeFunction"},
        {"principal": OURS, "action": "lambda:InvokeFunction"},
    ),
    attack(
        "a URL of a function", "lambda/functionUrl", {"authorizationType": "NONE"}, {"authorizationType": "AWS_IAM"}
    ),
    attack(
        "a layer for all",
        "lambda/layerVersionPermission",
        {"principal": "*", "action": "lambda:GetLayerVersion"},
        {"principal": OURS, "action": "lambda:GetLayerVersion"},
    ),
    attack(
        "a bus for all",
        "cloudwatch/eventPermission",
        {"principal": "*", "statementId": "x"},
        {"principal": OURS, "statementId": "x"},
    ),
    attack(
        "an endpoint service for all",
        "ec2/vpcEndpointService",
        {"allowedPrincipals": ["*"], "acceptanceRequired": True},
        {"allowedPrincipals": [f"arn:aws:iam::{OURS}:root"], "acceptanceRequired": True},
    ),
    attack(
        "a grant to all",
        "kms/grant",
        {"granteePrincipal": "*", "operations": ["Decrypt"]},
        {"granteePrincipal": f"arn:aws:iam::{OURS}:role/x", "operations": ["Decrypt"]},
    ),
    attack(
        "all but one may come",
        "sns/topicPolicy",
        {"policy": document({"Effect": "Allow", "NotPrincipal": root(), "Action": "sns:*", "Resource": "*"})},
        {
            "policy": document(
                {
                    "Effect": "Deny",
                    "NotPrincipal": root(OURS),
                    "Action": "sns:Publish",
                    "Resource": "*",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            )
        },
    ),
    attack(
        "any account by a star in an ARN",
        "ecr/repositoryPolicy",
        {"policy": document(admit({"AWS": "arn:aws:iam::*:root"}))},
        {"policy": document(admit(root(OURS)))},
    ),
    attack(
        "any service",
        "sqs/queuePolicy",
        {"policy": document(admit({"Service": "*"}))},
        {
            "policy": document(
                admit(
                    {"Service": "sns.amazonaws.com"},
                    Condition={"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:us-east-1:{OURS}:t"}},
                )
            )
        },
    ),
    attack("a canned list for all", "s3/bucketAcl", {"acl": "public-read"}, {"acl": "private"}),
    attack("a canned list for whoever has an account", "s3/bucket", {"acl": "authenticated-read"}, {"acl": "private"}),
    attack("an object for all", "s3/bucketObjectv2", {"acl": "public-read"}, {"acl": "private"}),
    attack("a copy for all", "s3/objectCopy", {"acl": "public-read-write"}, {"acl": "private"}),
    attack(
        "a grant of an object for all",
        "s3/objectCopy",
        {
            "grants": [
                {"uri": "http://acs.amazonaws.com/groups/global/AllUsers", "permissions": ["READ"], "type": "Group"}
            ]
        },
        {"grants": [{"id": "abc", "permissions": ["READ"], "type": "CanonicalUser"}]},
    ),
    attack(
        "an API without a key or a role",
        "apigateway/method",
        {"authorization": "NONE", "httpMethod": "POST"},
        {"authorization": "AWS_IAM", "httpMethod": "POST"},
    ),
    attack(
        "a GraphQL API by its key",
        "appsync/graphQLApi",
        {"authenticationType": "API_KEY"},
        {"authenticationType": "AWS_IAM", "xrayEnabled": True},
    ),
    attack(
        "guests of an identity pool",
        "cognito/identityPool",
        {"allowUnauthenticatedIdentities": True},
        {"allowUnauthenticatedIdentities": False},
    ),
    attack(
        "collections of OpenSearch",
        "opensearch/serverlessSecurityPolicy",
        {"policy": '[{"AllowFromPublic": true}]', "type": "network"},
        {"policy": '[{"AllowFromPublic": false, "SourceVPCEs": ["vpce-1"]}]', "type": "network"},
    ),
    attack(
        "data for any principal",
        "opensearch/serverlessAccessPolicy",
        {"policy": '[{"Principal": ["*"]}]'},
        {"policy": f'[{{"Principal": ["arn:aws:iam::{OURS}:role/x"]}}]'},
    ),
    attack(
        "devices may do everything",
        "iot/policy",
        {"policy": document(allow_iot := {"Effect": "Allow", "Action": "iot:*", "Resource": "*"})},
        {
            "policy": document(
                {**allow_iot, "Action": "iot:Connect", "Resource": "arn:aws:iot:us-east-1:1:client/${iot:ClientId}"}
            )
        },
    ),
    attack(
        "sign-up by anybody",
        "lakeformation/permissions",
        {"principal": "IAM_ALLOWED_PRINCIPALS", "permissions": ["ALL"]},
        {"principal": f"arn:aws:iam::{OURS}:role/x", "permissions": ["SELECT"]},
    ),
    attack(
        "an image builder",
        "imagebuilder/distributionConfiguration",
        {
            "distributions": [
                {"region": "us-east-1", "amiDistributionConfiguration": {"launchPermission": {"userGroups": ["all"]}}}
            ]
        },
        {
            "distributions": [
                {"region": "us-east-1", "amiDistributionConfiguration": {"launchPermission": {"userIds": [OURS]}}}
            ]
        },
    ),
)
