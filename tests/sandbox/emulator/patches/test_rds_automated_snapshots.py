"""A database with backups has a snapshot from the start, for as long as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.patches.databases import follow, make

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


def _names(rds: Client, name: str) -> list[str]:
    found = rds.describe_db_snapshots(DBInstanceIdentifier=name, SnapshotType="automated")["DBSnapshots"]
    return [snapshot["DBSnapshotIdentifier"] for snapshot in found]


def test_a_database_with_backups_can_be_restored_from_the_start(aws: Aws) -> None:
    rds = aws("rds")
    make(rds, "d")
    (name,) = _names(rds, "d")
    assert name.startswith("rds:d-20")
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="restored", DBSnapshotIdentifier=name)
    assert len(rds.describe_db_instances()["DBInstances"]) == 2


def test_without_backups_there_is_none_until_there_are_backups(aws: Aws) -> None:
    rds = aws("rds")
    make(rds, "d", retention_days=0)
    assert _names(rds, "d") == []
    for days in (7, 8):
        rds.modify_db_instance(DBInstanceIdentifier="d", BackupRetentionPeriod=days, ApplyImmediately=True)
    assert len(_names(rds, "d")) == 1


def test_a_promoted_replica_has_its_own(aws: Aws) -> None:
    rds = aws("rds")
    make(rds, "source")
    follow(rds, "replica", "source")
    rds.promote_read_replica(DBInstanceIdentifier="replica", BackupRetentionPeriod=7)
    assert len(_names(rds, "replica")) == 1


@pytest.mark.parametrize("kept", [True, False])
def test_they_go_with_the_database_unless_they_are_kept(aws: Aws, *, kept: bool) -> None:
    rds = aws("rds")
    make(rds, "d")
    rds.create_db_snapshot(DBInstanceIdentifier="d", DBSnapshotIdentifier="own")
    rds.delete_db_instance(DBInstanceIdentifier="d", SkipFinalSnapshot=True, DeleteAutomatedBackups=not kept)
    found = [snapshot["SnapshotType"] for snapshot in rds.describe_db_snapshots()["DBSnapshots"]]
    assert sorted(found) == (["automated", "manual"] if kept else ["manual"])
