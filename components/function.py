"""A Lambda function of our own, with its role and its log group.

It has no way into the VPC. Its source is shipped as text, so that no path of a machine enters the state. Not here: who
calls it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import cloudwatch, iam, lambda_

from components.base import child, named
from components.iam import Statement, document, trust_service

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

RUNTIME: Final = "python3.13"
"""Lambda runtime (end of support 2029-06-30; Lambda developer guide, 2026-11)."""
LONGEST_SECONDS: Final = 900
"""Lambda's longest time-out."""


@dataclass(frozen=True, kw_only=True)
class FunctionArgs:
    """What a function is built from."""

    description: str
    """What it does, and who calls it."""
    role_description: str
    """What its role is for."""
    handler: str
    """Python path of what Lambda calls, such as `handler.handler`."""
    source: Mapping[str, Path]
    """Name in the archive -> file."""
    timeout_seconds: int
    """Time after which Lambda ends a run."""
    memory_mib: int
    """Memory, which processor time goes by."""
    log_group: cloudwatch.LogGroup
    """Where it writes: `function_log`."""
    statements: Sequence[Statement]
    """What it may do; `writing` its log among it."""
    environment: Mapping[str, pulumi.Input[str]] | None = None
    """Variables, no place for secrets."""


def function_log(
    parent: pulumi.Resource, component: str, key_arn: pulumi.Input[str], retention_days: int
) -> cloudwatch.LogGroup:
    """Make the log group of a function, so that Lambda makes none without key and end.

    Args:
        parent: The component that owns the function.
        component: Its logical name.
        key_arn: Key of the domain `logs`.
        retention_days: Days that the log is kept.
    """
    return cloudwatch.LogGroup(
        named(component, "logs"), retention_in_days=retention_days, kms_key_id=key_arn, opts=child(parent)
    )


def writing(log_group: cloudwatch.LogGroup) -> Statement:
    """Return what lets a function write its log."""
    return Statement(
        sid="WriteLog",
        reason="the function's own log",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[pulumi.Output.concat(log_group.arn, ":*")],
    )


def function(parent: pulumi.Resource, component: str, args: FunctionArgs) -> lambda_.Function:
    """Make a function and its role; who calls the function finds it with its rights.

    Args:
        parent: The component that owns both.
        component: Its logical name.
        args: What they are built from.
    """
    role = iam.Role(
        named(component, "role"),
        description=args.role_description,
        assume_role_policy=trust_service("lambda.amazonaws.com", reason="Lambda runs the function"),
        opts=child(parent),
    )
    policy = iam.RolePolicy(
        named(component, "policy"), role=role.name, policy=document(*args.statements), opts=child(parent)
    )
    return lambda_.Function(
        named(component, "function"),
        description=args.description,
        role=role.arn,
        runtime=RUNTIME,
        architectures=["arm64"],
        handler=args.handler,
        code=pulumi.AssetArchive(
            {name: pulumi.StringAsset(file.read_text(encoding="utf-8")) for name, file in args.source.items()}
        ),
        timeout=args.timeout_seconds,
        memory_size=args.memory_mib,
        environment=lambda_.FunctionEnvironmentArgs(variables=args.environment) if args.environment else None,
        logging_config=lambda_.FunctionLoggingConfigArgs(log_format="JSON", log_group=args.log_group.name),
        # No reference says so, but its first run needs the rights.
        opts=child(parent, depends_on=[policy]),
    )
