"""What ECS may do to start a task of a service, and what the task may do. Pure: statements only, no resource."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pulumi

from components.iam import Statement, through

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from components.containers.cluster import SessionsOutputs
    from components.data import BucketOutputs
    from components.keys import KeysOutputs
    from components.messaging import QueueOutputs
    from config.containers import Service
    from config.identity import Identity
    from config.task import BucketAccess, DatabaseLogin

_WRITES: Final = ("s3:PutObject",)
_OF_BUCKET: Final = ("s3:ListBucket",)
"""Actions whose resource is the bucket, not its objects."""


@dataclass(frozen=True, kw_only=True)
class RolesArgs:
    """What the roles are built from."""

    service: str
    """Name of the service."""
    settings: Service
    """Its section."""
    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """`secrets` opens secrets, `storage` objects."""
    cluster_name: str
    """Name of the cluster."""
    log_group_arn: pulumi.Output[str]
    """Log group of the service."""
    secret_arns: Sequence[pulumi.Input[str]]
    """Secrets that its containers start with."""
    buckets: Mapping[str, BucketOutputs] = field(default_factory=dict)
    """Buckets of the stack by short name."""
    queues: Mapping[str, QueueOutputs] = field(default_factory=dict)
    """Queues of the stack by short name."""
    database_ids: Sequence[pulumi.Input[str]] = ()
    """Ids by which IAM authentication names the instances of the database; empty where there is none."""
    sessions: SessionsOutputs | None = None
    """Where shells are recorded; None = nobody opens one."""


def execution_statements(args: RolesArgs) -> tuple[Statement, ...]:
    """Return what ECS may do to start a task."""
    return (*_pull(args), _log(args), *(_read_secrets(args) if args.secret_arns else ()))


def _pull(args: RolesArgs) -> Iterator[Statement]:
    registry, _, path = args.settings.task.image.partition("/")
    host = registry.split(".")
    if host[1:3] != ["dkr", "ecr"]:
        return  # from a public registry, where nobody is asked who he is
    account, region, repository = host[0], host[3], path.partition("@")[0].partition(":")[0]
    yield Statement(
        sid="LogInToRegistry",
        reason="ECR hands out a token for the whole registry",
        actions=["ecr:GetAuthorizationToken"],
        resources=["*"],
    )
    yield Statement(
        sid="PullImage",
        reason="the image of the service",
        actions=["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        resources=[f"arn:aws:ecr:{region}:{account}:repository/{repository}"],
    )


def _log(args: RolesArgs) -> Statement:
    return Statement(
        sid="WriteLog",
        reason="what containers print goes to the log of the service",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[pulumi.Output.concat(args.log_group_arn, ":*")],
    )


def _read_secrets(args: RolesArgs) -> Iterator[Statement]:
    yield Statement(
        sid="ReadSecrets",
        reason="secrets that the stack file names become environment variables",
        actions=["secretsmanager:GetSecretValue"],
        resources=list(args.secret_arns),
    )
    yield Statement(
        sid="OpenSecrets",
        reason="they are encrypted by the secrets key; only by way of Secrets Manager",
        actions=["kms:Decrypt"],
        resources=[args.keys.arn("secrets")],
        conditions=through("secretsmanager", args.identity.region),
    )


def task_statements(args: RolesArgs) -> Iterator[Statement]:
    """Yield what tasks may do."""
    role = args.settings.task.role
    for short, access in role.buckets.items():
        yield from _use_bucket(_camel(short), args.buckets[short], access)
    if role.buckets:
        writes = any(action in _WRITES for access in role.buckets.values() for action in access.actions)
        yield Statement(
            sid="OpenObjects",
            reason="objects are encrypted by the storage key; only by way of S3",
            actions=["kms:Decrypt", *(["kms:GenerateDataKey"] if writes else [])],
            resources=[args.keys.arn("storage")],
            conditions=through("s3", args.identity.region),
        )
    for short, of_queue in role.queues.items():
        yield Statement(
            sid=f"Queue{_camel(short)}",
            reason=of_queue.reason,
            actions=of_queue.actions,
            resources=[args.queues[short].arn],
        )
    if role.database is not None and args.database_ids:
        yield _log_in(args, role.database)
    if args.settings.task_protection:
        yield _protect(args)
    if args.settings.task.ecs_exec and args.sessions is not None:
        yield from _open_shell(args.sessions)


def _use_bucket(sid: str, bucket: BucketOutputs, access: BucketAccess) -> Iterator[Statement]:
    prefix = access.prefix or ""
    of_objects = [action for action in access.actions if action not in _OF_BUCKET]
    if len(of_objects) < len(access.actions):
        yield Statement(
            sid=f"List{sid}",
            reason=access.reason,
            actions=list(_OF_BUCKET),
            resources=[bucket.arn],
            conditions={"StringLike": {"s3:prefix": f"{prefix}*"}} if prefix else {},
        )
    if of_objects:
        yield Statement(
            sid=f"Objects{sid}",
            reason=access.reason,
            actions=of_objects,
            resources=[pulumi.Output.concat(bucket.arn, f"/{prefix}*")],
        )


def _log_in(args: RolesArgs, login: DatabaseLogin) -> Statement:
    users = f"arn:aws:rds-db:{args.identity.region}:{args.identity.account_id}:dbuser:"
    return Statement(
        sid="LogInToDatabase",
        reason=login.reason,
        actions=["rds-db:connect"],
        resources=[pulumi.Output.format("{0}{1}/{2}", users, one, login.user) for one in args.database_ids],
    )


def _protect(args: RolesArgs) -> Statement:
    identity = args.identity
    return Statement(
        sid="ProtectTask",
        reason="a task that works protects itself from scale-in, and says when it is done",
        actions=["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
        resources=[f"arn:aws:ecs:{identity.region}:{identity.account_id}:task/{args.cluster_name}/*"],
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


def _camel(short: str) -> str:
    return "".join(part.capitalize() for part in short.split("-"))
