"""A database's life is told as events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.patches.databases import follow, make

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


def _told(rds: Client, name: str) -> list[tuple[str, list[str]]]:
    found = rds.describe_events(SourceType="db-instance", SourceIdentifier=name)["Events"]
    return [(event["Message"], event["EventCategories"]) for event in found]


def test_a_database_is_told_to_be_made_changed_and_deleted(aws: Aws) -> None:
    rds = aws("rds")
    make(rds, "d")
    rds.modify_db_instance(DBInstanceIdentifier="d", BackupRetentionPeriod=8)
    rds.delete_db_instance(DBInstanceIdentifier="d", SkipFinalSnapshot=True)
    assert [categories for _, categories in _told(rds, "d")] == [["creation"], ["configuration change"], ["deletion"]]


def test_a_promotion_ends_the_replication(aws: Aws) -> None:
    rds = aws("rds")
    make(rds, "source")
    follow(rds, "replica", "source")
    rds.promote_read_replica(DBInstanceIdentifier="replica")
    assert _told(rds, "replica")[-1] == ("Replication streaming has been terminated.", ["read replica"])
    assert len(_told(rds, "source")) == 1, "the source's own"


def test_what_was_refused_is_no_event(aws: Aws) -> None:
    rds = aws("rds")
    with pytest.raises(rds.exceptions.DBInstanceNotFoundFault):
        rds.delete_db_instance(DBInstanceIdentifier="nothing", SkipFinalSnapshot=True)
    make(rds, "other")
    assert [message for message, _ in _told(rds, "other")] == ["DB instance created"]
    assert _told(rds, "nothing") == []
