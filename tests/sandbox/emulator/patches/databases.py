"""Databases that tests of several patches make."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Client


def make(rds: Client, name: str, retention_days: int = 7) -> None:
    """Make a small database."""
    rds.create_db_instance(
        DBInstanceIdentifier=name, DBInstanceClass="db.r5.xlarge", Engine="postgres", MasterUsername="owner",
        MasterUserPassword="only-in-a-test", AllocatedStorage=20, BackupRetentionPeriod=retention_days,
    )  # fmt: skip


def follow(rds: Client, name: str, source: str) -> None:
    """Make a replica of a database."""
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier=name, SourceDBInstanceIdentifier=source, DBInstanceClass="db.r5.xlarge"
    )
