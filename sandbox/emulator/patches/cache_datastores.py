"""Global Datastores as the emulator keeps and shows them: members of several regions under one id."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import elasticache

from sandbox.emulator.patches import stores

ID = "GlobalReplicationGroupId"
_FLAGS = ("ClusterEnabled", "AuthTokenEnabled", "TransitEncryptionEnabled", "AtRestEncryptionEnabled")

Datastore = dict[str, Any]
Member = dict[str, str]

datastores = stores.of_account("elasticache-global-groups")


def group_of(member: Member) -> dict[str, Any] | None:
    """The replication group of a member, in whatever region it is."""
    name, region = member["ReplicationGroupId"], member["ReplicationGroupRegion"]
    found: dict[str, Any] | None = elasticache._replication_groups.get_scoped(get_account_id(), region, name)
    return found


def member_of(name: str, region: str) -> tuple[Datastore, Member] | None:
    """The datastore a group belongs to, and its place in it."""
    for datastore in datastores.values():
        for member in datastore["Members"]:
            if (member["ReplicationGroupId"], member["ReplicationGroupRegion"]) == (name, region):
                return datastore, member
    return None


def primary_of(datastore: Datastore) -> dict[str, Any]:
    """The replication group that takes writes."""
    (member,) = [member for member in datastore["Members"] if member["Role"] == "PRIMARY"]
    return group_of(member) or {}


def visible(name: str) -> Datastore | None:
    """A datastore, seen from a region that it has a member in."""
    found: Datastore | None = datastores.get(name)
    if found and any(member["ReplicationGroupRegion"] == get_region() for member in found["Members"]):
        return found
    return None


def xml(datastore: Datastore, *, members: bool = True, status: str = "") -> str:
    """A datastore as AWS answers it."""
    primary = primary_of(datastore)
    secondary = len(datastore["Members"]) > 1
    fields = {
        ID: datastore[ID],
        "GlobalReplicationGroupDescription": datastore["GlobalReplicationGroupDescription"],
        "Status": status or ("available" if secondary else "primary-only"),
        "CacheNodeType": primary["CacheNodeType"],
        "Engine": primary["Engine"],
        "EngineVersion": primary["EngineVersion"],
        "ARN": f"arn:aws:elasticache::{get_account_id()}:globalreplicationgroup:{datastore[ID]}",
        **{flag: spelt(primary.get(flag, False)) for flag in _FLAGS},
    }
    shown = "".join(f"<{key}>{value}</{key}>" for key, value in fields.items())
    shards = "".join(
        f"<GlobalNodeGroup><GlobalNodeGroupId>{datastore[ID]}-{shard['NodeGroupId']}</GlobalNodeGroupId>"
        f"<Slots>{shard.get('Slots', '')}</Slots></GlobalNodeGroup>"
        for shard in primary["NodeGroups"]
    )
    shown += f"<GlobalNodeGroups>{shards}</GlobalNodeGroups>"
    inside = "".join(_member_xml(member) for member in datastore["Members"]) if members else ""
    return f"{shown}<Members>{inside}</Members>"


def _member_xml(member: Member) -> str:
    group = group_of(member) or {}
    fields = {**member, "AutomaticFailover": group.get("AutomaticFailover", "disabled"), "Status": "associated"}
    shown = "".join(f"<{key}>{value}</{key}>" for key, value in fields.items())
    return f"<GlobalReplicationGroupMember>{shown}</GlobalReplicationGroupMember>"


def spelt(value: object) -> str:
    """A value as AWS writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
