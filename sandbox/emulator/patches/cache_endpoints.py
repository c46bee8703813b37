"""The addresses of a replication group say which one it is, which part, and in which region.

ministack names a container for every cache of every region. Nothing listens at the names.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html (form of the names)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import elasticache

from sandbox.emulator.patches.base import Handler, Patch, wrap
from sandbox.emulator.patches.endpoint_names import is_placeholder, mark, short

if TYPE_CHECKING:
    from collections.abc import Mapping


def _group_named(around: Handler) -> Handler:
    def xml(group: Mapping[str, Any]) -> str:
        name, region = group["ReplicationGroupId"], get_region()
        tail = f"{name}.{mark(get_account_id(), region)[:6]}.{short(region)}.cache.amazonaws.com"
        shards = [_shard(shard, tail) for shard in group.get("NodeGroups", [])]
        named = {**group, "NodeGroups": shards}
        if configuration := group.get("ConfigurationEndpoint"):
            named["ConfigurationEndpoint"] = _at(configuration, f"clustercfg.{tail}")
        return str(around(named))

    return xml


def _shard(shard: Mapping[str, Any], tail: str) -> dict[str, Any]:
    members = [
        {**one, "ReadEndpoint": _at(one.get("ReadEndpoint", {}), f"{one.get('CacheClusterId', 'node')}.{tail}")}
        for one in shard.get("NodeGroupMembers", [])
    ]
    ends = {"PrimaryEndpoint": f"master.{tail}", "ReaderEndpoint": f"replica.{tail}"}
    return {**shard, "NodeGroupMembers": members} | {end: _at(shard.get(end, {}), host) for end, host in ends.items()}


def _at(endpoint: Mapping[str, Any], host: str) -> dict[str, Any]:
    return {**endpoint, "Address": host} if is_placeholder(endpoint) else dict(endpoint)


PATCH = Patch(
    "elasticache-endpoint-names",
    "every cache is at `redis`, so that nobody can tell one region's from another's",
    lambda: wrap(elasticache, "_rg_xml", _group_named),
)
