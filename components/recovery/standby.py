"""What ties a standby to its primary: replication in both directions, roles, ways, alarms on how far behind it is.

The standby owns all of it, what must stand in the primary's region included. When it takes over, only the order of its
controller, its writers, its word to the primary's health check and what its alarms make of silence change; the rest
stands as it is, for neither IAM nor the primary's region can be reached then. Not here: the data services themselves,
which follow by what `components.data` is given of the primary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from components.backup import CopyPlan, CopyPlanArgs
from components.backup.plan import Sources
from components.base import child, named
from components.data.plan import bucket_arn
from components.outputs import needed
from components.recovery.bucket_direction import Place
from components.recovery.bucket_replication import BucketReplication, BucketReplicationArgs
from components.recovery.fence import Fence, FenceArgs
from components.recovery.lag import LagAlarms, LagAlarmsArgs
from components.recovery.peering import PrimaryPeering, PrimaryPeeringArgs
from components.recovery.promotion import Promotion, PromotionArgs
from components.recovery.registry_replication import RegistryReplication, RegistryReplicationArgs
from components.recovery.secret_replication import SecretReplicationArgs, secrets_task
from components.recovery.writers import Writers, WritersArgs
from components.streaming import Replicator, ReplicatorArgs, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.backup import BackupOutputs
    from components.data import BucketOutputs, DataOutputs
    from components.edge import EdgeOutputs
    from components.keys import KeysOutputs
    from components.network import NetworkOutputs
    from components.observability import ObservabilityOutputs
    from components.recovery.following import Following
    from components.recovery.promotion import Task
    from components.registry import RegistryOutputs
    from components.streaming import StreamingOutputs
    from config.backup import Backed
    from config.stack import StackConfig


@dataclass(frozen=True, kw_only=True)
class StandbyArgs:
    """What a standby is tied to its primary with."""

    settings: StackConfig
    """The stack file."""
    following: Following
    """The primary, and how it is followed."""
    keys: KeysOutputs
    """The standby's keys."""
    network: NetworkOutputs | None
    """Its workload VPC; none = no way to the primary's."""
    data: DataOutputs | None
    """Its data services; none = nothing is replicated."""
    edge: EdgeOutputs | None
    """Its edge; none = nobody comes by name."""
    backup: BackupOutputs | None
    """Its vault; none = no backup is copied."""
    observability: ObservabilityOutputs | None
    """Its topics; none = no alarm on how far it is behind."""
    registry: RegistryOutputs | None
    """Its repositories; none = no image is copied."""
    streaming: StreamingOutputs | None = None
    """Its cluster of Kafka; none = no topic is copied."""


class Standby(pulumi.ComponentResource):
    """Everything between a standby and its primary."""

    controller: Promotion | None
    """What moves roles and makes the replicas of the primary's secrets; None where there is neither."""

    def __init__(self, name: str, args: StandbyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:Standby", name, None, opts)
        self._name = name
        self._args = args
        self._primary, self._standby = args.following.primary, args.following.standby
        self._there = args.following.provider
        self._connect()
        self._buckets()
        self._images()
        replicator = self._topics_copied()
        self._backups()
        self.controller = self._controller()
        self._fence()
        self._writers()
        self._alarms(replicator)
        self.register_outputs({})

    def _connect(self) -> None:
        args, settings = self._args, self._args.settings.network
        if args.network is None or settings is None:
            return
        peering = PrimaryPeeringArgs(
            identity=args.settings.identity,
            settings=settings,
            network=args.network,
            primary=self._primary,
            provider=self._there,
        )
        PrimaryPeering(named(self._name, "peering"), peering, child(self))

    def _buckets(self) -> None:
        args, settings, buckets = self._args, self._standby.buckets, self._buckets_here()
        if settings is None or not buckets:
            return
        replication = BucketReplicationArgs(
            settings=settings,
            here=Place(
                region=args.settings.identity.region,
                key_arn=args.keys.arn("storage"),
                names={short: bucket.name for short, bucket in buckets.items()},
                topics=self._topics(),
            ),
            primary=Place(
                region=self._primary.region,
                key_arn=self._primary.key_arn("storage"),
                names={short: self._primary.bucket_name(short) for short in buckets},
                topics=[self._primary.topic_arn("critical")] if settings.lag_alarm else [],
            ),
            primary_provider=self._there,
        )
        BucketReplication(named(self._name, "buckets"), replication, child(self))

    def _images(self) -> None:
        args = self._args
        if args.registry is None:
            return
        replication = RegistryReplicationArgs(
            identity=args.settings.identity,
            primary_region=self._primary.region,
            primary_provider=self._there,
            repositories=args.registry.repositories,
        )
        RegistryReplication(named(self._name, "images"), replication, child(self))

    def _topics_copied(self) -> str | None:
        """Copy the primary's topics, and return the name of what does; None where nothing does."""
        args, settings = self._args, self._standby.streaming
        if settings is None or args.streaming is None:
            return None
        there = self._primary.streaming
        replicator = ReplicatorArgs(
            settings=settings,
            identity=args.settings.identity,
            network=needed(args.network, "network"),
            source=Source(arn=there["arn"], subnet_ids=there["subnets"], provider=self._there),
            target=args.streaming,
        )
        return Replicator(named(self._name, "topics"), replicator, child(self)).name

    def _backups(self) -> None:
        args, settings = self._args, self._args.settings.backup
        if args.backup is None or settings is None or settings.copy_from_primary is None:
            return
        copies = CopyPlanArgs(
            settings=settings.copy_from_primary,
            identity=args.settings.identity,
            vault_name=self._primary.backup_vault_name,
            role_arn=self._primary.backup_role_arn,
            destination_vault_arn=args.backup.vault_arn,
            resources=settings.resources,
            sources=self._sources(settings.resources),
        )
        # Its children have no provider of their own to name: all of them stand in the primary's region.
        CopyPlan(named(self._name, "backups"), copies, child(self, provider=self._there))

    def _sources(self, resources: Sequence[Backed]) -> Sources:
        """Return what is copied of the primary's backups: what this stack has, too."""
        settings, buckets = self._args.settings, self._buckets_here() if "buckets" in resources else {}
        postgres = self._args.data is not None and self._args.data.postgres is not None
        return Sources(
            postgres=[self._primary.postgres_arn] if postgres else [],
            buckets={short: self._primary.bucket_name(short).apply(bucket_arn) for short in buckets},
            tables={},  # each has a copy in this region, which is restored from its own past
            cluster=self._primary.cluster_name if settings.cluster else None,
        )

    def _buckets_here(self) -> Mapping[str, BucketOutputs]:
        return self._args.data.buckets if self._args.data else {}

    def _controller(self) -> Promotion | None:
        args, data = self._args, self._args.settings.data
        redis, tasks = args.data.redis if args.data else None, self._tasks()
        if data is None or not tasks:
            return None
        promotion = PromotionArgs(
            identity=args.settings.identity,
            keys=args.keys,
            log_retention_days=needed(data.log_retention_days, "data.log_retention_days"),
            active=self._standby.active,
            tasks=tasks,
            # and after nothing else, least of all a database that is being copied
            after=[redis.group] if redis else [],
        )
        return Promotion(named(self._name, "promotion"), promotion, child(self))

    def _tasks(self) -> list[Task]:
        """Return what the controller does: the cache's roles, copies of secrets; of each where there is one."""
        args, datastore = self._args, self._args.following.datastore
        tasks: list[Task] = []
        if datastore is not None and args.data is not None and args.data.redis is not None:
            tasks.append(datastore.task(args.data.redis.group_id))
        if secret_arns := self._secret_arns():
            secrets = SecretReplicationArgs(
                identity=args.settings.identity,
                key_arn=args.keys.arn("secrets"),
                primary_region=self._primary.region,
                primary_key_arn=self._primary.key_arn("secrets"),
                secret_arns=secret_arns,
            )
            tasks.append(secrets_task(secrets))
        return tasks

    def _fence(self) -> None:
        args = self._args
        if args.edge is None or args.edge.regional is None:
            return
        fence = FenceArgs(
            domain=args.edge.domain,
            zone_id=self._primary.zone_id,
            edge=args.edge.regional,
            active=self._standby.active,
            gives_back=self.controller.call if self.controller else None,
        )
        Fence(named(self._name, "fence"), fence, child(self))

    def _secret_arns(self) -> dict[str, pulumi.Output[str]]:
        """Return the primary's secrets that this stack's services are opened by."""
        primary, data, layer = self._primary, self._args.data, self._args.settings.kubernetes
        opened = {
            "postgres": (primary.postgres_secret_arn, data and data.postgres),
            "redis": (primary.redis_secret_arn, data and data.redis),
            "pooler": (primary.pooler_secret_arn, layer and layer.pgbouncer),
        }
        return {service: arn for service, (arn, there) in opened.items() if there}

    def _writers(self) -> None:
        args = self._args
        endpoints = args.data.endpoints() if args.data else {}
        if not self._standby.active:
            endpoints = {thing: self._primary.writers[thing] for thing in endpoints}
        if args.streaming is not None:
            there = self._primary.streaming["brokers"]
            endpoints |= args.streaming.endpoints() if self._standby.active else {"streaming": there}
        if not endpoints:
            return
        Writers(
            named(self._name, "writers"),
            WritersArgs(identity=args.settings.identity, endpoints=endpoints),
            child(self),
        )

    def _alarms(self, replicator: str | None) -> None:
        args, data = self._args, self._args.settings.data
        if args.observability is None or (args.data is None and replicator is None):
            return
        lag = LagAlarmsArgs(
            settings=self._standby,
            redis=data.redis if data else None,
            data=args.data,
            replicator=replicator,
            topics=self._topics(),
        )
        LagAlarms(named(self._name, "lag"), lag, child(self))

    def _topics(self) -> list[pulumi.Output[str]]:
        observability = self._args.observability
        return [observability.topic_arns["critical"]] if observability else []
