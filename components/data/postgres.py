"""PostgreSQL on RDS: a Multi-AZ primary, read replicas in zones of their own, master secret with rotation.

TLS is forced by the parameter group, storage and Performance Insights are encrypted by the `data` key. RDS raises minor
versions in the maintenance window; raise `engine_version` in the stack file afterwards, or a refresh would ask for the
older one. The final snapshot has a fixed name: rename an older one before a database of the same name is deleted again.

Not here: users other than the master (migrations create them, with IAM authentication), and pooling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi_aws import rds

from components.base import child, named, stateful
from components.data.database_parts import monitoring_role, parameter_group
from components.data.logs import LogSettings, log_group
from components.data.outputs import PostgresOutputs
from components.data.plan import POSTGRES_LOGS, database_arn, database_identifier, database_log_group
from components.data.rotation import Rotation, RotationArgs
from components.data.secret import Secret, SecretArgs
from components.iam import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_aws import cloudwatch

    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.data import Postgres as PostgresSettings
    from config.data import PostgresReplica
    from config.identity import Identity

PORT: Final = 5432
"""Port of the seed's security-group table."""
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
    """Database tier and the group `rds`."""
    keys: KeysOutputs
    """`data` encrypts storage, `secrets` the master secret, `logs` the exported logs."""
    log_retention_days: int
    """Days that exported logs are kept."""


class Postgres(pulumi.ComponentResource):
    """Primary, replicas and all that they need."""

    outputs: PostgresOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Postgres", name, None, opts)
        self._name = name
        self._args = args
        self._secret = self._make_secret()
        self._shared = self._shared_arguments()
        primary = self._primary(self._subnet_group())
        replicas = {
            replica: self._replica(replica, settings, primary) for replica, settings in args.settings.replicas.items()
        }
        self._rotation([primary, *replicas.values()])
        self.outputs = PostgresOutputs(
            identifier=database_identifier(args.identity),
            arn=primary.arn,
            address=primary.address,
            secret_arn=self._secret.arn,
            replica_addresses={replica: instance.address for replica, instance in replicas.items()},
            resource_ids={instance: found.resource_id for instance, found in {"primary": primary, **replicas}.items()},
        )
        self.register_outputs({"address": primary.address, "secretArn": self._secret.arn})

    def _make_secret(self) -> Secret:
        settings = self._args.settings
        args = SecretArgs(
            description=f"Master user of PostgreSQL {database_identifier(self._args.identity)}",
            key_arn=self._args.keys.arn("secrets"),
            content={
                "engine": "postgres",
                "username": settings.master_username,
                "dbname": settings.database_name,
                "dbInstanceIdentifier": database_identifier(self._args.identity),
            },
        )
        return Secret(named(self._name, "master"), args, opts=child(self))

    def _subnet_group(self) -> rds.SubnetGroup:
        return rds.SubnetGroup(
            named(self._name, "subnets"),
            description="Database tier",
            subnet_ids=self._args.network.subnets("database"),
            opts=child(self),
        )

    def _shared_arguments(self) -> Mapping[str, Any]:
        """Return what primary and replicas have in common."""
        args, settings = self._args, self._args.settings
        insights = settings.performance_insights_days
        monitored = settings.enhanced_monitoring_seconds > 0
        return {
            "storage_type": settings.storage.type,
            "max_allocated_storage": settings.storage.max_allocated_gib,
            "iops": settings.storage.iops,
            "storage_throughput": settings.storage.throughput_mibps,
            "storage_encrypted": True,
            "vpc_security_group_ids": [args.network.security_group_ids["rds"]],
            "publicly_accessible": False,
            "port": PORT,
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

    def _primary(self, subnet_group: rds.SubnetGroup) -> rds.Instance:
        settings = self._args.settings
        identifier = database_identifier(self._args.identity)
        return rds.Instance(
            named(self._name, "primary"),
            identifier=identifier,
            engine="postgres",
            engine_version=settings.engine_version,
            instance_class=settings.instance_class,
            multi_az=settings.multi_az,
            allocated_storage=settings.storage.allocated_gib,
            kms_key_id=self._args.keys.arn(
                "data"
            ),  # not on replicas: they have their source's, and RDS refuses to be told
            db_name=settings.database_name,
            username=settings.master_username,
            password=self._secret.password,
            db_subnet_group_name=subnet_group.name,
            backup_retention_period=settings.backup_retention_days,
            backup_window=settings.backup_window_utc,
            delete_automated_backups=False,
            skip_final_snapshot=False,
            final_snapshot_identifier=f"{identifier}-final",
            **self._shared,
            opts=stateful(self, depends_on=self._log_groups("primary", identifier)),
        )

    def _replica(self, replica: str, settings: PostgresReplica, primary: rds.Instance) -> rds.Instance:
        identifier = database_identifier(self._args.identity, replica)
        return rds.Instance(
            named(self._name, replica),
            identifier=identifier,
            instance_class=settings.instance_class,
            replicate_source_db=primary.identifier,
            availability_zone=self._args.network.zone_names[settings.zone],
            skip_final_snapshot=True,  # RDS makes no final snapshot of a replica, and refuses to be asked for one
            **self._shared,
            opts=stateful(self, depends_on=self._log_groups(replica, identifier)),
        )

    def _log_groups(self, instance: str, identifier: str) -> list[cloudwatch.LogGroup]:
        """Make the log groups that RDS would make itself, unencrypted, if they were not there before the instance."""
        settings = LogSettings(retention_days=self._args.log_retention_days, key_arn=self._args.keys.arn("logs"))
        return [
            log_group(self, named(self._name, f"{instance}-{log}-log"), database_log_group(identifier, log), settings)
            for log in POSTGRES_LOGS
        ]

    def _rotation(self, instances: Sequence[rds.Instance]) -> None:
        """Rotate once the replicas stand, too: RDS copies no instance whose password is being changed."""
        identity = self._args.identity
        args = RotationArgs(
            settings=self._args.settings.secret,
            identity=identity,
            keys=self._args.keys,
            log_retention_days=self._args.log_retention_days,
            secret_arn=self._secret.arn,
            target=Statement(
                sid="ChangeMasterPassword",
                reason="RDS sets the master password from outside the database, and tells when it is through",
                actions=["rds:DescribeDBInstances", "rds:ModifyDBInstance"],
                resources=[database_arn(identity, database_identifier(identity))],
            ),
            after=instances,
        )
        Rotation(named(self._name, "rotation"), args, opts=child(self))
