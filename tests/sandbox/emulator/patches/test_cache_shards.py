"""Two shards are two shards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


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


def test_a_group_can_have_two_shards(aws: Aws) -> None:
    cache = aws("elasticache")
    _create(cache, 2)
    group = _group(cache)
    shards, members = group["NodeGroups"], group["MemberClusters"]
    assert isinstance(shards, list)
    assert isinstance(members, list)
    assert (len(shards), len(members)) == (2, 4), "two shards of two nodes"
    alive = cache.describe_cache_clusters()["CacheClusters"]
    assert sorted(cluster["CacheClusterId"] for cluster in alive) == sorted(members), "no node outside its group"
