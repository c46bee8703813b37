"""The data services of a stack: PostgreSQL, Redis, buckets, and the role by which the application uses them.

A standby has the same, following its primary (`PrimaryData`).

Not here: backups beyond each service's own, and what ties the two regions together (recovery).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from components.base import child, named
from components.data.access_logs import AccessLogs, AccessLogsArgs
from components.data.application import Application, ApplicationArgs
from components.data.bucket import Bucket, BucketArgs
from components.data.outputs import DataOutputs
from components.data.plan import bucket_name, regional_copy
from components.data.postgres import Postgres, PostgresArgs
from components.data.redis import Redis, RedisArgs
from config.base import present

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.cluster.outputs import ClusterOutputs
    from components.data.outputs import BucketOutputs
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
    network: NetworkOutputs
    """Database tier, security groups."""
    keys: KeysOutputs
    """`data`, `storage`, `secrets` and `logs`."""
    cluster: ClusterOutputs
    """Cluster that the application runs on."""
    application: PodIdentity | None
    """The stack file's `cluster.identities.application`; none = no application role."""
    primary: PrimaryData | None = None
    """In a standby, the data services that it follows."""
    logged_beside: Sequence[str] = ()
    """Physical names of other areas' buckets whose access logs are delivered here, too."""


class Data(pulumi.ComponentResource):
    """Data services and the application's role."""

    outputs: DataOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: DataArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Data", name, None, opts)
        self._name = name
        self._args = args
        postgres = self._postgres()
        redis = self._redis()
        access_logs = self._access_logs()
        buckets = self._buckets(access_logs)
        self.outputs = DataOutputs(
            postgres=postgres.outputs, redis=redis.outputs, buckets=buckets, access_logs=access_logs.outputs
        )
        self._application()
        self.register_outputs({"buckets": {short: bucket.name for short, bucket in buckets.items()}})

    def _postgres(self) -> Postgres:
        settings, primary = present(self._args.settings.postgres), self._args.primary
        source: pulumi.Input[str] | None = settings.source_arn
        if primary is not None:
            source = primary.postgres_arn if primary.follow else None
        args = PostgresArgs(
            settings=settings,
            identity=self._args.identity,
            network=self._args.network,
            keys=self._args.keys,
            log_retention_days=present(self._args.settings.log_retention_days),
            source_arn=source,
            secret_arn=self._replica(primary.postgres_secret_arn) if primary and primary.postgres_arn else None,
        )
        return Postgres(named(self._name, "postgres"), args, opts=child(self))

    def _replica(self, secret_arn: pulumi.Output[str] | None) -> pulumi.Output[str] | None:
        """Return the replica, in this region, of a secret of the primary."""
        region = self._args.identity.region
        return secret_arn.apply(lambda arn: regional_copy(arn, region)) if secret_arn else None

    def _redis(self) -> Redis:
        primary = self._args.primary
        args = RedisArgs(
            settings=present(self._args.settings.redis),
            identity=self._args.identity,
            network=self._args.network,
            keys=self._args.keys,
            log_retention_days=present(self._args.settings.log_retention_days),
            global_id=primary.redis_global_id if primary else None,
            secret_arn=self._replica(primary.redis_secret_arn) if primary else None,
        )
        return Redis(named(self._name, "redis"), args, opts=child(self))

    def _access_logs(self) -> AccessLogs:
        settings, identity = self._args.settings, self._args.identity
        args = AccessLogsArgs(
            identity=identity,
            retention_days=present(settings.access_log_retention_days),
            sources=[
                *(bucket_name(bucket.name, identity) for bucket in settings.buckets.values()),
                *self._args.logged_beside,
            ],
        )
        return AccessLogs(named(self._name, "access-logs"), args, opts=child(self))

    def _buckets(self, access_logs: AccessLogs) -> Mapping[str, BucketOutputs]:
        return {
            short: Bucket(
                named(self._name, short),
                BucketArgs(
                    short_name=short,
                    settings=bucket,
                    identity=self._args.identity,
                    key_arn=self._args.keys.arn("storage"),
                    access_logs=access_logs.outputs.name,
                ),
                opts=child(self),
            ).outputs
            for short, bucket in self._args.settings.buckets.items()
        }

    def _application(self) -> None:
        if self._args.application is None:
            return
        args = ApplicationArgs(
            pods=self._args.application,
            identity=self._args.identity,
            cluster=self._args.cluster,
            keys=self._args.keys,
            postgres=self.outputs.postgres,
            redis=self.outputs.redis,
            buckets=self.outputs.buckets,
        )
        Application(named(self._name, "application"), args, opts=child(self))
