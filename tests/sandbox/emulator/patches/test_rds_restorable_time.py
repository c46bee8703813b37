"""A database can be restored to a moment that moves on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.patches.databases import make

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_the_moment_is_that_of_the_last_upload(aws: Aws) -> None:
    rds = aws("rds")
    make(rds, "d")
    (found,) = rds.describe_db_instances(DBInstanceIdentifier="d")["DBInstances"]
    latest, now = found["LatestRestorableTime"], datetime.now(UTC)
    assert now - timedelta(minutes=5, seconds=2) <= latest <= now
    on_the_minute = latest.minute % 5 == 0 and latest.second == 0
    assert on_the_minute or latest >= found["InstanceCreateTime"], "uploads are five minutes apart"


def test_without_backups_there_is_none(aws: Aws) -> None:
    rds = aws("rds")
    make(rds, "d", retention_days=0)
    assert "LatestRestorableTime" not in rds.describe_db_instances()["DBInstances"][0]
