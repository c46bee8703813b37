"""Redis or Valkey on ElastiCache in cluster mode: shards with replicas, TLS and a token on every connection.

The token is a secret of its own with rotation; after a rotation the previous token stays valid until the next one, so
that clients can move over. Clients are cluster clients: they begin at the configuration endpoint.

In a standby the group joins a Global Datastore as its secondary: engine, node type, shards, encryption, parameters and
token are those of the primary, and ElastiCache takes no others (ADR 0017). Its secret is the replica of the
primary's, and has no rotation there. Promotion changes roles, and nothing here. A group in a datastore keeps what it
was made with in this program, while ElastiCache goes by the datastore's.

Not here: users with rights of their own (RBAC), and the datastore itself (recovery).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi_aws import elasticache

from components.base import child, named, stateful
from components.data.logs import LogSettings, log_group
from components.data.outputs import RedisOutputs
from components.data.plan import REDIS_LOGS, cache_arn, cache_group_id, cache_log_group, redis_family
from components.data.rotation import Rotation, RotationArgs
from components.data.secret import Secret, SecretArgs
from components.iam import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.data import Redis as RedisSettings
    from config.identity import Identity

KEEP_PREVIOUS: Final = "ROTATE"
"""ElastiCache's word for adding a token beside the present one: should the birth value change, clients keep theirs."""
_OF_THE_DATASTORE: Final = ("autoMinorVersionUpgrade", "parameterGroupName")
"""Properties that the primary of a Global Datastore has no say in from the moment it is a member: it gets a copy of its
parameter group, and no minor upgrades; setting either back is refused (hashicorp/terraform-provider-aws #49110, #24919
and terraform-aws-modules/terraform-aws-elasticache #7, read 2026-11-21)."""

_OF_THE_PRIMARY: Final = ("engine",)
"""Property of a secondary that may not be given beside the datastore's id, and the provider takes for `redis` then:
each later plan of a Valkey group would be a replacement (hashicorp/terraform-provider-aws #40786 and #41713, both open,
read 2026-11-30)."""


@dataclass(frozen=True, kw_only=True)
class RedisArgs:
    """What the cache is built from."""

    settings: RedisSettings
    """The stack file's `data.redis`."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs
    """Subnets and group of the cache."""
    keys: KeysOutputs
    """`data` encrypts at rest, `secrets` the token, `logs` the delivered logs."""
    log_retention_days: int
    """Days that delivered logs are kept."""
    global_id: pulumi.Output[str] | None = None
    """In a standby, the Global Datastore to join; none = a group of its own, with secret and rotation."""
    secret_arn: pulumi.Output[str] | None = None
    """In a standby, the replica of the primary's secret; given with `global_id`."""


class Redis(pulumi.ComponentResource):
    """Replication group in cluster mode and all that it needs."""

    outputs: RedisOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: RedisArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Redis", name, None, opts)
        self._name = name
        self._args = args
        self._group_id = cache_group_id(args.identity)
        subnets = self._subnet_group()
        if args.global_id is not None and args.secret_arn is not None:
            secret_arn = args.secret_arn
            group = self._group(subnets, {"global_replication_group_id": args.global_id})
        else:
            secret = self._secret()
            secret_arn = secret.arn
            group = self._group(subnets, self._own(self._parameter_group(), secret))
            self._rotation(secret_arn, group)
        self.outputs = RedisOutputs(
            group=group,
            group_id=self._group_id,
            arn=group.arn,
            endpoint=group.configuration_endpoint_address,
            secret_arn=secret_arn,
        )
        self.register_outputs({"endpoint": group.configuration_endpoint_address, "secretArn": secret_arn})

    def _secret(self) -> Secret:
        args = SecretArgs(
            description=f"Authentication token of {self._args.settings.engine} {self._group_id}",
            key_arn=self._args.keys.arn("secrets"),
            content={"engine": self._args.settings.engine, "replicationGroupId": self._group_id},
        )
        return Secret(named(self._name, "token"), args, opts=child(self))

    def _subnet_group(self) -> elasticache.SubnetGroup:
        return elasticache.SubnetGroup(
            named(self._name, "subnets"),
            description="Database tier",
            subnet_ids=self._args.network.subnets_of(self._args.settings.serves),
            opts=child(self),
        )

    def _parameter_group(self) -> elasticache.ParameterGroup:
        return elasticache.ParameterGroup(
            named(self._name, "parameters"),
            family=redis_family(self._args.settings),
            description="Cluster mode",
            parameters=[elasticache.ParameterGroupParameterArgs(name="cluster-enabled", value="yes")],
            opts=child(self),
        )

    def _own(self, parameters: elasticache.ParameterGroup, secret: Secret) -> dict[str, Any]:
        """Return what a group says that follows nobody; a secondary has it from its primary."""
        settings = self._args.settings
        return {
            "engine": settings.engine,
            "engine_version": settings.engine_version,
            "node_type": settings.node_type,
            "num_node_groups": settings.shards,
            "parameter_group_name": parameters.name,
            "at_rest_encryption_enabled": True,
            "transit_encryption_enabled": True,
            "transit_encryption_mode": "required",
            "auth_token": secret.password,
            "auth_token_update_strategy": KEEP_PREVIOUS,
            "auto_minor_version_upgrade": True,
        }

    def _group(self, subnets: elasticache.SubnetGroup, nature: Mapping[str, Any]) -> elasticache.ReplicationGroup:
        args, settings = self._args, self._args.settings
        fails_over = settings.replicas_per_shard > 0
        return elasticache.ReplicationGroup(
            named(self._name, "group"),
            replication_group_id=self._group_id,
            description=f"{settings.shards} shards with {settings.replicas_per_shard} replicas each",
            port=settings.serves.port,
            replicas_per_node_group=settings.replicas_per_shard,
            automatic_failover_enabled=fails_over,
            multi_az_enabled=fails_over,
            subnet_group_name=subnets.name,
            security_group_ids=[args.network.group_of(settings.serves)],
            kms_key_id=args.keys.arn("data"),
            maintenance_window=settings.maintenance_window_utc,
            snapshot_retention_limit=settings.snapshot_retention_days,
            snapshot_window=settings.snapshot_window_utc,
            final_snapshot_identifier=f"{self._group_id}-final",
            log_delivery_configurations=[self._log(log) for log in REDIS_LOGS],
            **nature,
            opts=stateful(self, ignore_changes=self._left_alone()),
        )

    def _left_alone(self) -> tuple[str, ...]:
        """Return the properties that are the datastore's, in its primary and in its secondary."""
        if self._args.global_id is not None:
            return _OF_THE_PRIMARY
        return _OF_THE_DATASTORE if self._args.settings.in_global_datastore else ()

    def _log(self, log: str) -> elasticache.ReplicationGroupLogDeliveryConfigurationArgs:
        settings = LogSettings(retention_days=self._args.log_retention_days, key_arn=self._args.keys.arn("logs"))
        group = log_group(self, named(self._name, f"{log}-group"), cache_log_group(self._group_id, log), settings)
        return elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
            destination=group.name, destination_type="cloudwatch-logs", log_format="json", log_type=log
        )

    def _rotation(self, secret_arn: pulumi.Output[str], group: elasticache.ReplicationGroup) -> None:
        args = RotationArgs(
            settings=self._args.settings.secret,
            identity=self._args.identity,
            keys=self._args.keys,
            log_retention_days=self._args.log_retention_days,
            secret_arn=secret_arn,
            target=Statement(
                sid="ChangeToken",
                reason="ElastiCache adds a token beside the present one, and tells when every node has it",
                actions=["elasticache:DescribeReplicationGroups", "elasticache:ModifyReplicationGroup"],
                resources=[cache_arn(self._args.identity, self._group_id)],
            ),
            after=[group],
        )
        Rotation(named(self._name, "rotation"), args, opts=child(self))
