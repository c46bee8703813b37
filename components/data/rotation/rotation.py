"""Rotates one secret by schedule: a Lambda function of our own (`handler.py`), its role, its log group, the schedule.

The function has no way into the VPC and no environment variables; why not AWS's ready-made rotation functions: see
docs/adr/0010-secret-rotation.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import lambda_, secretsmanager

from components.base import child, named
from components.function import LONGEST_SECONDS, FunctionArgs, function, function_log, texts, writing
from components.iam import Statement, through

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.keys import KeysOutputs
    from config.data import MasterSecret
    from config.identity import Identity

SOURCE: Final = Path(__file__).with_name("handler.py")
"""Source of the function."""


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
        rotates = self._function()
        permission = self._permission(rotates)
        self._schedule(rotates, [permission, *args.after])
        self.register_outputs({})

    def _function(self) -> lambda_.Function:
        args = self._args
        log_group = function_log(self, self._name, args.keys.arn("logs"), args.log_retention_days)
        secret = secret_statements(args.secret_arn, args.keys.arn("secrets"), args.identity.region)
        made = FunctionArgs(
            description="Rotates one secret; called by Secrets Manager",
            role_description="Rotates one secret",
            handler="handler.handler",
            code=texts({SOURCE.name: SOURCE}),
            timeout_seconds=LONGEST_SECONDS,  # a cache of many nodes takes minutes to learn a token
            memory_mib=256,
            log_group=log_group,
            statements=[*secret, args.target, writing(log_group)],
        )
        return function(self, self._name, made)

    def _permission(self, rotates: lambda_.Function) -> lambda_.Permission:
        return lambda_.Permission(
            named(self._name, "permission"),
            action="lambda:InvokeFunction",
            function=rotates.name,
            principal="secretsmanager.amazonaws.com",
            source_arn=self._args.secret_arn,
            source_account=self._args.identity.account_id,
            opts=child(self),
        )

    def _schedule(self, rotates: lambda_.Function, after: Sequence[pulumi.Resource]) -> None:
        secretsmanager.SecretRotation(
            named(self._name, "schedule"),
            secret_id=self._args.secret_arn,
            rotation_lambda_arn=rotates.arn,
            # So the value in Pulumi's state is current for minutes only. RDS then forgets it; ElastiCache, which
            # keeps one previous token, at the second rotation.
            rotate_immediately=True,
            rotation_rules=secretsmanager.SecretRotationRotationRulesArgs(
                automatically_after_days=self._args.settings.rotation_days
            ),
            # Secrets Manager calls the function as soon as the schedule is made: it may, and the service is there.
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
            conditions=through("secretsmanager", region),
        ),
    )
