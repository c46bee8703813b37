"""Caches of two regions make a Global Datastore, and change roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

DATASTORE = "ldgnf-both"
SHARDS = 3


@pytest.fixture
def here(aws: Aws) -> Client:
    """A client of the primary's region, with a datastore of one member."""
    client = aws("elasticache")
    client.create_replication_group(
        ReplicationGroupId="cache",
        ReplicationGroupDescription="primary",
        Engine="redis",
        EngineVersion="7.1",
        CacheNodeType="cache.r6g.large",
        NumNodeGroups=SHARDS,
        ReplicasPerNodeGroup=2,
        AutomaticFailoverEnabled=True,
        TransitEncryptionEnabled=True,
        AtRestEncryptionEnabled=True,
        AuthToken="only-in-a-test-token",
    )
    client.create_global_replication_group(GlobalReplicationGroupIdSuffix="both", PrimaryReplicationGroupId="cache")
    return client


@pytest.fixture
def there(aws: Aws) -> Client:
    """A client of the other region."""
    return aws("elasticache", "us-west-2")


def _join(there: Client, **given: object) -> None:
    there.create_replication_group(
        ReplicationGroupId="cache",
        ReplicationGroupDescription="secondary",
        GlobalReplicationGroupId=DATASTORE,
        **({"ReplicasPerNodeGroup": 1, "AutomaticFailoverEnabled": True} | given),
    )


def _group(client: Client) -> dict[str, Any]:
    return dict(client.describe_replication_groups(ReplicationGroupId="cache")["ReplicationGroups"][0])


def _datastore(client: Client) -> dict[str, Any]:
    asked = {"GlobalReplicationGroupId": DATASTORE, "ShowMemberInfo": True}
    return dict(client.describe_global_replication_groups(**asked)["GlobalReplicationGroups"][0])


def _roles(client: Client) -> dict[str, str]:
    return {one["ReplicationGroupRegion"]: one["Role"] for one in _datastore(client)["Members"]}


def test_a_datastore_begins_with_its_primary(here: Client) -> None:
    found = _datastore(here)
    assert found["Status"] == "primary-only", "nobody follows yet"
    assert (found["CacheNodeType"], found["Engine"], len(found["GlobalNodeGroups"])) == (
        "cache.r6g.large", "redis", SHARDS,
    ), "it is what its primary is"  # fmt: skip
    assert found["AuthTokenEnabled"], "and asks for the token that its primary asks for"
    assert _group(here)["GlobalReplicationGroupInfo"] == {
        "GlobalReplicationGroupId": DATASTORE,
        "GlobalReplicationGroupMemberRole": "PRIMARY",
    }, "the group knows of it"


def test_a_secondary_is_made_like_its_primary(here: Client, there: Client) -> None:
    _join(there)
    found = _group(there)
    assert (found["CacheNodeType"], found["Engine"], len(found["NodeGroups"])) == ("cache.r6g.large", "redis", SHARDS)
    flags = ("TransitEncryptionEnabled", "AtRestEncryptionEnabled", "AuthTokenEnabled")
    assert [found[flag] for flag in flags] == [True, True, True], "as well guarded"
    assert len(found["NodeGroups"][0]["NodeGroupMembers"]) == 2, "with as many replicas as it asked for itself"
    assert found["ARN"].split(":")[3] == "us-west-2", "in its own region"
    assert _roles(here) == _roles(there) == {"us-east-1": "PRIMARY", "us-west-2": "SECONDARY"}, "both regions see it"


def test_members_have_a_copy_of_the_parameters_of_their_own(here: Client, there: Client) -> None:
    _join(there)
    for client in (here, there):
        (name,) = {
            one["CacheParameterGroup"]["CacheParameterGroupName"]
            for one in client.describe_cache_clusters()["CacheClusters"]
        }
        assert name.startswith("global-datastore-"), "made by ElastiCache"


def test_members_take_no_minor_upgrades_and_are_refused_them(here: Client, there: Client) -> None:
    _join(there, AutoMinorVersionUpgrade=True)
    for client in (here, there):
        assert _group(client)["AutoMinorVersionUpgrade"] is False, "joining ends them, whatever was asked for"
        with pytest.raises(ClientError, match="part of a global cluster"):
            client.modify_replication_group(ReplicationGroupId="cache", AutoMinorVersionUpgrade=True)


def test_a_secondary_in_cluster_mode_fails_over_inside_its_region(there: Client, here: Client) -> None:
    assert _datastore(here)["ClusterEnabled"], "of a primary in cluster mode"
    _join(there, AutomaticFailoverEnabled=False)
    assert _group(there)["AutomaticFailover"] == "enabled", "cluster mode knows no other way"


def test_a_secondary_fails_over_inside_its_region_if_its_primary_does(aws: Aws) -> None:
    group = {"ReplicationGroupId": "single", "ReplicationGroupDescription": "one shard"}
    aws("elasticache").create_replication_group(
        **group, Engine="redis", CacheNodeType="cache.r6g.large", NumCacheClusters=2, AutomaticFailoverEnabled=True
    )
    aws("elasticache").create_global_replication_group(
        GlobalReplicationGroupIdSuffix="one", PrimaryReplicationGroupId="single"
    )
    there = aws("elasticache", "us-west-2")
    there.create_replication_group(**group, GlobalReplicationGroupId="ldgnf-one")
    (found,) = there.describe_replication_groups()["ReplicationGroups"]
    assert found["AutomaticFailover"] == "enabled", "it is a setting of the datastore"


def test_a_secondary_may_not_name_what_it_takes_from_its_primary(here: Client, there: Client) -> None:
    with pytest.raises(ClientError, match="CacheNodeType"):
        _join(there, CacheNodeType="cache.r6g.xlarge")
    assert _roles(here) == {"us-east-1": "PRIMARY"}, "nothing has joined"


def test_a_region_has_one_member(here: Client) -> None:
    with pytest.raises(ClientError, match="has a member in us-east-1"):
        here.create_replication_group(
            ReplicationGroupId="other", ReplicationGroupDescription="x", GlobalReplicationGroupId=DATASTORE
        )


def test_burstable_nodes_have_no_datastore(aws: Aws) -> None:
    client = aws("elasticache")
    client.create_replication_group(
        ReplicationGroupId="small", ReplicationGroupDescription="x", CacheNodeType="cache.t4g.small", Engine="redis"
    )
    with pytest.raises(ClientError, match="no Global Datastore"):
        client.create_global_replication_group(GlobalReplicationGroupIdSuffix="s", PrimaryReplicationGroupId="small")


def test_a_failover_swaps_the_roles_and_comes_back(here: Client, there: Client) -> None:
    _join(there)
    asked = {"GlobalReplicationGroupId": DATASTORE, "PrimaryReplicationGroupId": "cache"}
    there.failover_global_replication_group(**asked, PrimaryRegion="us-west-2")
    assert _roles(there) == {"us-east-1": "SECONDARY", "us-west-2": "PRIMARY"}, "promoted"
    with pytest.raises(ClientError, match="primary of ldgnf-both already"):
        there.failover_global_replication_group(**asked, PrimaryRegion="us-west-2")
    there.failover_global_replication_group(**asked, PrimaryRegion="us-east-1")
    assert _roles(here) == {"us-east-1": "PRIMARY", "us-west-2": "SECONDARY"}, "and back"


def test_a_datastore_is_seen_from_its_members_regions_only(here: Client, there: Client) -> None:
    assert _roles(here), "a datastore of one region"
    with pytest.raises(ClientError, match="GlobalReplicationGroupNotFoundFault"):
        _datastore(there)


def test_members_cannot_be_deleted(here: Client, there: Client) -> None:
    _join(there)
    for client in (here, there):
        with pytest.raises(ClientError, match="part of a global cluster"):
            client.delete_replication_group(ReplicationGroupId="cache")


def test_a_datastore_is_taken_apart_from_its_secondaries_on(here: Client, there: Client) -> None:
    _join(there)
    asked = {"GlobalReplicationGroupId": DATASTORE}
    with pytest.raises(ClientError, match="InvalidGlobalReplicationGroupState"):
        here.delete_global_replication_group(**asked, RetainPrimaryReplicationGroup=True)
    there.disassociate_global_replication_group(**asked, ReplicationGroupId="cache", ReplicationGroupRegion="us-west-2")
    assert "GlobalReplicationGroupInfo" not in _group(there), "it stands alone"
    here.delete_global_replication_group(**asked, RetainPrimaryReplicationGroup=True)
    assert _group(here)["Status"] == "available", "the primary stays"
    there.delete_replication_group(ReplicationGroupId="cache")


def test_size_and_version_are_changed_for_all_members(here: Client, there: Client) -> None:
    _join(there)
    with pytest.raises(ClientError, match="part of a global cluster"):
        here.modify_replication_group(ReplicationGroupId="cache", CacheNodeType="cache.r6g.xlarge")
    here.modify_global_replication_group(
        GlobalReplicationGroupId=DATASTORE, ApplyImmediately=True, CacheNodeType="cache.r6g.xlarge"
    )
    assert _group(there)["CacheNodeType"] == "cache.r6g.xlarge", "members are of one size"


def test_a_token_is_changed_on_the_primary(here: Client, there: Client) -> None:
    _join(there)
    change = {
        "ReplicationGroupId": "cache",
        "AuthToken": "another-token-in-a-test",
        "AuthTokenUpdateStrategy": "ROTATE",
    }
    with pytest.raises(ClientError, match="part of a global cluster"):
        there.modify_replication_group(**change)
    here.modify_replication_group(**change)
    assert _group(there)["AuthTokenEnabled"], "the secondary asks for it, too"


def test_a_member_keeps_settings_of_its_own(here: Client, there: Client) -> None:
    _join(there)
    there.modify_replication_group(ReplicationGroupId="cache", SnapshotRetentionLimit=7, ApplyImmediately=True)
    assert (_group(there)["SnapshotRetentionLimit"], _group(here)["SnapshotRetentionLimit"]) == (7, 0)
