"""A replication group keeps its key, and its nodes follow its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
KEY = "arn:aws:kms:us-east-1:111122223333:key/1"


def _create(cache: Client, shards: int, **given: object) -> None:
    cache.create_replication_group(
        ReplicationGroupId="g",
        ReplicationGroupDescription="g",
        Engine="redis",
        CacheNodeType="cache.r6g.large",
        NumNodeGroups=shards,
        ReplicasPerNodeGroup=1,
        AutomaticFailoverEnabled=True,
        **given,
    )


def _group(cache: Client) -> dict[str, object]:
    return dict(cache.describe_replication_groups(ReplicationGroupId="g")["ReplicationGroups"][0])


def test_a_group_keeps_its_key(aws: Aws) -> None:
    cache = aws("elasticache")
    _create(cache, 3, AtRestEncryptionEnabled=True, KmsKeyId=KEY)
    assert _group(cache).get("KmsKeyId") == KEY, "the key is described"


def test_the_members_follow_a_change_of_their_group(aws: Aws) -> None:
    cache = aws("elasticache")
    _create(cache, 3, AutoMinorVersionUpgrade=True)
    cache.modify_replication_group(
        ReplicationGroupId="g",
        SecurityGroupIds=["sg-2"],
        PreferredMaintenanceWindow="mon:05:00-mon:06:00",
        AutoMinorVersionUpgrade=False,
        SnapshotRetentionLimit=7,
        ApplyImmediately=True,
    )
    member = cache.describe_cache_clusters()["CacheClusters"][0]
    shown = (
        [group["SecurityGroupId"] for group in member["SecurityGroups"]],
        member["PreferredMaintenanceWindow"],
        member.get("AutoMinorVersionUpgrade"),
        member["SnapshotRetentionLimit"],
    )
    assert shown == (["sg-2"], "mon:05:00-mon:06:00", False, 7), "the provider reads a group's settings off a member"


def test_upgrades_are_on_unless_switched_off(aws: Aws) -> None:
    cache = aws("elasticache")
    _create(cache, 3)
    member = cache.describe_cache_clusters()["CacheClusters"][0]
    assert member.get("AutoMinorVersionUpgrade") is True, "minor upgrades are AWS's default"
