"""What identities may do: everything, a whole service, more than they were given, and data that nobody named."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Final

from tests.policy.hostile.form import OURS, THEIRS, Attack, admit, allow, attack, document, root

if TYPE_CHECKING:
    from collections.abc import Mapping

_POLICY: Final = "iam/policy"
_NAMED: Final = allow("s3:GetObject", "arn:aws:s3:::phoenix-logs/*")


def _may(what: str, *statements: Mapping[str, object], instead: Mapping[str, object] = _NAMED) -> Attack:
    return attack(what, _POLICY, {"policy": document(*statements)}, {"policy": document(instead)})


_LETTERS: Final = [f"{letter}*:*" for letter in string.ascii_lowercase]
C4_MATCHING: Final = (
    _may("stars beside stars", allow("iam:**")),
    _may("an account written out", allow("iam:*", "arn:aws:iam::*:*")),
    _may("ARNs that hold all there is", allow("*", ["arn:aws:s3:::*", "arn:aws:iam::*:*", "arn:aws:ec2:*:*:*"])),
    attack(
        "an administrator among others",
        "iam/rolePolicyAttachmentsExclusive",
        {"policyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"]},
        {"policyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]},
    ),
    _may("every letter of the alphabet", allow(_LETTERS)),
    _may("question marks", allow("???:*")),
    _may("a service by its pieces", allow([f"ec2:{letter}*" for letter in string.ascii_uppercase])),
    _may("all but billing", {"Effect": "Allow", "NotAction": ["aws-portal:*", "ce:*"], "Resource": "*"}),
    _may("all but one secret", {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::vault/*"}),
    _may(
        "everything in two statements",
        allow([f"{x}*" for x in string.ascii_lowercase[:13]]),
        allow([f"{x}*" for x in string.ascii_lowercase[13:]]),
    ),
    _may("in another case", allow("IAM:*")),
    _may("in one region", allow("*", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})),
    _may("in a session with a tag of its own", allow("*", Condition={"StringLike": {"aws:RequestTag/x": "*"}})),
    attack(
        "in lower case",
        _POLICY,
        {"policy": {"statement": {"effect": "Allow", "action": "*", "resource": "*"}}},
        {"policy": {"statement": _NAMED}},
    ),
    attack(
        "inside of a role",
        "iam/role",
        {"inlinePolicies": [{"name": "x", "policy": document(allow("*"))}]},
        {"inlinePolicies": [{"name": "x", "policy": document(_NAMED)}]},
    ),
    attack(
        "in a permission set",
        "ssoadmin/permissionSetInlinePolicy",
        {"inlinePolicy": document(allow("*"))},
        {"inlinePolicy": document(_NAMED)},
    ),
    attack(
        "by a job function of AWS",
        "iam/rolePolicyAttachment",
        {"policyArn": "arn:aws:iam::aws:policy/job-function/SystemAdministrator"},
        {"policyArn": "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"},
    ),
    attack(
        "all of IAM by a policy of AWS",
        "iam/groupPolicyAttachment",
        {"policyArn": "arn:aws:iam::aws:policy/IAMFullAccess"},
        {"policyArn": "arn:aws:iam::aws:policy/IAMReadOnlyAccess"},
    ),
    attack(
        "in another partition",
        "iam/userPolicyAttachment",
        {"policyArn": "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"},
        {"policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    ),
    attack(
        "all secrets by a policy of AWS",
        "iam/rolePolicyAttachment",
        {"policyArn": "arn:aws:iam::aws:policy/SecretsManagerReadWrite"},
        {"policyArn": "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"},
    ),
    attack(
        "all of a service by a policy of AWS",
        "iam/rolePolicyAttachment",
        {"policyArn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"},
        {"policyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"},
    ),
    attack("as users", "iam/user", {"name": "bob"}, by="iam-no-users"),
)

_ROLE_X: Final = f"arn:aws:iam::{OURS}:role/app"


def _rises(action: str | list[str], named: str = _ROLE_X, resource: object = "*") -> Attack:
    what = action if isinstance(action, str) else " + ".join(action)
    return _may(what, allow(action, resource), instead=allow(action, named))


_ESCALATION: Final = (
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:PutGroupPolicy",
    "iam:AddUserToGroup",
    "iam:UpdateAssumeRolePolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "iam:DeactivateMFADevice",
    "iam:UpdateSAMLProvider",
    "iam:UploadSSHPublicKey",
    "iam:UploadSigningCertificate",
)
C4_ESCALATION: Final = (
    *(_rises(action) for action in _ESCALATION[:13]),
    _rises("iam:PassRole"),
    _rises(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]),
    _rises(["iam:PassRole", "ec2:RunInstances"], resource=["arn:aws:iam::*:role/*", "*"]),
    _rises("iam:Pass*"),
    _rises("iam:*Policy*"),
    _rises("sts:AssumeRole"),
    _rises("sts:*"),
    _rises("lambda:UpdateFunctionCode", f"arn:aws:lambda:us-east-1:{OURS}:function:f"),
    _rises("lambda:UpdateFunctionConfiguration", f"arn:aws:lambda:us-east-1:{OURS}:function:f"),
    _rises("lambda:AddPermission", f"arn:aws:lambda:us-east-1:{OURS}:function:f"),
    _rises("ssm:SendCommand", f"arn:aws:ec2:us-east-1:{OURS}:instance/i-1"),
    _rises("ssm:StartSession", f"arn:aws:ec2:us-east-1:{OURS}:instance/i-1"),
    _rises("ec2-instance-connect:SendSSHPublicKey", f"arn:aws:ec2:us-east-1:{OURS}:instance/i-1"),
    _rises("codebuild:StartBuild", f"arn:aws:codebuild:us-east-1:{OURS}:project/p"),
    _rises("ecs:ExecuteCommand", f"arn:aws:ecs:us-east-1:{OURS}:cluster/c"),
    _rises("kms:PutKeyPolicy", f"arn:aws:kms:us-east-1:{OURS}:key/k"),
    _rises("kms:CreateGrant", f"arn:aws:kms:us-east-1:{OURS}:key/k"),
    _rises("s3:PutBucketPolicy", "arn:aws:s3:::phoenix"),
    _rises("secretsmanager:PutResourcePolicy", f"arn:aws:secretsmanager:us-east-1:{OURS}:secret:s-abc"),
    _rises("cloudformation:UpdateStack", f"arn:aws:cloudformation:us-east-1:{OURS}:stack/s/1"),
    _rises("cloudformation:ExecuteChangeSet", f"arn:aws:cloudformation:us-east-1:{OURS}:stack/s/1"),
    _rises("sagemaker:CreatePresignedNotebookInstanceUrl", f"arn:aws:sagemaker:us-east-1:{OURS}:notebook-instance/n"),
    _rises("glue:UpdateDevEndpoint", f"arn:aws:glue:us-east-1:{OURS}:devEndpoint/e"),
    _rises("datapipeline:PutPipelineDefinition", f"arn:aws:datapipeline:us-east-1:{OURS}:pipeline/p"),
    _rises("eks:CreateAccessEntry", f"arn:aws:eks:us-east-1:{OURS}:cluster/c"),
    _rises("eks:AssociateAccessPolicy", f"arn:aws:eks:us-east-1:{OURS}:cluster/c"),
    _rises("states:UpdateStateMachine", f"arn:aws:states:us-east-1:{OURS}:stateMachine:m"),
    *(_rises(action) for action in _ESCALATION[13:]),
    _may(
        "with a boundary only if there is one",
        allow(
            "iam:PutRolePolicy",
            Condition={"StringEqualsIfExists": {"iam:PermissionsBoundary": "arn:aws:iam::1:policy/b"}},
        ),
        instead=allow(
            "iam:PutRolePolicy", Condition={"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::1:policy/b"}}
        ),
    ),
    _may(
        "denied to one role only",
        allow("iam:PassRole"),
        {"Effect": "Deny", "Action": "iam:PassRole", "Resource": _ROLE_X},
        instead=allow("iam:PassRole", _ROLE_X),
    ),
    _may(
        "to a service, of any role",
        allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}),
        instead=allow("iam:PassRole", _ROLE_X),
    ),
)


def _reads(action: str | list[str], named: str, resource: object = "*", **more: object) -> Attack:
    what = action if isinstance(action, str) else " + ".join(action)
    return _may(f"{what} {resource}", allow(action, resource, **more), instead=allow(action, named))


_SECRET: Final = f"arn:aws:secretsmanager:us-east-1:{OURS}:secret:app-abc"
_PARAMETER: Final = f"arn:aws:ssm:us-east-1:{OURS}:parameter/app/*"
_TABLE: Final = f"arn:aws:dynamodb:us-east-1:{OURS}:table/t"
DATA_ACTIONS: Final = (
    _reads("secretsmanager:GetSecretValue", _SECRET),
    _reads("secretsmanager:GetSecretValue", _SECRET, f"arn:aws:secretsmanager:*:{OURS}:secret:*"),
    _reads("secretsmanager:Get*", _SECRET),
    _reads("kms:Decrypt", f"arn:aws:kms:us-east-1:{OURS}:key/k"),
    _reads(
        ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"],
        f"arn:aws:kms:us-east-1:{OURS}:key/k",
        "arn:aws:kms:*:*:key/*",
    ),
    _reads("kms:ReEncrypt*", f"arn:aws:kms:us-east-1:{OURS}:key/k"),
    _reads("ssm:GetParameter", _PARAMETER),
    _reads("ssm:GetParameter*", _PARAMETER),
    _reads("ssm:GetParametersByPath", _PARAMETER, f"arn:aws:ssm:us-east-1:{OURS}:parameter/*"),
    _reads("s3:GetObject", "arn:aws:s3:::phoenix/*"),
    _reads("s3:Get*", "arn:aws:s3:::phoenix/*", "arn:aws:s3:::*/*"),
    _reads("s3:PutObject", "arn:aws:s3:::phoenix/*"),
    _reads("s3:DeleteObject", "arn:aws:s3:::phoenix/*", "arn:aws:s3:::*"),
    _reads("dynamodb:GetItem", _TABLE),
    _reads(["dynamodb:Scan", "dynamodb:Query"], _TABLE, f"arn:aws:dynamodb:us-east-1:{OURS}:table/*"),
    _reads("dynamodb:*", _TABLE),
    _reads("dynamodb:DeleteItem", _TABLE),
    _reads("dynamodb:PartiQLSelect", _TABLE),
    _reads("sqs:ReceiveMessage", f"arn:aws:sqs:us-east-1:{OURS}:q"),
    _reads("sqs:*", f"arn:aws:sqs:us-east-1:{OURS}:q", f"arn:aws:sqs:us-east-1:{OURS}:*"),
    _reads("kinesis:GetRecords", f"arn:aws:kinesis:us-east-1:{OURS}:stream/s"),
    _reads("rds-data:ExecuteStatement", f"arn:aws:rds:us-east-1:{OURS}:cluster:c"),
    _reads("rds-db:connect", f"arn:aws:rds-db:us-east-1:{OURS}:dbuser:db-1/app"),
    _reads("redshift:GetClusterCredentials", f"arn:aws:redshift:us-east-1:{OURS}:dbuser:c/app"),
    _reads("ebs:GetSnapshotBlock", "arn:aws:ec2:us-east-1::snapshot/snap-1"),
    _reads("ec2:ModifySnapshotAttribute", "arn:aws:ec2:us-east-1::snapshot/snap-1"),
    _reads("rds:ModifyDBSnapshotAttribute", f"arn:aws:rds:us-east-1:{OURS}:snapshot:s"),
    _reads("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{OURS}:function:f"),
    _reads("lambda:GetFunction", f"arn:aws:lambda:us-east-1:{OURS}:function:f"),
    _reads("es:ESHttp*", f"arn:aws:es:us-east-1:{OURS}:domain/d/*"),
    _reads("elasticfilesystem:ClientRootAccess", f"arn:aws:elasticfilesystem:us-east-1:{OURS}:file-system/fs-1"),
    _reads("s3:GetObject", "arn:aws:s3:::phoenix/*", Condition={"Bool": {"aws:SecureTransport": "true"}}),
    _reads("cloudtrail:StopLogging", f"arn:aws:cloudtrail:us-east-1:{OURS}:trail/t"),
    _may(
        "inside of all but a few",
        {"Effect": "Allow", "Action": "kms:Decrypt", "NotResource": "arn:aws:kms:us-east-1:1:key/k"},
        instead=allow("kms:Decrypt", f"arn:aws:kms:us-east-1:{OURS}:key/k"),
    ),
    attack(
        "by a role's own document",
        "iam/role",
        {"inlinePolicies": [{"name": "x", "policy": document(allow("secretsmanager:GetSecretValue"))}]},
        {"inlinePolicies": [{"name": "x", "policy": document(allow("secretsmanager:GetSecretValue", _SECRET))}]},
    ),
)

_READ_OURS: Final = document({**admit(root(OURS), "s3:GetObject"), "Resource": "arn:aws:s3:::phoenix/*"})


def _to(what: str, short: str, key: str, principal: object, **more: object) -> Attack:
    bad, good = admit(principal, **more), admit(root(OURS), **more)
    return attack(what, short, {key: document(bad)}, {key: document(good)})


_ROLE: Final = {"AWS": f"arn:aws:iam::{THEIRS}:role/x"}
ACCOUNTS: Final = (
    attack(
        "a role for another account",
        "iam/role",
        {"assumeRolePolicy": document(admit(root(), "sts:AssumeRole"))},
        {
            "assumeRolePolicy": document(
                admit(root(), "sts:AssumeRole", Condition={"StringEquals": {"sts:ExternalId": "4711-x"}})
            )
        },
    ),
    attack(
        "a role for a number",
        "iam/role",
        {"assumeRolePolicy": document(admit({"AWS": THEIRS}, "sts:AssumeRole"))},
        {"assumeRolePolicy": document(admit({"AWS": OURS}, "sts:AssumeRole"))},
    ),
    attack(
        "any external id",
        "iam/role",
        {
            "assumeRolePolicy": document(
                admit(root(), "sts:AssumeRole", Condition={"StringLike": {"sts:ExternalId": "*"}})
            )
        },
        {
            "assumeRolePolicy": document(
                admit(root(), "sts:AssumeRole", Condition={"StringEquals": {"sts:ExternalId": "4711-x"}})
            )
        },
    ),
    _to("a bucket for another account", "s3/bucketPolicy", "policy", root()),
    _to("a key for another account", "kms/key", "policy", root()),
    _to("a secret for another account's role", "secretsmanager/secretPolicy", "policy", _ROLE),
    _to("a queue for another account", "sqs/queuePolicy", "policy", {"AWS": THEIRS}),
    _to("a topic for another account", "sns/topicPolicy", "policy", root()),
    _to("images for another account", "ecr/repositoryPolicy", "policy", root()),
    _to("a bus for another account", "cloudwatch/eventBusPolicy", "policy", root()),
    _to("a vault for another account", "backup/vaultPolicy", "policy", root()),
    _to("a file system for another account", "efs/fileSystemPolicy", "policy", _ROLE),
    _to("a domain for another account", "opensearch/domainPolicy", "accessPolicies", root()),
    _to("an API for another account", "apigateway/restApiPolicy", "policy", root()),
    _to("a catalog for another account", "glue/resourcePolicy", "policy", root()),
    _to("a table for another account", "dynamodb/resourcePolicy", "policy", root()),
    _to("a stream for another account", "kinesis/resourcePolicy", "policy", root()),
    _to("ours and another's", "s3/bucketPolicy", "policy", {"AWS": [OURS, THEIRS]}),
    attack(
        "a condition that admits another account",
        "s3/bucketPolicy",
        {"policy": document(admit(Condition={"StringEquals": {"aws:PrincipalAccount": [OURS, THEIRS]}}))},
        {"policy": document(admit(Condition={"StringEquals": {"aws:PrincipalAccount": [OURS]}}))},
    ),
    attack(
        "a function for another account",
        "lambda/permission",
        {"principal": THEIRS, "action": "lambda:InvokeFunction"},
        {"principal": OURS, "action": "lambda:InvokeFunction"},
    ),
    attack(
        "a layer for another account",
        "lambda/layerVersionPermission",
        {"principal": THEIRS, "action": "lambda:GetLayerVersion"},
        {"principal": OURS, "action": "lambda:GetLayerVersion"},
    ),
    attack("a bus by its inputs", "cloudwatch/eventPermission", {"principal": THEIRS}, {"principal": OURS}),
    attack(
        "a grant of a key",
        "kms/grant",
        {"granteePrincipal": f"arn:aws:iam::{THEIRS}:role/x", "operations": ["Decrypt"]},
        {"granteePrincipal": f"arn:aws:iam::{OURS}:role/x", "operations": ["Decrypt"]},
    ),
    attack(
        "an endpoint service",
        "ec2/vpcEndpointServiceAllowedPrinciple",
        {"principalArn": f"arn:aws:iam::{THEIRS}:root"},
        {"principalArn": f"arn:aws:iam::{OURS}:root"},
    ),
    attack("an image", "ec2/amiLaunchPermission", {"accountId": THEIRS}, {"accountId": OURS}),
    attack("a volume's snapshot", "ec2/snapshotCreateVolumePermission", {"accountId": THEIRS}, {"accountId": OURS}),
    attack("a database's snapshot", "rds/snapshot", {"sharedAccounts": [THEIRS]}, {"sharedAccounts": [OURS]}),
    attack("a cluster's snapshot", "rds/clusterSnapshot", {"sharedAccounts": [THEIRS]}, {"sharedAccounts": []}),
    attack("a copied snapshot", "rds/snapshotCopy", {"sharedAccounts": ["all"]}, {"sharedAccounts": []}),
    attack(
        "a document of Systems Manager",
        "ssm/document",
        {"permissions": {"type": "Share", "account_ids": THEIRS}},
        {"permissions": {"type": "Share", "account_ids": OURS}},
    ),
    attack(
        "whatever RAM shares",
        "ram/resourceShare",
        {"allowExternalPrincipals": True},
        {"allowExternalPrincipals": False},
    ),
    attack("a principal of RAM", "ram/principalAssociation", {"principal": THEIRS}, {"principal": OURS}),
    attack(
        "a lake for another account",
        "lakeformation/permissions",
        {"principal": THEIRS, "permissions": ["ALL"]},
        {"principal": f"arn:aws:iam::{OURS}:role/x", "permissions": ["SELECT"]},
    ),
    attack("a warehouse for another account", "redshift/endpointAuthorization", {"account": THEIRS}, {"account": OURS}),
    attack(
        "objects that another account owns",
        "s3/bucketAcl",
        {
            "accessControlPolicy": {
                "grants": [
                    {
                        "grantee": {"type": "AmazonCustomerByEmail", "emailAddress": "eve@evil.example"},
                        "permission": "FULL_CONTROL",
                    }
                ]
            }
        },
        {
            "accessControlPolicy": {
                "grants": [
                    {
                        "grantee": {"type": "Group", "uri": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
                        "permission": "WRITE",
                    }
                ]
            }
        },
    ),
    attack(
        "an image builder's accounts",
        "imagebuilder/distributionConfiguration",
        {
            "distributions": [
                {"region": "us-east-1", "amiDistributionConfiguration": {"launchPermission": {"userIds": [THEIRS]}}}
            ]
        },
        {
            "distributions": [
                {"region": "us-east-1", "amiDistributionConfiguration": {"launchPermission": {"userIds": [OURS]}}}
            ]
        },
    ),
)
