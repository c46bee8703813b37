"""The primary's secrets in the standby's region, under the standby's key: what the controller is given and allowed.

The copies keep name and suffix of their originals, so their ARNs are known without asking. Nothing in the other region
is read at a failover. What the controller does with them: components/recovery/promotion/function/secrets.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.data.plan import regional_copy
from components.iam import Statement, through
from components.recovery.promotion import Task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class SecretReplicationArgs:
    """Which secrets are copied, from where to where."""

    identity: Identity
    """The stack file's `identity`."""
    key_arn: pulumi.Output[str]
    """The standby's key of the domain `secrets`."""
    primary_region: pulumi.Output[str]
    """Region of the primary."""
    primary_key_arn: pulumi.Output[str]
    """The primary's key of the domain `secrets`."""
    secret_arns: Mapping[str, pulumi.Output[str]]
    """Service, such as `postgres` -> ARN of the primary's secret."""


def secrets_task(args: SecretReplicationArgs) -> Task:
    """Return the task of the controller that keeps the copies."""
    region = args.identity.region
    copies = {name: arn.apply(lambda arn: regional_copy(arn, region)) for name, arn in args.secret_arns.items()}
    return Task(
        name="secrets",
        content={
            "region": region,
            "primary_region": args.primary_region,
            "key": args.key_arn,
            "secrets": {name: {"primary": arn, "copy": copies[name]} for name, arn in args.secret_arns.items()},
        },
        statements=_statements(args, list(args.secret_arns.values()), list(copies.values())),
    )


def _statements(
    args: SecretReplicationArgs, originals: Sequence[pulumi.Output[str]], copies: Sequence[pulumi.Output[str]]
) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="ReplicateSecrets",
            reason="makes the copies while the standby follows, and takes them away with it",
            actions=[
                "secretsmanager:DescribeSecret",
                "secretsmanager:RemoveRegionsFromReplication",
                "secretsmanager:ReplicateSecretToRegions",
            ],
            resources=originals,
        ),
        Statement(
            sid="CutSecretsLoose",
            reason="a copy stands alone once the standby serves",
            actions=["secretsmanager:DescribeSecret", "secretsmanager:StopReplicationToReplica"],
            resources=copies,
        ),
        Statement(
            sid="OpenSecrets",
            reason="Secrets Manager reads the original in the caller's name to copy it",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[args.primary_key_arn],
            conditions=through("secretsmanager", args.primary_region),
        ),
        Statement(
            sid="SealSecrets",
            reason="and encrypts the copy in the caller's name",
            actions=["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
            resources=[args.key_arn],
            conditions=through("secretsmanager", args.identity.region),
        ),
    )
