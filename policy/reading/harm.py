"""Actions that do harm where they are allowed on everything: those that read data, and those that open it to others.

Chosen from AWS's service authorization reference (November 2026): actions on contents, not on their description. Not
among them are those that take no resource, such as listing, and those that services need on all, such as publishing to
a telephone.
"""

from __future__ import annotations

from typing import Final

from policy.reading.permissions import Step


def _steps(what: str, service: str, kind: str, *actions: str, of: str = "") -> tuple[Step, ...]:
    return tuple(Step(f"{service}:{action}", kind, what, of) for action in actions)


CALLS: Final = (
    *_steps("call any model", "bedrock", "foundation-model/", "InvokeModel", "InvokeModelWithResponseStream",
            "CreateModelInvocationJob"),
    *_steps("call any model by its profile", "bedrock", "inference-profile/", "InvokeModel",
            "InvokeModelWithResponseStream"),
    *_steps("call any model", "bedrock-mantle", "project/", "CreateInference"),
)  # fmt: skip
"""Calls of models: prompts leave by them, and each costs. Converse asks for the same as InvokeModel does."""

DATA: Final = (
    *_steps("read any secret", "secretsmanager", "secret:", "GetSecretValue"),
    *_steps("read any parameter", "ssm", "parameter/", "GetParameter", "GetParameters", "GetParametersByPath",
            "GetParameterHistory"),
    *_steps("decrypt by any key", "kms", "key/", "Decrypt", "ReEncryptFrom"),
    *_steps("read any object", "s3", "", "GetObject", "GetObjectVersion"),
    *_steps("overwrite or delete any object", "s3", "", "PutObject", "DeleteObject", "DeleteObjectVersion",
            "RestoreObject"),
    *_steps("read any table", "dynamodb", "table/", "GetItem", "BatchGetItem", "Query", "Scan", "PartiQLSelect",
            "ExportTableToPointInTime"),
    *_steps("change any table", "dynamodb", "table/", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem",
            "PartiQLUpdate", "PartiQLDelete", "DeleteTable"),
    *_steps("take messages of any queue", "sqs", "", "ReceiveMessage", "PurgeQueue"),
    *_steps("read any stream", "kinesis", "stream/", "GetRecords"),
    *_steps("read any stream", "dynamodb", "table/", "GetRecords"),
    *_steps("query any database", "rds-data", "cluster:", "ExecuteStatement", "BatchExecuteStatement", of="rds"),
    *_steps("log in to any database", "rds-db", "dbuser:", "connect"),
    *_steps("log in to any warehouse", "redshift", "dbuser:", "GetClusterCredentials", "GetClusterCredentialsWithIAM"),
    *_steps("query any warehouse", "redshift-data", "cluster:", "ExecuteStatement", of="redshift"),
    *_steps("read any snapshot", "ebs", "snapshot/", "GetSnapshotBlock", of="ec2"),
    *_steps("read any index", "es", "domain/", "ESHttpGet", "ESHttpPost"),
    *_steps("read any file system as root", "elasticfilesystem", "file-system/", "ClientRootAccess"),
    *_steps("read the code and the environment of any function", "lambda", "function:", "GetFunction"),
    *_steps("call any function", "lambda", "function:", "InvokeFunction"),
    *CALLS,
    *_steps("call any agent", "bedrock", "agent-alias/", "InvokeAgent"),
    *_steps("call any agent", "bedrock-agentcore", "runtime/", "InvokeAgentRuntime"),
    *_steps("run any flow", "bedrock", "flow/", "InvokeFlow"),
    *_steps("read any knowledge base", "bedrock", "knowledge-base/", "Retrieve"),
)  # fmt: skip

OPENING: Final = (
    *_steps("open any bucket", "s3", "", "PutBucketPolicy", "DeleteBucketPolicy", "PutBucketAcl", "PutObjectAcl",
            "PutBucketPublicAccessBlock", "PutAccessPointPolicy"),
    *_steps("open any key", "kms", "key/", "PutKeyPolicy", "CreateGrant"),
    *_steps("open any secret", "secretsmanager", "secret:", "PutResourcePolicy"),
    *_steps("open any function", "lambda", "function:", "AddPermission", "CreateFunctionUrlConfig"),
    *_steps("open any queue", "sqs", "", "AddPermission", "SetQueueAttributes"),
    *_steps("open any topic", "sns", "", "AddPermission", "SetTopicAttributes"),
    *_steps("open any repository of images", "ecr", "repository/", "SetRepositoryPolicy"),
    *_steps("open any vault", "backup", "backup-vault:", "PutBackupVaultAccessPolicy"),
    *_steps("open any file system", "elasticfilesystem", "file-system/", "PutFileSystemPolicy"),
    *_steps("open any table", "dynamodb", "table/", "PutResourcePolicy"),
    *_steps("share any snapshot", "ec2", "snapshot/", "ModifySnapshotAttribute"),
    *_steps("share any image", "ec2", "image/", "ModifyImageAttribute"),
    *_steps("share any snapshot", "rds", "snapshot:", "ModifyDBSnapshotAttribute"),
    *_steps("share any snapshot", "rds", "cluster-snapshot:", "ModifyDBClusterSnapshotAttribute"),
    *_steps("stop any trail", "cloudtrail", "trail/", "StopLogging", "DeleteTrail", "PutEventSelectors"),
    *_steps("switch detectors off", "guardduty", "detector/", "DeleteDetector", "UpdateDetector"),
    *_steps("delete any copy of a backup", "backup", "", "DeleteRecoveryPoint"),
    *_steps("weaken any guardrail", "bedrock", "guardrail/", "UpdateGuardrail", "DeleteGuardrail"),
    *_steps("open any guardrail", "bedrock", "guardrail/", "PutResourcePolicy"),
    *_steps("delete any key", "kms", "key/", "ScheduleKeyDeletion", "DisableKey"),
)  # fmt: skip
