"""What ECS may do to start a task of a service, and what the task may do. Pure: statements only, no resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi

from components.access import pull_statements, role_statements, secret_statements
from components.iam import Statement, send_traces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from components.access import Reached
    from components.containers.cluster import SessionsOutputs
    from config.containers import Service
    from config.tracing import Collector

STARTS: Final = "secrets that the stack file names become environment variables"
"""Why ECS reads secrets."""


@dataclass(frozen=True, kw_only=True)
class RolesArgs:
    """What the roles are built from."""

    service: str
    """Name of the service."""
    settings: Service
    """Its section."""
    reached: Reached
    """The things of the stack that the service may name."""
    cluster_name: str
    """Name of the cluster."""
    log_group_arn: pulumi.Output[str]
    """Log group of the service."""
    secret_arns: Sequence[pulumi.Input[str]]
    """Secrets that its containers start with."""
    sessions: SessionsOutputs | None = None
    """Where shells are recorded; None = nobody opens one."""


def execution_statements(args: RolesArgs) -> tuple[Statement, ...]:
    """Return what ECS may do to start a task."""
    return (
        *pull_statements(args.settings.images.values()),
        _log(args),
        *secret_statements(args.secret_arns, args.reached, STARTS),
    )


def _log(args: RolesArgs) -> Statement:
    return Statement(
        sid="WriteLog",
        reason="what containers print goes to the log of the service",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[pulumi.Output.concat(args.log_group_arn, ":*")],
    )


def task_statements(args: RolesArgs) -> Iterator[Statement]:
    """Yield what tasks may do."""
    yield from role_statements(args.settings.task.role, args.reached)
    if args.settings.task_protection:
        yield _protect(args)
    if args.settings.task.ecs_exec and args.sessions is not None:
        yield from _open_shell(args.sessions)
    if args.settings.tracing is not None:
        yield from _trace(args.settings.tracing)


def _protect(args: RolesArgs) -> Statement:
    identity = args.reached.identity
    return Statement(
        sid="ProtectTask",
        reason="a task that works protects itself from scale-in, and says when it is done",
        actions=["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
        resources=[f"arn:aws:ecs:{identity.region}:{identity.account_id}:task/{args.cluster_name}/*"],
    )


def _trace(collector: Collector) -> Iterator[Statement]:
    yield send_traces("the task's traces, by the collector")
    if collector.sampler == "rules":
        yield Statement(
            sid="ReadSampling",
            reason="the SDK asks by the collector which requests are traced; rules and targets are the account's",
            actions=["xray:GetSamplingRules", "xray:GetSamplingTargets"],
            resources=["*"],
        )


def _open_shell(sessions: SessionsOutputs) -> Iterator[Statement]:
    yield Statement(
        sid="OpenChannels",
        reason="the agent of ECS Exec in the container keeps the channels of a shell; they have no ARN",
        actions=[
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        ],
        resources=["*"],
    )
    yield Statement(
        sid="FindRecords",
        reason="the agent looks the log group up before it writes; the call takes no resource",
        actions=["logs:DescribeLogGroups"],
        resources=["*"],
    )
    yield Statement(
        sid="WriteRecords",
        reason="the agent records what is typed and shown",
        actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        resources=[pulumi.Output.concat(sessions.log_group_arn, ":*")],
    )
    yield Statement(
        sid="OpenSessions",
        reason="what is typed and shown is encrypted on its way, beside TLS",
        actions=["kms:Decrypt"],
        resources=[sessions.key_arn],
    )
