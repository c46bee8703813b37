"""Does the standby serve alone? Looked at with boto3 in its own region, while the primary's is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.drill import topics
from sandbox.drill.checks import Check, asked, holds, same
from sandbox.drill.names import writers_point_to
from sandbox.drill.steady import instance, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.drill.sides import Pair, Side

FIX: Final = "see the update's log in .sandbox/logs; docs/runbooks/failover.md says what each step does"
BACKUP_DAYS: Final = 1
"""A promoted database without backups is one mistake away from nothing."""


def checks(pair: Pair) -> list[Check]:
    """Return what was looked at; the primary's region is not asked for anything."""
    looks = {
        "postgres-serves": lambda: postgres(pair.standby),
        "redis-serves": lambda: redis(pair),
        "cluster-serves": lambda: cluster(pair.standby),
        "topics-serve": lambda: topics.serve(pair.standby, FIX),
        "writers-here": lambda: [writers_point_to(pair.standby, pair.standby, FIX)],
    }
    return [check for name, look in looks.items() for check in asked(name, FIX, look)]


def postgres(side: Side) -> Iterator[Check]:
    """Look at the database: nobody's replica, available, backed up."""
    found = instance(side)
    yield same("postgres-serves", "nothing", found.get("ReadReplicaSourceDBInstanceIdentifier") or "nothing", FIX)
    yield same("postgres-up", "available", found["DBInstanceStatus"], FIX)
    days = int(found.get("BackupRetentionPeriod", 0))
    yield holds("postgres-backups", f"{BACKUP_DAYS} day or more", f"{days} days", FIX, ok=days >= BACKUP_DAYS)


def redis(pair: Pair) -> Iterator[Check]:
    """Look at the global datastore: the standby's group leads."""
    roles = {region: role for _, region, role in members(pair)}
    yield same("redis-serves", "PRIMARY", roles.get(pair.standby.region, "no member"), FIX)


def cluster(side: Side) -> Iterator[Check]:
    """Look at the node groups: each has the nodes that it should have while this stack serves."""
    client, name = side.client("eks"), str(side.outputs["cluster_name"])
    sizes = sized(client, name)
    zones = len(side.setting("network.zones"))
    for group, said in sorted(dict(side.setting("cluster.node_groups")).items()):
        counts = said.get("active") or said["scaling"]
        wanted = counts["desired"] * (zones if said["scaling"]["per"] == "zone" else 1)
        found = sum(size for own, size in sizes.items() if belongs(own, group))
        yield holds(f"nodes {group}", f"{wanted} or more", found, FIX, ok=found >= wanted)


def sized(client: Any, cluster_name: str) -> dict[str, int]:  # noqa: ANN401 boto3 makes its clients at run time
    """Return node group -> desired number of nodes."""
    pages = client.get_paginator("list_nodegroups").paginate(clusterName=cluster_name)
    names = [name for page in pages for name in page["nodegroups"]]
    found = (client.describe_nodegroup(clusterName=cluster_name, nodegroupName=name)["nodegroup"] for name in names)
    return {group["nodegroupName"]: int(group["scalingConfig"]["desiredSize"]) for group in found}


def belongs(node_group: str, group: str) -> bool:
    """Whether a node group's physical name is of a group of the stack file."""
    return group in node_group.split("-")
