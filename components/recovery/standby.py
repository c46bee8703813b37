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
from components.recovery.bucket_replication import BucketReplication, BucketReplicationArgs, Place
from components.recovery.fence import Fence, FenceArgs
from components.recovery.lag import LagAlarms, LagAlarmsArgs
from components.recovery.peering import PrimaryPeering, PrimaryPeeringArgs
from components.recovery.promotion import Promotion, PromotionArgs
from components.recovery.registry_replication import RegistryReplication, RegistryReplicationArgs
from components.recovery.secret_replication import SecretReplicationArgs, secrets_task
from components.recovery.writers import Writers, WritersArgs, own_endpoints
from config.base import present

if TYPE_CHECKING:
    from components.backup import BackupOutputs
    from components.data import DataOutputs
    from components.edge import EdgeOutputs
    from components.keys import KeysOutputs
    from components.network import NetworkOutputs
    from components.observability import ObservabilityOutputs
    from components.recovery.global_datastore import GlobalDatastore
    from components.recovery.primary import Primary
    from components.registry import RegistryOutputs
    from config.recovery import Standby as StandbySettings
    from config.stack import StackConfig


@dataclass(frozen=True, kw_only=True)
class StandbyArgs:
    """What a standby is tied to its primary with."""

    settings: StackConfig
    """The stack file."""
    standby: StandbySettings
    """Its `recovery.standby`."""
    primary: Primary
    """The primary."""
    provider: pulumi.ProviderResource
    """Provider of the primary's region."""
    keys: KeysOutputs
    """The standby's keys."""
    network: NetworkOutputs
    """Its workload VPC."""
    data: DataOutputs
    """Its data services."""
    datastore: GlobalDatastore | None
    """The global datastore that its cache is a member of."""
    edge: EdgeOutputs | None
    """Its edge; none = nobody comes by name."""
    backup: BackupOutputs | None
    """Its vault."""
    observability: ObservabilityOutputs | None
    """Its topics; none = no alarm on how far it is behind."""
    registry: RegistryOutputs | None
    """Its repositories; none = no image is copied."""


class Standby(pulumi.ComponentResource):
    """Everything between a standby and its primary."""

    secrets_copied: pulumi.Resource
    """What makes the replicas of the primary's secrets; pods that mount one do not start without it."""

    def __init__(self, name: str, args: StandbyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:Standby", name, None, opts)
        self._name = name
        self._args = args
        self._connect()
        self._buckets()
        self._images()
        self._backups()
        controller = self._controller()
        self.secrets_copied = controller.call
        self._fence(controller)
        self._writers()
        self._alarms()
        self.register_outputs({})

    def _connect(self) -> None:
        args = self._args
        peering = PrimaryPeeringArgs(
            identity=args.settings.identity,
            settings=present(args.settings.network),
            network=args.network,
            primary=args.primary,
            provider=args.provider,
        )
        PrimaryPeering(named(self._name, "peering"), peering, child(self))

    def _buckets(self) -> None:
        args, settings = self._args, self._args.standby.buckets
        if settings is None:
            return
        shorts = list(args.data.buckets)
        replication = BucketReplicationArgs(
            settings=settings,
            here=Place(
                region=args.settings.identity.region,
                key_arn=args.keys.arn("storage"),
                names={short: bucket.name for short, bucket in args.data.buckets.items()},
                topics=self._topics(),
            ),
            primary=Place(
                region=args.primary.region,
                key_arn=args.primary.key_arn("storage"),
                names={short: args.primary.bucket_name(short) for short in shorts},
                topics=[args.primary.topic_arn("critical")],
            ),
            primary_provider=args.provider,
        )
        BucketReplication(named(self._name, "buckets"), replication, child(self))

    def _images(self) -> None:
        args = self._args
        if args.registry is None:
            return
        replication = RegistryReplicationArgs(
            identity=args.settings.identity,
            primary_region=args.primary.region,
            primary_provider=args.provider,
            repositories=args.registry.repositories,
        )
        RegistryReplication(named(self._name, "images"), replication, child(self))

    def _backups(self) -> None:
        args, settings = self._args, self._args.settings.backup
        if args.backup is None or settings is None or settings.copy_from_primary is None:
            return
        copies = CopyPlanArgs(
            settings=settings.copy_from_primary,
            identity=args.settings.identity,
            vault_name=args.primary.backup_vault_name,
            role_arn=args.primary.backup_role_arn,
            destination_vault_arn=args.backup.vault_arn,
            resources=settings.resources,
            sources=Sources(
                postgres=args.primary.postgres_arn,
                buckets={short: args.primary.bucket_name(short).apply(bucket_arn) for short in args.data.buckets},
                cluster=args.primary.cluster_name,
            ),
        )
        # Its children have no provider of their own to name: all of them stand in the primary's region.
        CopyPlan(named(self._name, "backups"), copies, child(self, provider=args.provider))

    def _controller(self) -> Promotion:
        args, settings = self._args, self._args.settings
        secrets = SecretReplicationArgs(
            identity=settings.identity,
            key_arn=args.keys.arn("secrets"),
            primary_region=args.primary.region,
            primary_key_arn=args.primary.key_arn("secrets"),
            secret_arns=self._secret_arns(),
        )
        datastore = args.datastore
        promotion = PromotionArgs(
            identity=settings.identity,
            keys=args.keys,
            log_retention_days=present(present(settings.data).log_retention_days),
            active=args.standby.active,
            tasks=[
                *([datastore.task(args.data.redis.group_id)] if datastore else []),
                secrets_task(secrets),
            ],
            after=[args.data.redis.group],  # and for nothing else, least of all for a database that is being copied
        )
        return Promotion(named(self._name, "promotion"), promotion, child(self))

    def _fence(self, controller: Promotion) -> None:
        args = self._args
        if args.edge is None:
            return
        fence = FenceArgs(
            domain=args.edge.domain,
            zone_id=args.primary.zone_id,
            edge=args.edge.regional,
            active=args.standby.active,
            gives_back=controller.call,
        )
        Fence(named(self._name, "fence"), fence, child(self))

    def _secret_arns(self) -> dict[str, pulumi.Output[str]]:
        """Return the primary's secrets that this stack's services are opened by."""
        primary, layer = self._args.primary, self._args.settings.kubernetes
        pooler = {"pooler": primary.pooler_secret_arn} if layer and layer.pgbouncer else {}
        return {"postgres": primary.postgres_secret_arn, "redis": primary.redis_secret_arn, **pooler}

    def _writers(self) -> None:
        args, endpoints = self._args, own_endpoints(self._args.data)
        if not args.standby.active:
            endpoints = {thing: args.primary.writers[thing] for thing in endpoints}
        Writers(
            named(self._name, "writers"),
            WritersArgs(identity=args.settings.identity, endpoints=endpoints),
            child(self),
        )

    def _alarms(self) -> None:
        args = self._args
        if args.observability is None:
            return
        lag = LagAlarmsArgs(
            settings=args.standby, redis=present(args.settings.redis), data=args.data, topics=self._topics()
        )
        LagAlarms(named(self._name, "lag"), lag, child(self))

    def _topics(self) -> list[pulumi.Output[str]]:
        observability = self._args.observability
        return [observability.topic_arns["critical"]] if observability else []
