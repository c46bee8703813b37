"""A Lambda function with its role and its log group: those of the program itself, and those of the stack file.

No path of a machine enters the state. Not here: who calls it, and what its archive holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import pulumi
from pulumi_aws import cloudwatch, iam, lambda_

from components.base import child, named
from components.iam import Statement, document, through, trust_service

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
    code: pulumi.Archive
    """Its archive, such as `texts` makes."""
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
    runtime: str = RUNTIME
    """Lambda runtime."""
    architecture: Literal["arm64", "x86_64"] = "arm64"
    """What it runs on."""
    more: FunctionMore | None = None
    """What functions of the stack file have beside."""


@dataclass(frozen=True, kw_only=True)
class FunctionMore:
    """What a function may have beside; None = AWS's default."""

    environment_key_arn: pulumi.Input[str]
    """Key that encrypts the variables; whoever reads the function's configuration needs it, too."""
    traced: bool
    """Whether X-Ray traces it; then its statements have `tracing`."""
    storage_mib: int
    """Size of `/tmp`."""
    reserved: int | None
    """Share of the account's concurrency that it has, and never more."""
    signing_arn: str | None
    """Code signing configuration."""
    subnet_ids: Sequence[pulumi.Input[str]] = ()
    """Where it reaches into the VPC; empty = nowhere."""
    security_group_ids: Sequence[pulumi.Input[str]] = ()
    """Its groups there."""
    tags: Mapping[str, str] | None = None
    """Tags of the function."""


def texts(source: Mapping[str, Path]) -> pulumi.Archive:
    """Return an archive of text files, which the state holds as texts.

    Args:
        source: Name in the archive -> file.
    """
    return pulumi.AssetArchive(
        {name: pulumi.StringAsset(file.read_text(encoding="utf-8")) for name, file in source.items()}
    )


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


def opening(key_arn: pulumi.Input[str], region: str) -> Statement:
    """Return what lets a function start whose variables a key of ours encrypts."""
    return Statement(
        sid="OpenVariables",
        reason="Lambda opens the function's variables by its role; only by way of Lambda",
        actions=["kms:Decrypt"],
        resources=[key_arn],
        conditions=through("lambda", region),
    )


def reaching() -> Statement:
    """Return what lets Lambda connect a function to a VPC."""
    return Statement(
        sid="ReachVpc",
        reason="Lambda makes and removes interfaces of the function by its role; they have no name before",
        actions=[
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses",
        ],
        resources=["*"],
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
    more = args.more
    return lambda_.Function(
        named(component, "function"),
        description=args.description,
        role=role.arn,
        runtime=args.runtime,
        architectures=[args.architecture],
        handler=args.handler,
        code=args.code,
        timeout=args.timeout_seconds,
        memory_size=args.memory_mib,
        environment=lambda_.FunctionEnvironmentArgs(variables=args.environment) if args.environment else None,
        logging_config=lambda_.FunctionLoggingConfigArgs(log_format="JSON", log_group=args.log_group.name),
        **(_more(more) if more else {}),
        # No reference says so, but its first run needs the rights.
        opts=child(parent, depends_on=[policy]),
    )


def _more(more: FunctionMore) -> dict[str, Any]:
    """Return what a function has beside, as the provider takes it; each change makes a version of the function."""
    return {
        "publish": True,
        "kms_key_arn": more.environment_key_arn,
        "tracing_config": {"mode": "Active" if more.traced else "PassThrough"},
        "ephemeral_storage": {"size": more.storage_mib},
        "reserved_concurrent_executions": more.reserved,
        "code_signing_config_arn": more.signing_arn,
        "vpc_config": {"subnet_ids": list(more.subnet_ids), "security_group_ids": list(more.security_group_ids)}
        if more.subnet_ids
        else None,
        "tags": more.tags,
    }
