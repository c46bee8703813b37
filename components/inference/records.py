"""Invocation logging: who called which model, which an account has one setting of in a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import bedrockmodel, cloudwatch, iam

from components.base import child, named, singleton
from components.iam import Statement, document, source, trust_service
from components.naming import physical

if TYPE_CHECKING:
    from config.identity import Identity
    from config.inference import Inference

_STREAM = "aws/bedrock/modelinvocations"
"""The one stream that Bedrock writes to (Bedrock User Guide, "Monitor model invocation using CloudWatch Logs and Amazon
S3", 2026-11-30)."""


def build_records(
    parent: pulumi.Resource, name: str, settings: Inference, identity: Identity, key_arn: pulumi.Output[str]
) -> None:
    """Let Bedrock record calls of models in this account and region, for as long as the stack file says."""
    log = cloudwatch.LogGroup(
        named(name, "log"),
        name=physical("log-group", identity.system, identity.environment, "inference"),
        retention_in_days=settings.log_retention_days,
        kms_key_id=key_arn,
        opts=child(parent),
    )
    role, rights = _role(parent, name, identity, log)
    bedrockmodel.InvocationLoggingConfiguration(
        named(name, "logging"),
        logging_config={
            "cloudwatch_config": {"log_group_name": log.name, "role_arn": role.arn},
            "text_data_delivery_enabled": settings.logs_text,
            "image_data_delivery_enabled": False,
            "video_data_delivery_enabled": False,
            "embedding_data_delivery_enabled": False,
        },
        # Bedrock tries the role when it gets its ARN
        opts=singleton(child(parent, depends_on=[rights])),
    )


def _role(
    parent: pulumi.Resource, name: str, identity: Identity, log: cloudwatch.LogGroup
) -> tuple[iam.Role, iam.RolePolicy]:
    role = iam.Role(
        named(name, "recorder"),
        description="Bedrock records calls of models in this region",
        assume_role_policy=trust_service(
            "bedrock.amazonaws.com",
            reason="Bedrock records calls of this account in this region",
            conditions=source(identity.account_id, f"arn:aws:bedrock:{identity.region}:{identity.account_id}:*"),
        ),
        opts=child(parent),
    )
    write = Statement(
        sid="WriteRecords",
        reason="records of calls go to the log, by the one stream that Bedrock writes to",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[pulumi.Output.concat(log.arn, f":log-stream:{_STREAM}")],
    )
    rights = iam.RolePolicy(named(name, "recorder-rights"), role=role.name, policy=document(write), opts=child(parent))
    return role, rights
