"""A new password is no failure where no engine runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from tests.sandbox.emulator.conftest import UNPATCHED, session

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.emulator


def test_a_changed_password_is_no_failure_where_no_engine_runs(tmp_path: Path) -> None:
    emulator = client.start(tmp_path, patched=UNPATCHED not in os.environ)
    rds = session(emulator)("rds")
    given = {"Engine": "postgres", "DBInstanceClass": "db.t4g.medium", "AllocatedStorage": 20}
    rds.create_db_instance(DBInstanceIdentifier="d", MasterUsername="owner", MasterUserPassword="first-one", **given)
    rds.modify_db_instance(DBInstanceIdentifier="d", MasterUserPassword="second-one", ApplyImmediately=True)
    emulator.stop()
    assert "ERROR" not in (tmp_path / "emulator.log").read_text(), "the log is for what is wrong"
