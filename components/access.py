"""What a role of the stack file may do with the things of the stack: of services on ECS, functions and instances.

Not here: what starts a task, a function or an instance, which stands with each. Pure: statements only, no resource.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pulumi

from components.data import open_tables, use_table
from components.iam import Statement, through

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from components.data import BucketOutputs, DataOutputs
    from components.inference import InferenceOutputs
    from components.keys import KeysOutputs
    from components.messaging import QueueOutputs
    from components.sockets import SocketsOutputs
    from components.streaming import StreamingOutputs
    from config.identity import Identity
    from config.task import BucketAccess, DatabaseLogin, Provider, SecretOf, TaskRole

_WRITES: Final = ("s3:PutObject",)
_OF_BUCKET: Final = ("s3:ListBucket",)
"""Actions whose resource is the bucket, not its objects."""


@dataclass(frozen=True, kw_only=True)
class Reached:
    """The things of a stack that a section may name."""

    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """`secrets` opens secrets, `storage` objects, `data` tables."""
    data: DataOutputs | None
    """Secrets, buckets, tables and databases; None where the stack keeps no data."""
    queues: Mapping[str, QueueOutputs]
    """Queues by short name."""
    sockets: SocketsOutputs | None = None
    """The WebSocket API; None = the stack has none."""
    inference: InferenceOutputs | None = None
    """Models and their guardrail; None = the stack has none."""
    streaming: StreamingOutputs | None = None
    """Kafka; None = the stack has no topics."""
    provider_keys: Mapping[Provider, str] = field(default_factory=dict)
    """Secrets with keys of other providers of models, by their ARN."""

    @property
    def database_ids(self) -> list[pulumi.Input[str]]:
        """Ids by which IAM authentication names the instances of the database; empty where there is none."""
        return list(self.data.postgres.resource_ids.values()) if self.data and self.data.postgres else []

    def places(self, wanted: Mapping[str, str]) -> dict[str, pulumi.Input[str]]:
        """Return environment variable -> where the thing is that it stands for.

        Args:
            wanted: Environment variable -> thing, as `config.task.places` names it.
        """
        there = self.data.endpoints() if self.data else {}
        queues = {f"queue-{short}": queue.url for short, queue in self.queues.items()}
        sockets = {"sockets": self.sockets.endpoint} if self.sockets is not None else {}
        models = self.inference.places() if self.inference is not None else {}
        brokers = self.streaming.endpoints() if self.streaming is not None else {}
        found: dict[str, pulumi.Input[str]] = {**there, **queues, **sockets, **models, **brokers}
        return {variable: found[thing] for variable, thing in wanted.items()}

    def secret(self, reference: SecretOf) -> pulumi.Input[str]:
        """Return the ARN of a secret of the stack, or of another one."""
        stored = {"postgres": self.data.postgres, "redis": self.data.redis} if self.data else {}
        own = stored.get(reference.of or "")
        if own is not None:
            return own.secret_arn
        return next((arn for name, arn in self.provider_keys.items() if name == reference.of), reference.arn or "")


def role_statements(role: TaskRole, reached: Reached) -> Iterator[Statement]:
    """Yield what a role of the stack file says."""
    buckets = reached.data.buckets if reached.data else {}
    for short, access in role.buckets.items():
        yield from _use_bucket(_camel(short), buckets[short], access)
    if role.buckets:
        writes = any(action in _WRITES for access in role.buckets.values() for action in access.actions)
        yield Statement(
            sid="OpenObjects",
            reason="objects are encrypted by the storage key; only by way of S3",
            actions=["kms:Decrypt", *(["kms:GenerateDataKey"] if writes else [])],
            resources=[reached.keys.arn("storage")],
            conditions=through("s3", reached.identity.region),
        )
    for short, of_queue in role.queues.items():
        yield Statement(
            sid=f"Queue{_camel(short)}",
            reason=of_queue.reason,
            actions=of_queue.actions,
            resources=[reached.queues[short].arn],
        )
    tables = reached.data.tables if reached.data else {}
    for short, of_table in role.tables.items():
        yield use_table(f"Table{_camel(short)}", of_table.reason, of_table.actions, [tables[short].arn])
    if role.tables:
        yield open_tables(reached.keys, reached.identity)
    if role.database is not None and reached.database_ids:
        yield _log_in(reached, role.database)
    if role.sockets is not None and reached.sockets is not None:
        yield reached.sockets.use(role.sockets)
    if role.inference is not None and reached.inference is not None:
        yield from reached.inference.use(role.inference)
    if role.streaming is not None and reached.streaming is not None:
        yield from reached.streaming.use(role.streaming)


def secret_statements(arns: Sequence[pulumi.Input[str]], reached: Reached, reason: str) -> Iterator[Statement]:
    """Yield what opens secrets; without a secret nothing.

    Args:
        arns: The secrets.
        reached: The things of the stack.
        reason: Why they are read.
    """
    if not arns:
        return
    yield Statement(sid="ReadSecrets", reason=reason, actions=["secretsmanager:GetSecretValue"], resources=list(arns))
    yield Statement(
        sid="OpenSecrets",
        reason="they are encrypted by the secrets key; only by way of Secrets Manager",
        actions=["kms:Decrypt"],
        resources=[reached.keys.arn("secrets")],
        conditions=through("secretsmanager", reached.identity.region),
    )


def pull_statements(images: Iterable[str]) -> Iterator[Statement]:
    """Yield what pulls container images; of public registries, where nobody is asked who he is, nothing.

    Args:
        images: References of the images.
    """
    found = [arn for arn in map(_repository, images) if arn]
    if not found:
        return
    yield Statement(
        sid="LogInToRegistry",
        reason="ECR hands out a token for the whole registry",
        actions=["ecr:GetAuthorizationToken"],
        resources=["*"],
    )
    yield Statement(
        sid="PullImage",
        reason="the images of the service",
        actions=["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        resources=list(dict.fromkeys(found)),
    )


def _repository(image: str) -> str | None:
    """Return the ARN of the repository of an image; None = it is not one of ECR's private registries."""
    registry, _, path = image.partition("/")
    host = registry.split(".")
    if host[1:3] != ["dkr", "ecr"]:
        return None
    account, region, repository = host[0], host[3], path.partition("@")[0].partition(":")[0]
    return f"arn:aws:ecr:{region}:{account}:repository/{repository}"


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


def _log_in(reached: Reached, login: DatabaseLogin) -> Statement:
    users = f"arn:aws:rds-db:{reached.identity.region}:{reached.identity.account_id}:dbuser:"
    return Statement(
        sid="LogInToDatabase",
        reason=login.reason,
        actions=["rds-db:connect"],
        resources=[pulumi.Output.format("{0}{1}/{2}", users, one, login.user) for one in reached.database_ids],
    )


def _camel(short: str) -> str:
    return "".join(part.capitalize() for part in short.split("-"))
