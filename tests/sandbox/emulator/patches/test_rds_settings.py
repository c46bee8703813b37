"""Databases and replicas have the settings they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

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
        MaxAllocatedStorage=4096,
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


def test_a_primary_is_read_back_whole(rds: Client) -> None:
    fields = ("StorageThroughput", "PerformanceInsightsKMSKeyId", "EnabledCloudwatchLogsExports")
    expected = [500, KEY, ["postgresql", "upgrade"]]
    assert _shown(rds, "primary", *fields) == expected, "what was asked for is what is described"


def test_a_database_without_an_engine_behind_it_shows_the_engine_s_port(rds: Client) -> None:
    endpoint = _instance(rds, "primary")["Endpoint"]
    assert isinstance(endpoint, dict)
    assert endpoint["Port"] == 5432, "the port is PostgreSQL's unless another is asked for"


def test_a_replica_has_a_class_and_a_zone_of_its_own(rds: Client) -> None:
    _replicate(rds, DBInstanceClass="db.r6g.xlarge", AvailabilityZone="us-east-1c", VpcSecurityGroupIds=["sg-2"])
    assert _shown(rds, "replica", "DBInstanceClass", "AvailabilityZone") == ["db.r6g.xlarge", "us-east-1c"], (
        "a replica is sized and placed apart from its source"
    )
    groups = _instance(rds, "replica")["VpcSecurityGroups"]
    assert isinstance(groups, list)
    assert [group["VpcSecurityGroupId"] for group in groups] == ["sg-2"], "and has its own security groups"


def test_a_replica_does_not_inherit_protection_or_standby(rds: Client) -> None:
    _replicate(rds)
    fields = ("DeletionProtection", "MultiAZ", "BackupRetentionPeriod", "EnabledCloudwatchLogsExports")
    found = [value or False for value in _shown(rds, "replica", *fields)]
    assert found == [False, False, False, False], "AWS switches these off for a replica unless it is asked for them"


@pytest.mark.parametrize(("asked", "expected"), [({}, 4096), ({"MaxAllocatedStorage": 2048}, 2048)])
def test_a_replica_grows_as_far_as_its_source_unless_it_is_asked_otherwise(
    rds: Client, asked: dict[str, int], expected: int
) -> None:
    answer = rds.create_db_instance_read_replica(
        DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="primary", **asked
    )
    answered = answer["DBInstance"].get("MaxAllocatedStorage")
    assert answered == expected, "the provider compares this answer, and modifies a replica that differs"
    assert _shown(rds, "replica", "MaxAllocatedStorage") == [expected]


def test_a_replica_of_an_encrypted_source_is_encrypted(rds: Client) -> None:
    _replicate(rds)
    assert _shown(rds, "replica", "StorageEncrypted", "KmsKeyId") == [True, KEY], "encryption is inherited"


def test_log_exports_are_switched_one_by_one(rds: Client) -> None:
    change = {"EnableLogTypes": ["iam-db-auth-error"], "DisableLogTypes": ["upgrade"]}
    rds.modify_db_instance(DBInstanceIdentifier="primary", CloudwatchLogsExportConfiguration=change)
    expected = [["postgresql", "iam-db-auth-error"]]
    assert _shown(rds, "primary", "EnabledCloudwatchLogsExports") == expected, "the others stay as they are"


def test_a_change_of_storage_waits_for_the_window_unless_it_is_immediate(rds: Client) -> None:
    rds.modify_db_instance(DBInstanceIdentifier="primary", StorageThroughput=750, ApplyImmediately=False)
    seen = _shown(rds, "primary", "StorageThroughput", "PendingModifiedValues")
    rds.modify_db_instance(DBInstanceIdentifier="primary", StorageThroughput=750, ApplyImmediately=True)
    seen += _shown(rds, "primary", "StorageThroughput")
    assert seen == [500, {"StorageThroughput": 750}, 750], "a pending change is shown as pending"


def test_a_protected_database_is_deleted_only_after_its_protection_ends(rds: Client) -> None:
    with pytest.raises(ClientError, match="DeletionProtection"):
        rds.delete_db_instance(DBInstanceIdentifier="primary", SkipFinalSnapshot=True)
    rds.modify_db_instance(DBInstanceIdentifier="primary", DeletionProtection=False)
    rds.delete_db_instance(DBInstanceIdentifier="primary", SkipFinalSnapshot=True)
    assert rds.describe_db_instances()["DBInstances"] == [], "protection is lifted at once"
