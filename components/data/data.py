"""The data services of a stack: PostgreSQL, Redis, buckets, tables, and the role by which the application uses them.

A standby has the same, following its primary (`PrimaryData`).

Not here: backups beyond each service's own, and what ties the two regions together (recovery).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pulumi

from components.base import child, named
from components.data.access_logs import AccessLogs, AccessLogsArgs
from components.data.application import Application, ApplicationArgs
from components.data.bucket import Bucket, BucketArgs
from components.data.outputs import DataOutputs
from components.data.plan import access_log_bucket_name, bucket_name, regional_copy
from components.data.postgres import Postgres, PostgresArgs
from components.data.redis import Redis, RedisArgs
from components.data.table import Table, TableArgs, copy_in_region
from components.outputs import needed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.cluster.outputs import ClusterOutputs
    from components.data.outputs import BucketOutputs, PostgresOutputs, RedisOutputs, TableOutputs
    from components.data.primary import PrimaryData
    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.cluster import PodIdentity
    from config.data import Data as DataSettings
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class DataArgs:
    """What the data services are built from."""

    settings: DataSettings
    """The stack file's `data`."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs | None
    """Database tier, security groups; none = no database and no cache."""
    keys: KeysOutputs
    """`data`, `storage`, `secrets` and `logs`."""
    cluster: ClusterOutputs | None
    """Cluster that the application runs on; none = no application role."""
    application: PodIdentity | None
    """The stack file's `cluster.identities.application`; none = no application role."""
    primary: PrimaryData | None = None
    """In a standby, the data services that it follows."""
    logged_beside: Sequence[str] = ()
    """Physical names of other areas' buckets whose access logs are delivered here, too."""
    delivered: bool = False
    """Whether others than buckets deliver access logs: load balancers, CloudFront."""
    accelerator: bool = False
    """Whether Global Accelerator delivers flow logs."""
    readers: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)
    """Bucket -> the one distribution that may read it, of those whose objects need a signature."""
    replica_keys: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)
    """Region -> key there that encrypts copies of tables."""


class Data(pulumi.ComponentResource):
    """Data services and the application's role."""

    outputs: DataOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: DataArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Data", name, None, opts)
        self._name = name
        self._args = args
        access_logs = self._access_logs()
        self.outputs = DataOutputs(
            postgres=self._postgres(),
            redis=self._redis(),
            buckets=self._buckets(access_logs) if access_logs else {},
            access_logs=access_logs,
            tables=self._tables(),
        )
        self.outputs = replace(self.outputs, pod_roles=self._application())
        self.register_outputs({"buckets": {short: bucket.name for short, bucket in self.outputs.buckets.items()}})

    def _postgres(self) -> PostgresOutputs | None:
        settings, primary = self._args.settings.postgres, self._args.primary
        if settings is None:
            return None
        source: pulumi.Input[str] | None = settings.source_arn
        if primary is not None:
            source = primary.postgres_arn if primary.follow else None
        args = PostgresArgs(
            settings=settings,
            identity=self._args.identity,
            network=needed(self._args.network, "network"),
            keys=self._args.keys,
            log_retention_days=needed(self._args.settings.log_retention_days, "data.log_retention_days"),
            source_arn=source,
            secret_arn=self._replica(primary.postgres_secret_arn) if primary and primary.postgres_arn else None,
        )
        return Postgres(named(self._name, "postgres"), args, opts=child(self)).outputs

    def _replica(self, secret_arn: pulumi.Output[str] | None) -> pulumi.Output[str] | None:
        """Return the replica, in this region, of a secret of the primary."""
        region = self._args.identity.region
        return secret_arn.apply(lambda arn: regional_copy(arn, region)) if secret_arn else None

    def _redis(self) -> RedisOutputs | None:
        settings, primary = self._args.settings.redis, self._args.primary
        if settings is None:
            return None
        args = RedisArgs(
            settings=settings,
            identity=self._args.identity,
            network=needed(self._args.network, "network"),
            keys=self._args.keys,
            log_retention_days=needed(self._args.settings.log_retention_days, "data.log_retention_days"),
            global_id=primary.redis_global_id if primary else None,
            secret_arn=self._replica(primary.redis_secret_arn) if primary else None,
        )
        return Redis(named(self._name, "redis"), args, opts=child(self)).outputs

    def _access_logs(self) -> BucketOutputs | None:
        """Make the bucket of access logs, where somebody delivers some."""
        settings, identity = self._args.settings, self._args.identity
        own = [bucket_name(bucket.name, identity) for bucket in settings.buckets.values()]
        sources = [*own, *self._args.logged_beside]
        if not sources and not self._args.delivered:
            return None
        days = needed(settings.access_log_retention_days, "data.access_log_retention_days")
        name = access_log_bucket_name(identity)
        args = AccessLogsArgs(
            physical_name=name,
            identity=identity,
            retention_days=days,
            sources=sources,
            accelerator=self._args.accelerator,
        )
        return AccessLogs(named(self._name, "access-logs"), args, opts=child(self)).outputs

    def _buckets(self, access_logs: BucketOutputs) -> Mapping[str, BucketOutputs]:
        return {
            short: Bucket(
                named(self._name, short),
                BucketArgs(
                    short_name=short,
                    settings=bucket,
                    identity=self._args.identity,
                    key_arn=self._args.keys.arn("storage"),
                    access_logs=access_logs.name,
                    distribution_arn=self._args.readers.get(short),
                ),
                opts=child(self),
            ).outputs
            for short, bucket in self._args.settings.buckets.items()
        }

    def _tables(self) -> Mapping[str, TableOutputs]:
        """Make the tables; a standby uses the copies that its primary makes in its region."""
        args = self._args
        if args.primary is not None:
            return {short: copy_in_region(args.identity, short) for short in args.settings.tables}
        return {
            short: Table(
                named(self._name, f"table-{short}"),
                TableArgs(
                    short_name=short,
                    settings=table,
                    identity=args.identity,
                    key_arn=args.keys.arn("data"),
                    replica_keys=args.replica_keys,
                ),
                opts=child(self),
            ).outputs
            for short, table in args.settings.tables.items()
        }

    def _application(self) -> Mapping[PodIdentity, pulumi.Output[str]]:
        """Make the application's role, where there are pods of it and something for them to use; returns its name."""
        if self._args.application is None or self._args.cluster is None or not self.outputs.endpoints():
            return {}
        args = ApplicationArgs(
            pods=self._args.application,
            identity=self._args.identity,
            cluster=self._args.cluster,
            keys=self._args.keys,
            data=self.outputs,
        )
        made = Application(named(self._name, "application"), args, opts=child(self))
        return {self._args.application: made.role_name}
