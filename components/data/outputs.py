"""What later areas may know of the data services."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from components.outputs import Outputs, gathered, needed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pulumi

    from config.cluster import PodIdentity


@dataclass(frozen=True, kw_only=True)
class PostgresOutputs:
    """The database as other areas see it."""

    identifier: str
    """Identifier of the primary of the current generation."""
    arn: pulumi.Output[str]
    """ARN of the primary."""
    previous_arns: Sequence[pulumi.Output[str]]
    """ARN of the primary of each previous generation that is kept."""
    address: pulumi.Output[str]
    """Host name of the primary; stays the same when Multi-AZ fails over."""
    secret_arn: pulumi.Output[str]
    """Secret of the master user."""
    replica_addresses: Mapping[str, pulumi.Output[str]]
    """Replica -> host name."""
    resource_ids: Mapping[str, pulumi.Output[str]]
    """Instance (`primary`, replica or `proxy`) -> id that IAM database authentication names."""
    proxy_endpoint: pulumi.Output[str] | None = None
    """Host name of the connection pool, where the stack file asks for one."""


@dataclass(frozen=True, kw_only=True)
class RedisOutputs:
    """The cache as other areas see it."""

    group: pulumi.Resource
    """The replication group, for what works on it by its id."""
    group_id: str
    """Its id."""
    arn: pulumi.Output[str]
    """ARN of the replication group."""
    endpoint: pulumi.Output[str]
    """Configuration endpoint, from which cluster clients learn the shards."""
    secret_arn: pulumi.Output[str]
    """Secret with the authentication token."""


@dataclass(frozen=True, kw_only=True)
class BucketOutputs:
    """A bucket as other areas see it."""

    name: pulumi.Output[str]
    """Physical name."""
    arn: pulumi.Output[str]
    """ARN."""


@dataclass(frozen=True, kw_only=True)
class TableOutputs:
    """A table of DynamoDB as other areas see it."""

    name: pulumi.Output[str]
    """Its name, in every region that has a copy."""
    arn: pulumi.Output[str]
    """Its ARN in the stack's region; its indexes are `<arn>/index/*`."""
    stream_arn: pulumi.Output[str] | None
    """ARN of its stream of changes; None where the stack file asks for none, and in a standby, whose region's copy is
    made by the primary."""


@dataclass(frozen=True, kw_only=True)
class DataOutputs(Outputs):
    """The data services as other areas see them."""

    postgres: PostgresOutputs | None
    """PostgreSQL; None where the stack file has none."""
    redis: RedisOutputs | None
    """Redis; None where the stack file has none."""
    buckets: Mapping[str, BucketOutputs]
    """Buckets by their short name in the stack file."""
    access_logs: BucketOutputs | None
    """Bucket that S3, load balancers and CloudFront deliver access logs to; None where nobody delivers any."""
    tables: Mapping[str, TableOutputs] = field(default_factory=dict)
    """Tables by their short name in the stack file."""
    replicas: Mapping[str, Mapping[str, BucketOutputs]] = field(default_factory=dict)
    """Region -> replicas there by the short names of their buckets."""
    pod_roles: Mapping[PodIdentity, pulumi.Output[str]] = field(default_factory=dict)
    """Service account -> name of the role that its pods have by `cluster.identities.application`."""

    @property
    def logs(self) -> BucketOutputs:
        """The bucket of access logs, for who delivers there.

        Raises:
            LookupError: There is none (`components.outputs.needed`): `components.data.area` does not know of who asks.
        """
        return needed(self.access_logs, "bucket of access logs")

    def endpoints(self) -> dict[str, pulumi.Output[str]]:
        """Return where each service is written to: `postgres`, `redis`, `bucket-<name>`, `table-<name>`."""
        found = {f"bucket-{short}": bucket.name for short, bucket in self.buckets.items()}
        found |= {f"table-{short}": table.name for short, table in self.tables.items()}
        if self.redis is not None:
            found = {"redis": self.redis.endpoint, **found}
        if self.postgres is not None:
            found = {"postgres": self.postgres.proxy_endpoint or self.postgres.address, **found}
        return found

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """Return what each service is known by, and where it is written to; never the value of a secret."""
        found: dict[str, pulumi.Input[Any]] = {}
        if self.postgres is not None:
            found["postgres_arn"] = self.postgres.arn  # a replica in another region names its source by it
            found["postgres_address"] = self.postgres.address
            found["postgres_secret_arn"] = self.postgres.secret_arn
        if self.redis is not None:
            found["redis_group_id"] = self.redis.group_id  # a global datastore is made from it
            found["redis_endpoint"] = self.redis.endpoint
            found["redis_secret_arn"] = self.redis.secret_arn
        if self.buckets:
            found["bucket_names"] = gathered({short: bucket.name for short, bucket in self.buckets.items()})
        if self.tables:
            found["table_names"] = gathered({short: table.name for short, table in self.tables.items()})
        if self.replicas:
            named = {short: bucket.name for there in self.replicas.values() for short, bucket in there.items()}
            found["replica_bucket_names"] = gathered(named)
        if endpoints := self.endpoints():
            found["writers"] = gathered(endpoints)
        return found


@dataclass(frozen=True, kw_only=True)
class AwaitedReader(Outputs):
    """What the policies of buckets with signers wait for: the one distribution that may read them."""

    buckets: Sequence[str]
    """Short names of the buckets."""
    arn: pulumi.Output[str]
    """ARN of the distribution, known once it stands."""
    known: Callable[[pulumi.Output[str]], None]
    """Takes the ARN of the distribution, once."""
