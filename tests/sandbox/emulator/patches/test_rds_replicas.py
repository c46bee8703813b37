"""Databases follow those of other regions, and are promoted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

KEY = "arn:aws:kms:us-east-1:111122223333:key/mrk-1"
KEY_THERE = "arn:aws:kms:us-west-2:111122223333:key/mrk-1"
BACKUPS = 30


@pytest.fixture
def here(aws: Aws) -> Client:
    """A client of the primary's region, with an encrypted primary."""
    client = aws("rds")
    client.create_db_instance(
        DBInstanceIdentifier="primary",
        Engine="postgres",
        EngineVersion="17.6",
        DBInstanceClass="db.r6g.large",
        AllocatedStorage=100,
        MaxAllocatedStorage=400,
        StorageEncrypted=True,
        KmsKeyId=KEY,
        DBName="app",
        MasterUsername="owner",
        MasterUserPassword="only-in-a-test",
        BackupRetentionPeriod=BACKUPS,
    )
    return client


@pytest.fixture
def there(aws: Aws) -> Client:
    """A client of the other region, with a subnet group."""
    ec2, client = aws("ec2", "us-west-2"), aws("rds", "us-west-2")
    vpc = ec2.create_vpc(CidrBlock="10.10.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.10.{n}.0/24", AvailabilityZone=f"us-west-2{zone}")["Subnet"]
        for n, zone in enumerate("ab")
    ]
    client.create_db_subnet_group(
        DBSubnetGroupName="there", DBSubnetGroupDescription="there", SubnetIds=[one["SubnetId"] for one in subnets]
    )
    return client


def _arn(client: Client, name: str) -> str:
    return str(_instance(client, name)["DBInstanceArn"])


def _instance(client: Client, name: str) -> dict[str, Any]:
    return dict(client.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0])


def _follow(here: Client, there: Client, name: str = "copy", source: str = "primary", **given: object) -> None:
    asked = {"KmsKeyId": KEY_THERE, "DBSubnetGroupName": "there"} | given
    there.create_db_instance_read_replica(
        DBInstanceIdentifier=name, SourceDBInstanceIdentifier=_arn(here, source), SourceRegion="us-east-1", **asked
    )
    there.modify_db_instance(DBInstanceIdentifier=name, BackupRetentionPeriod=BACKUPS, ApplyImmediately=True)


def test_a_replica_and_its_source_in_another_region_name_each_other_by_arn(here: Client, there: Client) -> None:
    _follow(here, there)
    assert _instance(there, "copy")["ReadReplicaSourceDBInstanceIdentifier"] == _arn(here, "primary"), "the source"
    assert _instance(here, "primary")["ReadReplicaDBInstanceIdentifiers"] == [_arn(there, "copy")], "the replica"


def test_a_replica_lives_in_its_own_region(here: Client, there: Client) -> None:
    _follow(here, there)
    found = _instance(there, "copy")
    assert (found["KmsKeyId"], found["StorageEncrypted"]) == (KEY_THERE, True), "under a key of its region"
    assert found["DBSubnetGroup"]["DBSubnetGroupName"] == "there", "in subnets of its region"
    assert found["AvailabilityZone"].startswith("us-west-2"), "in a zone of its region"
    assert "us-west-2" in found["DBInstanceArn"], "with an ARN of its region"


def test_engine_database_and_user_are_the_source_s(here: Client, there: Client) -> None:
    _follow(here, there)
    found = _instance(there, "copy")
    assert [found[key] for key in ("Engine", "EngineVersion", "DBName", "MasterUsername")] == [
        "postgres", "17.6", "app", "owner",
    ], "what is in the database comes from the source"  # fmt: skip


def test_a_replica_tells_whether_it_is_streaming(here: Client, there: Client) -> None:
    _follow(here, there)
    (status,) = _instance(there, "copy")["StatusInfos"]
    assert (status["StatusType"], status["Normal"], status["Status"]) == ("read replication", True, "replicating")


def test_the_copy_of_an_encrypted_database_needs_a_key_of_its_region(here: Client, there: Client) -> None:
    with pytest.raises(ClientError, match="KmsKeyId"):
        there.create_db_instance_read_replica(
            DBInstanceIdentifier="copy", SourceDBInstanceIdentifier=_arn(here, "primary")
        )
    with pytest.raises(ClientError, match="KMSKeyNotAccessibleFault"):
        _follow(here, there, KmsKeyId=KEY)


def test_a_source_without_backups_has_no_replicas(here: Client, there: Client) -> None:
    here.modify_db_instance(DBInstanceIdentifier="primary", BackupRetentionPeriod=0, ApplyImmediately=True)
    with pytest.raises(ClientError, match="Automated backups are not enabled"):
        _follow(here, there)


def test_a_source_that_is_not_there_cannot_be_followed(there: Client) -> None:
    with pytest.raises(ClientError, match="could not be found"):
        there.create_db_instance_read_replica(
            DBInstanceIdentifier="copy",
            SourceDBInstanceIdentifier="arn:aws:rds:us-east-1:111122223333:db:nowhere",
            KmsKeyId=KEY_THERE,
        )


def test_a_promoted_replica_stands_alone_with_backups(here: Client, there: Client) -> None:
    _follow(here, there)
    there.promote_read_replica(
        DBInstanceIdentifier="copy", BackupRetentionPeriod=7, PreferredBackupWindow="01:00-02:00"
    )
    found = _instance(there, "copy")
    assert not found.get("ReadReplicaSourceDBInstanceIdentifier"), "it follows nobody"
    assert (found["BackupRetentionPeriod"], found["PreferredBackupWindow"]) == (7, "01:00-02:00"), "backed up itself"
    assert _instance(here, "primary")["ReadReplicaDBInstanceIdentifiers"] == [], "its source has forgotten it"


def test_what_follows_nobody_cannot_be_promoted(here: Client) -> None:
    with pytest.raises(ClientError, match="not a read replica"):
        here.promote_read_replica(DBInstanceIdentifier="primary")


def test_a_promoted_replica_can_be_followed_back(here: Client, there: Client) -> None:
    _follow(here, there)
    there.promote_read_replica(DBInstanceIdentifier="copy", BackupRetentionPeriod=BACKUPS)
    here.create_db_instance_read_replica(
        DBInstanceIdentifier="second", SourceDBInstanceIdentifier=_arn(there, "copy"), KmsKeyId=KEY
    )
    assert _instance(there, "copy")["ReadReplicaDBInstanceIdentifiers"] == [_arn(here, "second")], "the other way round"


def test_a_replica_across_regions_grows_as_far_as_its_source(here: Client, there: Client) -> None:
    _follow(here, there)
    assert _instance(there, "copy")["MaxAllocatedStorage"] == 400, "RDS takes everything but backups from the source"


def test_a_replica_across_regions_has_readers_of_its_own(here: Client, there: Client) -> None:
    _follow(here, there)
    there.create_db_instance_read_replica(DBInstanceIdentifier="reader", SourceDBInstanceIdentifier="copy")
    there.promote_read_replica(DBInstanceIdentifier="copy", BackupRetentionPeriod=BACKUPS)
    found = _instance(there, "copy")["ReadReplicaDBInstanceIdentifiers"]
    assert found == ["reader"], "they keep following it when it is promoted"


def test_a_chain_ends_at_the_third_replica(here: Client, there: Client) -> None:
    _follow(here, there)
    for name, source in (("second", "copy"), ("third", "second")):
        there.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier=source)
        there.modify_db_instance(DBInstanceIdentifier=name, BackupRetentionPeriod=1, ApplyImmediately=True)
    with pytest.raises(ClientError, match="at most 3"):
        there.create_db_instance_read_replica(DBInstanceIdentifier="fourth", SourceDBInstanceIdentifier="third")


def test_a_source_forgets_a_replica_deleted_in_another_region(here: Client, there: Client) -> None:
    _follow(here, there)
    there.delete_db_instance(DBInstanceIdentifier="copy", SkipFinalSnapshot=True)
    assert _instance(here, "primary")["ReadReplicaDBInstanceIdentifiers"] == [], "only living replicas are named"


def test_a_replica_of_a_deleted_source_in_another_region_waits_for_its_promotion(here: Client, there: Client) -> None:
    _follow(here, there)
    here.delete_db_instance(DBInstanceIdentifier="primary", SkipFinalSnapshot=True)
    (status,) = _instance(there, "copy")["StatusInfos"]
    assert (status["Normal"], status["Status"]) == (False, "terminated"), "it has nothing to follow any more"
    there.promote_read_replica(DBInstanceIdentifier="copy", BackupRetentionPeriod=BACKUPS)
    assert not _instance(there, "copy").get("ReadReplicaSourceDBInstanceIdentifier"), "and can be promoted all the same"
