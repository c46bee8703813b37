"""RDS and ElastiCache: an endpoint's name says what it is and in which region.

ministack names a container, or `localhost` where there is none, so that every database of every region has the same
address and nobody can tell whose a writer was told. Here a name without a dot is answered as AWS would name it; nothing
listens there, as nothing listened at `localhost`.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_CommonTasks.Connect.html (form of the names)
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html (same)
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import elasticache, rds

from sandbox.emulator.patches.base import Handler, Patch, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping

_LENGTH = 12


def _named(around: Handler) -> Handler:
    def xml(instance: Mapping[str, Any]) -> str:
        endpoint = instance.get("Endpoint")
        if isinstance(endpoint, dict) and _is_placeholder(endpoint):
            _, _, _, region, account, *_ = str(instance["DBInstanceArn"]).split(":")
            host = f"{instance['DBInstanceIdentifier']}.c{_mark(account, region)}.{region}.rds.amazonaws.com"
            instance = {**instance, "Endpoint": {**endpoint, "Address": host}}
        return str(around(instance))

    return xml


def _group_named(around: Handler) -> Handler:
    def xml(group: Mapping[str, Any]) -> str:
        name, region = group["ReplicationGroupId"], get_region()
        tail = f"{name}.{_mark(get_account_id(), region)[:6]}.{_short(region)}.cache.amazonaws.com"
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
    return {**endpoint, "Address": host} if _is_placeholder(endpoint) else dict(endpoint)


def _is_placeholder(endpoint: Mapping[str, Any]) -> bool:
    return "." not in str(endpoint.get("Address", ""))


def _mark(account: str, region: str) -> str:
    """What AWS puts into the names of one account and region."""
    return hashlib.sha256(f"{account} {region}".encode()).hexdigest()[:_LENGTH]


def _short(region: str) -> str:
    """A region as the names of caches have it: `use1`, `usw2`."""
    place, side, number = region.rsplit("-", 2)
    return f"{place.replace('-', '')}{side[0]}{number}"


PATCHES = (
    Patch(
        "rds-endpoint-names",
        "every database is at `localhost`, so that nobody can tell one region's from another's",
        lambda: wrap(rds, "_instance_xml", _named),
    ),
    Patch(
        "elasticache-endpoint-names",
        "every cache is at `redis`, so that nobody can tell one region's from another's",
        lambda: wrap(elasticache, "_rg_xml", _group_named),
    ),
)
