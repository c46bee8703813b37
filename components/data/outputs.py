"""What later areas may know of the data services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi


@dataclass(frozen=True, kw_only=True)
class PostgresOutputs:
    """The database as other areas see it."""

    identifier: str
    """Identifier of the primary of the current generation."""
    arn: pulumi.Output[str]
    """ARN of the primary."""
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
class DataOutputs:
    """The data services as other areas see them."""

    postgres: PostgresOutputs
    """PostgreSQL."""
    redis: RedisOutputs
    """Redis."""
    buckets: Mapping[str, BucketOutputs]
    """Buckets by their short name in the stack file."""
    access_logs: BucketOutputs
    """Bucket that S3 and load balancers deliver access logs to."""
