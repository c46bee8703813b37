"""The instances of one generation of the database: its primary and its readers.

Three ways of being born and living, and what each names:
- born alone, the first generation of a primary: engine, database, user, password, sizes;
- following a database of another region: the source, and what belongs to this region (key, subnets, backups). Engine,
  database, user and password come with the data; RDS refuses them;
- promoted: born following, the source gone. Removing `replicate_source_db` promotes in place. What came with the data
  stays unnamed, the password above all: naming it would set it back to the secret's first value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi_aws import rds

from components.base import named, stateful
from components.data.logs import LogSettings, log_group
from components.data.plan import POSTGRES_LOGS, copied_iops, database_identifier, database_log_group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_aws import cloudwatch

    from components.data.plan import Generation
    from config.data import Postgres as PostgresSettings
    from config.data import PostgresReplica
    from config.identity import Identity

PATIENCE: Final = pulumi.CustomTimeouts(create="6h", update="2h")
"""How long the provider waits. A copy from another region takes an hour or more per TiB; its own 40 minutes would call
one failed that is merely large (provider 7, `aws.rds.Instance`, create 40 min, update 80 min; 2026-11-21)."""


@dataclass(frozen=True, kw_only=True)
class Instances:
    """Primary and readers of one generation."""

    identifier: str
    """Identifier of the primary."""
    primary: rds.Instance
    """The instance that takes writes, or will."""
    readers: Mapping[str, rds.Instance]
    """Reader -> instance."""

    @property
    def all(self) -> Sequence[rds.Instance]:
        """Every instance, the primary first."""
        return [self.primary, *self.readers.values()]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where the data of a generation come from."""

    source_arn: pulumi.Input[str] | None = None
    """Database that it follows; none = it takes writes."""
    password: pulumi.Output[str] | None = None
    """Password of the master user, for a generation born alone; none = born following."""
    outgrows_source: bool = True
    """Whether version and size are the stack file's once it is promoted. Not in a standby: a failover changes no more
    than it must, and RDS may have raised either in the meantime."""


@dataclass(frozen=True, kw_only=True)
class InstancesArgs:
    """What the instances of a generation are built from."""

    generation: Generation
    """Which one."""
    origin: Origin
    """Where its data come from."""
    settings: PostgresSettings
    """The stack file's `data.postgres`."""
    identity: Identity
    """The stack file's `identity`."""
    zone_names: Mapping[str, str]
    """Zone letter -> zone."""
    key_arn: pulumi.Output[str]
    """Key of the domain `data`, in this region."""
    subnet_group: pulumi.Output[str]
    """Database tier."""
    logs: LogSettings
    """How exported logs are kept."""
    shared: Mapping[str, Any]
    """Arguments that all instances have in common."""


class InstancesOf:
    """Makes the instances of one generation as children of a component."""

    def __init__(self, parent: pulumi.Resource, name: str, args: InstancesArgs) -> None:
        self._parent = parent
        self._name = name
        self._args = args

    def make(self) -> Instances:
        """Make the primary and its readers."""
        primary = self._primary()
        readers = {
            reader: self._reader(reader, settings, primary) for reader, settings in self._args.settings.replicas.items()
        }
        return Instances(identifier=self._identifier(), primary=primary, readers=readers)

    def _identifier(self, *parts: str) -> str:
        return database_identifier(self._args.identity, *self._args.generation.parts, *parts)

    def _primary(self) -> rds.Instance:
        settings = self._args.settings
        return rds.Instance(
            named(self._name, self._args.generation.thing("primary")),
            identifier=self._identifier(),
            instance_class=settings.instance_class,
            multi_az=settings.multi_az,
            kms_key_id=self._args.key_arn,
            db_subnet_group_name=self._args.subnet_group,
            backup_retention_period=settings.backup_retention_days,  # also while it follows: readers need it
            backup_window=settings.backup_window_utc,
            delete_automated_backups=False,
            **self._content(),
            **self._args.shared,
            opts=self._opts("primary", self._identifier()),
        )

    def _content(self) -> dict[str, Any]:
        """Return what depends on where the data come from."""
        origin, settings = self._args.origin, self._args.settings
        if origin.source_arn is not None:  # RDS makes no final snapshot of a replica, and refuses to be asked for one
            return {
                "replicate_source_db": origin.source_arn,
                "skip_final_snapshot": True,
                "iops": copied_iops(settings.storage),
            }
        last = {
            "skip_final_snapshot": False,
            "final_snapshot_identifier": f"{self._identifier()}-final",
            "iops": copied_iops(settings.storage) if origin.password is None else settings.storage.iops,
        }
        size = {"engine_version": settings.engine_version, "allocated_storage": settings.storage.allocated_gib}
        if origin.password is None:
            return last | (size if origin.outgrows_source else {})
        born = {
            "engine": "postgres",
            "db_name": settings.database_name,
            "username": settings.master_username,
            "password": origin.password,
        }
        return last | size | born

    def _reader(self, reader: str, settings: PostgresReplica, primary: rds.Instance) -> rds.Instance:
        """Make a reader. It has its source's key, and RDS takes none of its own; a follower can have readers, too."""
        identifier = self._identifier(reader)
        return rds.Instance(
            named(self._name, self._args.generation.thing(reader)),
            identifier=identifier,
            instance_class=settings.instance_class,
            replicate_source_db=primary.identifier,
            availability_zone=self._args.zone_names[settings.zone],
            skip_final_snapshot=True,
            iops=copied_iops(self._args.settings.storage),
            **self._args.shared,
            opts=self._opts(reader, identifier),
        )

    def _opts(self, instance: str, identifier: str) -> pulumi.ResourceOptions:
        kept = stateful(self._parent, depends_on=self._log_groups(instance, identifier))
        return pulumi.ResourceOptions.merge(kept, pulumi.ResourceOptions(custom_timeouts=PATIENCE))

    def _log_groups(self, instance: str, identifier: str) -> list[cloudwatch.LogGroup]:
        """Make the log groups that RDS would make itself, unencrypted, if they were not there before the instance."""
        thing = self._args.generation.thing(instance)
        return [
            log_group(
                self._parent,
                named(self._name, f"{thing}-{log}-log"),
                database_log_group(identifier, log),
                self._args.logs,
            )
            for log in POSTGRES_LOGS
        ]
