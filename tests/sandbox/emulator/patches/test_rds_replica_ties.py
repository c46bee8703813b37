"""A deleted database leaves no ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
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


def _replicate(rds: Client, name: str = "replica", **given: object) -> None:
    rds.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier="primary", **given)


def _instance(rds: Client, name: str) -> dict[str, object]:
    return dict(rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0])


def _shown(rds: Client, name: str, *fields: str) -> list[object]:
    found = _instance(rds, name)
    return [found.get(field) for field in fields]


def test_a_source_forgets_a_deleted_replica(rds: Client) -> None:
    _replicate(rds, "first")
    _replicate(rds, "second")
    rds.delete_db_instance(DBInstanceIdentifier="first", SkipFinalSnapshot=True)
    assert _shown(rds, "primary", "ReadReplicaDBInstanceIdentifiers") == [["second"]], "only living replicas are named"


def test_a_replica_outlives_its_source_on_its_own(rds: Client) -> None:
    _replicate(rds)
    rds.modify_db_instance(DBInstanceIdentifier="primary", DeletionProtection=False)
    rds.delete_db_instance(DBInstanceIdentifier="primary", SkipFinalSnapshot=True)
    source = _shown(rds, "replica", "ReadReplicaSourceDBInstanceIdentifier")[0]
    assert not source, "AWS promotes the replicas of a deleted source in its region"
