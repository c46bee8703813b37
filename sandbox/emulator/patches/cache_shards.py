"""A replication group of ElastiCache in cluster mode can have one shard or two.

ministack refuses two, AWS does not; and one shard has cluster mode off there, whatever its parameter group says, so
that the group has no configuration endpoint.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html (NumNodeGroups)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import elasticache

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap

_OK = 200
_FEWEST = "3"
"""Fewest shards of a group in cluster mode that the emulator makes."""


def _create(original: Handler) -> Handler:
    def create(params: Params) -> Response:
        name, shards = elasticache._p(params, "ReplicationGroupId"), elasticache._p(params, "NumNodeGroups")
        few = shards == "2" or (shards == "1" and _in_cluster_mode(params))
        if not few or name in elasticache._replication_groups:
            untouched: Response = original(params)
            return untouched
        answer: Response = original({**params, "NumNodeGroups": [_FEWEST]})
        if answer[0] != _OK:
            return answer
        group = elasticache._replication_groups[name]
        while len(group["NodeGroups"]) > int(shards):
            _drop_last_shard(group)
        return _answer("CreateReplicationGroup", group)

    return create


def _in_cluster_mode(params: Params) -> bool:
    """Tell whether a group is asked for in cluster mode, by its parameter group."""
    parameters = elasticache._param_group_params.get(elasticache._p(params, "CacheParameterGroupName"), {})
    return str(parameters.get("cluster-enabled", {}).get("Value")) == "yes"


def _drop_last_shard(group: dict[str, Any]) -> None:
    """Take the last shard away again."""
    last = group["NodeGroups"].pop()
    group["_num_node_groups"] = len(group["NodeGroups"])
    for member in last["NodeGroupMembers"]:
        cluster = elasticache._clusters.pop(member["CacheClusterId"])
        elasticache._tags.pop(cluster["CacheClusterArn"], None)
        group["MemberClusters"].remove(member["CacheClusterId"])


def _answer(action: str, group: dict[str, Any]) -> Response:
    body = f"<{action}Result><ReplicationGroup>{elasticache._rg_xml(group)}</ReplicationGroup></{action}Result>"
    answer: Response = elasticache._xml(200, f"{action}Response", body)
    return answer


PATCH = Patch(
    "elasticache-shards",
    "a group of two shards cannot be created, and one of a single shard has no configuration endpoint",
    lambda: wrap(elasticache, "_create_replication_group", _create),
)
