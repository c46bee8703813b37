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


def test_a_group_of_one_shard_is_in_cluster_mode_where_its_parameters_say_so(aws: Aws) -> None:
    cache = aws("elasticache")
    cache.create_cache_parameter_group(
        CacheParameterGroupName="p", CacheParameterGroupFamily="redis7", Description="cluster mode"
    )
    on = [{"ParameterName": "cluster-enabled", "ParameterValue": "yes"}]
    cache.modify_cache_parameter_group(CacheParameterGroupName="p", ParameterNameValues=on)
    _create(cache, 1, CacheParameterGroupName="p")
    group = _group(cache)
    assert group["ClusterEnabled"] is True
    assert group["ConfigurationEndpoint"], "where cluster clients begin"
    assert group["MemberClusters"] == ["g-0001-001", "g-0001-002"], "one shard of two nodes"


def test_a_group_of_one_shard_has_no_cluster_mode_otherwise(aws: Aws) -> None:
    cache = aws("elasticache")
    _create(cache, 1)
    group = _group(cache)
    assert group["ClusterEnabled"] is False
    assert "ConfigurationEndpoint" not in group
