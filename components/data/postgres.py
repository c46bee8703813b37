"""PostgreSQL on RDS: a Multi-AZ primary, read replicas in zones of their own, master secret with rotation.

TLS is forced by the parameter group, storage and Performance Insights are encrypted by the `data` key. RDS raises minor
versions in the maintenance window; raise `engine_version` in the stack file afterwards, or a refresh would ask for the
older one. The final snapshot has a fixed name: rename an older one before a database of the same name is deleted again.

A database may follow one of another region, and is promoted by no longer following (`postgres_instances`). A promoted
one never follows again, so that a failback begins another generation. The previous ones stay as they are, unread and
unrotated, until the stack file drops them (ADR 0016). A standby uses the replica of its primary's secret and has
no rotation: a rotation would need IAM at the moment of the failover, and its primary rotates for both.

Not here: users other than the master (migrations create them, with IAM authentication).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi_aws import rds

from components.base import child, named
from components.data.database_parts import monitoring_role, parameter_group
from components.data.logs import LogSettings
from components.data.outputs import PostgresOutputs
from components.data.plan import POSTGRES_LOGS, Generation, database_arn, database_identifier, generations
from components.data.postgres_instances import Instances, InstancesArgs, InstancesOf, Origin
from components.data.proxy import Proxy, ProxyArgs
from components.data.rotation import Rotation, RotationArgs
from components.data.secret import Secret, SecretArgs
from components.iam import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.data import Postgres as PostgresSettings
    from config.identity import Identity

CA_CERTIFICATE: Final = "rds-ca-rsa2048-g1"
"""Certificate authority of the server certificates (valid until 2061; clients trust it since 2024)."""


@dataclass(frozen=True, kw_only=True)
class PostgresArgs:
    """What the database is built from."""

    settings: PostgresSettings
    """The stack file's `data.postgres`."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs
    """Subnets and group of the database."""
    keys: KeysOutputs
    """`data` encrypts storage, `secrets` the master secret, `logs` the exported logs."""
    log_retention_days: int
    """Days that exported logs are kept."""
    source_arn: pulumi.Input[str] | None = None
    """Database of another region that the current generation follows; none = it takes writes."""
    secret_arn: pulumi.Output[str] | None = None
    """In a standby, the replica of the primary's master secret; none = a secret of its own, with rotation."""


class Postgres(pulumi.ComponentResource):
    """Primary, replicas and all that they need."""

    outputs: PostgresOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Postgres", name, None, opts)
        self._name = name
        self._args = args
        self._subnets = self._subnet_group()
        self._shared = self._shared_arguments()
        *previous, latest = generations(args.settings)
        before = None
        self._previous: list[Instances] = []
        for generation in previous:
            instances, before = self._generation(generation, before)
            self._previous.append(instances)
        current, secret_arn = self._generation(latest, before)
        self.outputs = self._outputs(current, secret_arn, self._proxy(current, secret_arn))
        self.register_outputs({"address": current.primary.address, "secretArn": secret_arn})

    def _generation(
        self, generation: Generation, before: pulumi.Output[str] | None
    ) -> tuple[Instances, pulumi.Output[str]]:
        """Make the instances of a generation; returns them with the secret that opens them.

        A generation that follows has its source's password, and no secret of its own until it takes writes: a password
        set here would be lost to the next change there. Until then the secret of the generation `before` is named.
        """
        follows = generation.current and self._args.source_arn is not None
        theirs = self._args.secret_arn or (before if follows else None)
        if theirs is not None:
            return self._instances(generation, secret=None), theirs
        secret = self._secret(generation)
        instances = self._instances(generation, secret)
        if not follows:
            self._rotation(generation, instances, secret.arn)
        return instances, secret.arn

    def _outputs(self, current: Instances, secret_arn: pulumi.Output[str], proxy: Proxy | None) -> PostgresOutputs:
        ids = {"primary": current.primary.resource_id}
        ids |= {reader: instance.resource_id for reader, instance in current.readers.items()}
        return PostgresOutputs(
            identifier=current.identifier,
            arn=current.primary.arn,
            previous_arns=[one.primary.arn for one in self._previous],
            address=current.primary.address,
            secret_arn=secret_arn,
            replica_addresses={reader: instance.address for reader, instance in current.readers.items()},
            resource_ids=ids | ({"proxy": proxy.resource_id} if proxy else {}),
            proxy_endpoint=proxy.endpoint if proxy else None,
        )

    def _secret(self, generation: Generation) -> Secret:
        settings = self._args.settings
        identifier = database_identifier(self._args.identity, *generation.parts)
        args = SecretArgs(
            description=f"Master user of PostgreSQL {identifier}",
            key_arn=self._args.keys.arn("secrets"),
            content={
                "engine": "postgres",
                "username": settings.master_username,
                "dbname": settings.database_name,
                "dbInstanceIdentifier": identifier,
            },
        )
        return Secret(named(self._name, generation.thing("master")), args, opts=child(self))

    def _instances(self, generation: Generation, secret: Secret | None) -> Instances:
        args, standby = self._args, self._args.secret_arn is not None
        born_alone = not standby and generation.number == 1
        origin = Origin(
            source_arn=args.source_arn if generation.current else None,
            password=secret.password if secret and born_alone else None,
            outgrows_source=not standby,
        )
        instances = InstancesArgs(
            generation=generation,
            origin=origin,
            settings=args.settings,
            identity=args.identity,
            zone_names=args.network.zone_names,
            key_arn=args.keys.arn("data"),
            subnet_group=self._subnets.name,
            logs=LogSettings(retention_days=args.log_retention_days, key_arn=args.keys.arn("logs")),
            shared=self._shared,
        )
        return InstancesOf(self, self._name, instances).make()

    def _subnet_group(self) -> rds.SubnetGroup:
        return rds.SubnetGroup(
            named(self._name, "subnets"),
            description="Database tier",
            subnet_ids=self._args.network.subnets_of(self._args.settings.serves),
            opts=child(self),
        )

    def _shared_arguments(self) -> Mapping[str, Any]:
        """Return what all instances have in common."""
        args, settings = self._args, self._args.settings
        insights = settings.performance_insights_days
        monitored = settings.enhanced_monitoring_seconds > 0
        return {
            "storage_type": settings.storage.type,
            "max_allocated_storage": settings.storage.max_allocated_gib,
            "storage_throughput": settings.storage.throughput_mibps,
            "storage_encrypted": True,
            "vpc_security_group_ids": [args.network.group_of(args.settings.serves)],
            "publicly_accessible": False,
            "port": args.settings.serves.port,
            "ca_cert_identifier": CA_CERTIFICATE,
            "parameter_group_name": parameter_group(self, self._name, settings).name,
            "iam_database_authentication_enabled": True,
            "auto_minor_version_upgrade": True,
            "maintenance_window": settings.maintenance_window_utc,
            "performance_insights_enabled": insights > 0,
            "performance_insights_retention_period": insights or None,
            "performance_insights_kms_key_id": args.keys.arn("data") if insights else None,
            "monitoring_interval": settings.enhanced_monitoring_seconds,
            "monitoring_role_arn": monitoring_role(self, self._name, args.identity) if monitored else None,
            "enabled_cloudwatch_logs_exports": list(POSTGRES_LOGS),
            "copy_tags_to_snapshot": True,
            "deletion_protection": True,
        }

    def _proxy(self, current: Instances, secret_arn: pulumi.Output[str]) -> Proxy | None:
        args, settings = self._args, self._args.settings.proxy
        if settings is None:
            return None
        proxy = ProxyArgs(
            settings=settings,
            identity=args.identity,
            network=args.network,
            keys=args.keys,
            secret_arn=secret_arn,
            port=args.settings.serves.port,
            resource_id=current.primary.resource_id,
            target=current.primary.identifier if args.source_arn is None else None,
        )
        return Proxy(named(self._name, "proxy"), proxy, opts=child(self))

    def _rotation(self, generation: Generation, instances: Instances, secret_arn: pulumi.Output[str]) -> None:
        """Rotate once the replicas stand, too: RDS copies no instance whose password is being changed."""
        identity = self._args.identity
        args = RotationArgs(
            settings=self._args.settings.secret,
            identity=identity,
            keys=self._args.keys,
            log_retention_days=self._args.log_retention_days,
            secret_arn=secret_arn,
            target=Statement(
                sid="ChangeMasterPassword",
                reason="RDS sets the master password from outside the database, and tells when it is through",
                actions=["rds:DescribeDBInstances", "rds:ModifyDBInstance"],
                resources=[database_arn(identity, instances.identifier)],
            ),
            after=instances.all,
        )
        Rotation(named(self._name, generation.thing("rotation")), args, opts=child(self))
