"""Step `datastore`: which region's cache takes writes.

FailoverGlobalReplicationGroup is served in any region of the datastore, so it works while the other one is lost. A
planned failover, with both regions there, loses nothing; a forced one loses what had not crossed, under a second
(ElastiCache user guide, "Replication across AWS Regions using global datastores", 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .order import Order

Client = Any
"""A boto3 client; boto3 makes its methods at run time."""


def run(content: Mapping[str, Any], order: Order) -> Mapping[str, Any]:
    """Make the cache of the region that serves the primary of the datastore, unless it is.

    Args:
        content: `id` of the datastore; `standby` and `primary`, each with `region` and `group`.
        order: Who serves.

    Returns:
        The region that takes writes, and whether that is new.

    Raises:
        ValueError: The group that shall take writes is no member of the datastore; or, while the standby follows, its
            group asks clients for no token although the primary's does.
    """
    if order.deleting:
        return {"changed": False}
    client = boto3.client("elasticache")
    wanted = content["standby"] if order.active else content["primary"]
    members = _members(client, content["id"])
    if wanted["region"] not in members:
        raise ValueError(f"{wanted['group']} of {wanted['region']} is not a member of {content['id']}")
    if not order.active:  # found while there is time; a failover is not the moment to be refused
        _same_guard(client, content)
    if members[wanted["region"]] == "PRIMARY":
        return {"region": wanted["region"], "changed": False}
    client.failover_global_replication_group(
        GlobalReplicationGroupId=content["id"],
        PrimaryRegion=wanted["region"],
        PrimaryReplicationGroupId=wanted["group"],
    )
    order.wait(
        lambda: _members(client, content["id"])[wanted["region"]] == "PRIMARY",
        f"{content['id']}: {wanted['region']} takes writes",
    )
    return {"region": wanted["region"], "changed": True}


def _members(client: Client, name: str) -> dict[str, str]:
    """Return the role of each member, by region."""
    found = client.describe_global_replication_groups(GlobalReplicationGroupId=name, ShowMemberInfo=True)
    return {one["ReplicationGroupRegion"]: one["Role"] for one in found["GlobalReplicationGroups"][0]["Members"]}


def _same_guard(client: Client, content: Mapping[str, Any]) -> None:
    """Refuse to go on with a cache that anybody may use: the token comes with the datastore, and here is the proof."""
    datastore = client.describe_global_replication_groups(GlobalReplicationGroupId=content["id"])
    group = client.describe_replication_groups(ReplicationGroupId=content["standby"]["group"])["ReplicationGroups"][0]
    if datastore["GlobalReplicationGroups"][0].get("AuthTokenEnabled") and not group.get("AuthTokenEnabled"):
        raise ValueError(f"{content['standby']['group']} of {content['standby']['region']} asks for no token")
