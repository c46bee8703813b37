"""Rotates one secret by schedule: a Lambda function of our own (`handler.py`), its role, its log group, the schedule.

The function has no way into the VPC and no environment variables; why not AWS's ready-made rotation functions: see
docs/adr/0010-secret-rotation.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import cloudwatch, iam, lambda_, secretsmanager

from components.base import child, named
from components.iam import Statement, document, trust_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.keys import KeysOutputs
    from config.data import MasterSecret
    from config.identity import Identity

SOURCE: Final = Path(__file__).with_name("handler.py")
"""Source of the function; shipped as text, so that no path of a machine enters the state."""
RUNTIME: Final = "python3.13"
"""Lambda runtime (end of support 2029-06-30; Lambda developer guide, 2026-11)."""
TIMEOUT_SECONDS: Final = 900
"""Lambda's longest; a cache of many nodes takes minutes to learn a token."""


@dataclass(frozen=True, kw_only=True)
class RotationArgs:
    """What a rotation is built from."""

    settings: MasterSecret
    """The stack file's `secret` of the service."""
    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """`secrets` opens the secret, `logs` encrypts the function's log."""
    log_retention_days: int
    """Days that the function's log is kept."""
    secret_arn: pulumi.Output[str]
    """Secret to rotate."""
    target: Statement
    """What the function may do to the service; both looking and changing."""
    after: Sequence[pulumi.Resource]
    """The service: rotation begins at once, and finds it there."""


class Rotation(pulumi.ComponentResource):
    """Function and schedule that rotate a secret."""

    def __init__(self, name: str, args: RotationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Rotation", name, None, opts)
        self._name = name
        self._args = args
        log_group = self._log_group()
        role = self._role()
        policy = self._policy(role, log_group)
        function = self._function(role, log_group)
        permission = self._permission(function)
        self._schedule(function, [policy, permission, *args.after])
        self.register_outputs({})

    def _log_group(self) -> cloudwatch.LogGroup:
        return cloudwatch.LogGroup(
            named(self._name, "logs"),
            retention_in_days=self._args.log_retention_days,
            kms_key_id=self._args.keys.arn("logs"),
            opts=child(self),
        )

    def _role(self) -> iam.Role:
        return iam.Role(
            named(self._name, "role"),
            description="Rotates one secret",
            assume_role_policy=trust_service("lambda.amazonaws.com", reason="Lambda runs the rotation function"),
            opts=child(self),
        )

    def _policy(self, role: iam.Role, log_group: cloudwatch.LogGroup) -> iam.RolePolicy:
        statements = (
            *secret_statements(self._args.secret_arn, self._args.keys.arn("secrets"), self._args.identity.region),
            self._args.target,
            Statement(
                sid="WriteLog",
                reason="the function's own log",
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[pulumi.Output.concat(log_group.arn, ":*")],
            ),
        )
        return iam.RolePolicy(
            named(self._name, "policy"), role=role.name, policy=document(*statements), opts=child(self)
        )

    def _function(self, role: iam.Role, log_group: cloudwatch.LogGroup) -> lambda_.Function:
        return lambda_.Function(
            named(self._name, "function"),
            description="Rotates one secret; called by Secrets Manager",
            role=role.arn,
            runtime=RUNTIME,
            architectures=["arm64"],
            handler="handler.handler",
            code=pulumi.AssetArchive({"handler.py": pulumi.StringAsset(SOURCE.read_text(encoding="utf-8"))}),
            timeout=TIMEOUT_SECONDS,
            memory_size=256,
            logging_config=lambda_.FunctionLoggingConfigArgs(log_format="JSON", log_group=log_group.name),
            opts=child(self),
        )

    def _permission(self, function: lambda_.Function) -> lambda_.Permission:
        return lambda_.Permission(
            named(self._name, "permission"),
            action="lambda:InvokeFunction",
            function=function.name,
            principal="secretsmanager.amazonaws.com",
            source_arn=self._args.secret_arn,
            source_account=self._args.identity.account_id,
            opts=child(self),
        )

    def _schedule(self, function: lambda_.Function, after: Sequence[pulumi.Resource]) -> None:
        secretsmanager.SecretRotation(
            named(self._name, "schedule"),
            secret_id=self._args.secret_arn,
            rotation_lambda_arn=function.arn,
            # So the value in Pulumi's state is current for minutes only. RDS then forgets it; ElastiCache, which
            # keeps one previous token, at the second rotation.
            rotate_immediately=True,
            rotation_rules=secretsmanager.SecretRotationRotationRulesArgs(
                automatically_after_days=self._args.settings.rotation_days
            ),
            # Secrets Manager calls the function as soon as the schedule is made: its rights and the service come first.
            opts=child(self, depends_on=after),
        )


def secret_statements(
    secret_arn: pulumi.Output[str], key_arn: pulumi.Output[str], region: str
) -> tuple[Statement, ...]:
    """Return what a rotation may do with its secret and the secret's key."""
    return (
        Statement(
            sid="RotateSecret",
            reason="reads the current value, stores the next one, moves the stage labels",
            actions=[
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            resources=[secret_arn],
        ),
        Statement(
            sid="DrawPassword",
            reason="Secrets Manager draws the new value",
            actions=["secretsmanager:GetRandomPassword"],
            resources=["*"],  # the action knows no resource
        ),
        Statement(
            sid="OpenSecret",
            reason="the secret is encrypted by the secrets key; only by way of Secrets Manager",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[key_arn],
            conditions={"StringEquals": {"kms:ViaService": f"secretsmanager.{region}.amazonaws.com"}},
        ),
    )
