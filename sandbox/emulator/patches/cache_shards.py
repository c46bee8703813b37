"""A replication group of ElastiCache can have two shards.

ministack refuses two, AWS does not.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html (NumNodeGroups)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import elasticache

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap

_OK = 200
_TWO_SHARDS = "2"


def _create(original: Handler) -> Handler:
    def create(params: Params) -> Response:
        name = elasticache._p(params, "ReplicationGroupId")
        if elasticache._p(params, "NumNodeGroups") != _TWO_SHARDS or name in elasticache._replication_groups:
            untouched: Response = original(params)
            return untouched
        answer: Response = original({**params, "NumNodeGroups": ["3"]})
        if answer[0] != _OK:
            return answer
        group = elasticache._replication_groups[name]
        _drop_last_shard(group)
        return _answer("CreateReplicationGroup", group)

    return create


def _drop_last_shard(group: dict[str, Any]) -> None:
    """Take one shard of three away again: the emulator refuses two, AWS does not."""
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
    "a group of two shards cannot be created",
    lambda: wrap(elasticache, "_create_replication_group", _create),
)
