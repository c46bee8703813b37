"""A new password is no failure where no engine runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from tests.sandbox.emulator.conftest import UNPATCHED, session

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
KEY = "arn:aws:kms:us-east-1:111122223333:key/1"


@pytest.fixture
def rds(aws: Aws) -> Client:
    """A client of an account with one protected primary."""
    client = aws("rds")
    client.create_db_instance(
        DBInstanceIdentifier="primary",
        Engine="postgres",
        EngineVersion="17.6",
        DBInstanceClass="db.r6g.2xlarge",
        AllocatedStorage=1024,
        StorageType="gp3",
        Iops=12000,
        StorageThroughput=500,
        StorageEncrypted=True,
        KmsKeyId=KEY,
        MasterUsername="owner",
        MasterUserPassword="only-in-a-test",
        MultiAZ=True,
        EnablePerformanceInsights=True,
        PerformanceInsightsKMSKeyId=KEY,
        EnableCloudwatchLogsExports=["postgresql", "upgrade"],
        BackupRetentionPeriod=30,
        PreferredBackupWindow="01:00-02:00",
        DeletionProtection=True,
        VpcSecurityGroupIds=["sg-1"],
    )
    return client


def test_a_changed_password_is_no_failure_where_no_engine_runs(tmp_path: Path) -> None:
    emulator = client.start(tmp_path, patched=UNPATCHED not in os.environ)
    rds = session(emulator)("rds")
    given = {"Engine": "postgres", "DBInstanceClass": "db.t4g.medium", "AllocatedStorage": 20}
    rds.create_db_instance(DBInstanceIdentifier="d", MasterUsername="owner", MasterUserPassword="first-one", **given)
    rds.modify_db_instance(DBInstanceIdentifier="d", MasterUserPassword="second-one", ApplyImmediately=True)
    emulator.stop()
    assert "ERROR" not in (tmp_path / "emulator.log").read_text(), "the log is for what is wrong"
