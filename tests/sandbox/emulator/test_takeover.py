"""A standby takes over while the primary's region refuses everything, and both roles survive a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client, outage
from tests.sandbox.emulator.conftest import Aws, session

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.emulator

EAST, WEST = "us-east-1", "us-west-2"
NAME = "both"
DATASTORE = f"ldgnf-{NAME}"


def _pair(aws: Aws) -> None:
    """Make a database and a cache in the east that the west follows."""
    aws("rds", EAST).create_db_instance(
        DBInstanceIdentifier=NAME,
        Engine="postgres",
        DBInstanceClass="db.r6g.large",
        AllocatedStorage=100,
        MasterUsername="owner",
        MasterUserPassword="only-in-a-test",
        BackupRetentionPeriod=7,
    )
    source = aws("rds", EAST).describe_db_instances()["DBInstances"][0]["DBInstanceArn"]
    aws("rds", WEST).create_db_instance_read_replica(DBInstanceIdentifier=NAME, SourceDBInstanceIdentifier=source)
    group = {"ReplicationGroupId": NAME, "ReplicationGroupDescription": NAME}
    aws("elasticache", EAST).create_replication_group(**group, Engine="redis", CacheNodeType="cache.r6g.large")
    aws("elasticache", EAST).create_global_replication_group(
        GlobalReplicationGroupIdSuffix=NAME, PrimaryReplicationGroupId=NAME
    )
    aws("elasticache", WEST).create_replication_group(**group, GlobalReplicationGroupId=DATASTORE)


def _take_over(aws: Aws) -> None:
    aws("rds", WEST).promote_read_replica(DBInstanceIdentifier=NAME, BackupRetentionPeriod=7)
    aws("elasticache", WEST).failover_global_replication_group(
        GlobalReplicationGroupId=DATASTORE, PrimaryRegion=WEST, PrimaryReplicationGroupId=NAME
    )


def _serves(aws: Aws, region: str) -> tuple[bool, bool]:
    """Tell whether the region's database and cache take writes."""
    database = aws("rds", region).describe_db_instances()["DBInstances"][0]
    asked = {"GlobalReplicationGroupId": DATASTORE, "ShowMemberInfo": True}
    datastore = aws("elasticache", region).describe_global_replication_groups(**asked)["GlobalReplicationGroups"][0]
    roles = {member["ReplicationGroupRegion"]: member["Role"] for member in datastore["Members"]}
    return not database.get("ReadReplicaSourceDBInstanceIdentifier"), roles[region] == "PRIMARY"


def test_a_takeover_needs_nothing_of_the_lost_region() -> None:
    emulator = client.start(None)
    try:
        aws = session(emulator)
        _pair(aws)
        assert _serves(aws, WEST) == (False, False), "the west follows"
        outage.cut(emulator.url, EAST)
        _take_over(aws)
        assert _serves(aws, WEST) == (True, True), "the west serves alone"
        assert outage.heal(emulator.url, EAST).refused == (), "and has asked nothing of the east"
        assert _serves(aws, EAST) == (True, False), "whose database is another one now, and whose cache follows"
    finally:
        emulator.stop()


def test_roles_outlive_a_restart(tmp_path: Path) -> None:
    emulator = client.start(tmp_path)
    _pair(session(emulator))
    _take_over(session(emulator))
    emulator.stop()
    again = client.start(tmp_path)
    try:
        assert _serves(session(again), WEST) == (True, True), "they are part of the emulator's state"
    finally:
        again.stop()
