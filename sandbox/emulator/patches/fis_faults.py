"""What actions of AWS FIS take away here, and give back: tasks end, a database changes its zone, subnets are cut off.

A failover is none that could be taken back: the database is away for a minute of the clock, and stays in its new zone.
A cache keeps the roles that its nodes have got. What runs in a lost subnet stands still (`tasks.freezing`); the subnet
is under a network ACL of FIS meanwhile. Load balancers and NAT gateways are no machines here, and do not notice.
https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html (2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import new_uuid, request_scope
from ministack.services import ec2, ecs, elasticache, rds

from config.facts.experiments import CACHE_POWER, DISCONNECT, REBOOT, STOP_TASK
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.fis_targets import zone_name
from sandbox.emulator.tasks import freezing, lifecycle, placement
from sandbox.emulator.tasks.lock import LOCK
from sandbox.emulator.tasks.scheduler import SCHEDULER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sandbox.emulator.patches.service import Document

    Inject = Callable[[list[str], Mapping[str, str], Mapping[str, str]], list[Document]]

FAILOVER_S: Final = 60.0
"""Seconds for which a database that fails over is away: RDS says 60 to 120."""
AWAY = stores.regional("fis-databases")
"""Database -> when it is back."""
CUT = stores.regional("fis-subnets")
"""Subnet -> the network ACL that FIS has put it under."""
_OURS: Final = "managedByFIS"


class FaultError(Exception):
    """An action cannot be done; the message is its reason."""


def inject(action: str, arns: list[str], target: Mapping[str, str], given: Mapping[str, str]) -> list[Document]:
    """Do an action.

    Args:
        action: Its id.
        arns: What it is done to.
        target: Parameters of its target.
        given: Its own parameters.

    Returns:
        What `give_back` needs, as plain data.

    Raises:
        FaultError: It cannot be done.
    """
    return _INJECT[action](arns, target, given) if action in _INJECT else []


def _stop_tasks(arns: list[str], _target: Mapping[str, str], _given: Mapping[str, str]) -> list[Document]:
    with LOCK:
        for arn in arns:
            lifecycle.stop(ecs._tasks[arn], "Task stopped by AWS FIS", "UserInitiated")
    SCHEDULER.wake()
    return []


def _reboot(arns: list[str], _target: Mapping[str, str], given: Mapping[str, str]) -> list[Document]:
    for one in [one for one in rds._instances.values() if one["DBInstanceArn"] in arns]:
        name, fails_over = one["DBInstanceIdentifier"], given.get("forceFailover") == "true"
        if one["DBInstanceStatus"] != "available":
            raise FaultError(f"The DB instance {name} is {one['DBInstanceStatus']}, and not available.")
        if fails_over and not one.get("MultiAZ"):
            raise FaultError(f"A failover of {name} cannot be forced: it is not Multi-AZ.")
        if fails_over:
            here = one["AvailabilityZone"]
            one["AvailabilityZone"] = one.get("SecondaryAvailabilityZone") or _another_zone(one, here)
            one["SecondaryAvailabilityZone"] = here
            _tell(one, "failover", "Multi-AZ instance failover started.")
        one["DBInstanceStatus"] = "rebooting"
        AWAY[name] = time.time() + FAILOVER_S
    return []


def _another_zone(instance: Document, here: str) -> str:
    group = instance.get("DBSubnetGroup") or {}
    said = rds._subnet_groups.get(group.get("DBSubnetGroupName", "")) or group
    zones = [
        zone.get("Name") if isinstance(zone, dict) else zone
        for zone in (one.get("SubnetAvailabilityZone") for one in said.get("Subnets", []))
    ]
    return next((str(one) for one in zones if one and one != here), here[:-1] + ("b" if here.endswith("a") else "a"))


def _tell(instance: Document, category: str, message: str) -> None:
    rds._events[new_uuid()] = {
        "SourceIdentifier": instance["DBInstanceIdentifier"],
        "SourceType": "db-instance",
        "SourceArn": instance["DBInstanceArn"],
        "Message": message,
        "Date": time.time(),
        "EventCategories": [category],
    }


def _power(arns: list[str], target: Mapping[str, str], _given: Mapping[str, str]) -> list[Document]:
    zone = zone_name(target["availabilityZoneIdentifier"])
    undo: list[Document] = []
    for name, group in elasticache._replication_groups.items():
        if not any(arn.endswith(f":{name}") for arn in arns):
            continue
        if group.get("MultiAZ") not in (True, "enabled"):
            raise FaultError(f"The replication group {name} is not Multi-AZ.")
        for shard in group["NodeGroups"]:
            lost = [one for one in shard["NodeGroupMembers"] if one.get("PreferredAvailabilityZone") == zone]
            _promote(shard, lost)
            for one in lost:
                elasticache._clusters[one["CacheClusterId"]]["CacheClusterStatus"] = "modifying"
                undo.append({"node": one["CacheClusterId"]})
    return undo


def _promote(shard: Document, lost: list[Document]) -> None:
    heirs = [one for one in shard["NodeGroupMembers"] if one not in lost]
    for one in lost:
        if one.get("CurrentRole") == "primary" and heirs:
            one["CurrentRole"], heirs[0]["CurrentRole"] = "replica", "primary"


def _disconnect(arns: list[str], _target: Mapping[str, str], _given: Mapping[str, str]) -> list[Document]:
    subnets = [arn.rpartition("/")[2] for arn in arns]
    undo: list[Document] = []
    for vpc in sorted({ec2._subnets[one]["VpcId"] for one in subnets}):
        acl = _made(vpc)
        for subnet in (one for one in subnets if ec2._subnets[one]["VpcId"] == vpc):
            undo.append({"subnet": subnet, "under": _move(subnet, acl), "acl": acl})
            CUT[subnet] = acl
    refresh()
    return undo


def _made(vpc: str) -> str:
    """Make a network ACL that lets nothing through; returns its id."""
    _, _, body = ec2._ACTION_MAP["CreateNetworkAcl"]({"VpcId": [vpc]})
    acl = re.findall(r"<networkAclId>([^<]+)", body.decode() if isinstance(body, bytes) else body)[0]
    ec2._tags[acl] = [{"Key": _OURS, "Value": "true"}]
    return str(acl)


def _move(subnet: str, acl: str) -> str:
    """Put a subnet under another network ACL; returns the one that it was under."""
    ec2._ACTION_MAP["DescribeNetworkAcls"]({})
    for name, one in list(ec2._network_acls.items()):
        for association in one["Associations"]:
            if association["SubnetId"] == subnet:
                moved = {"AssociationId": [association["NetworkAclAssociationId"]], "NetworkAclId": [acl]}
                ec2._ACTION_MAP["ReplaceNetworkAclAssociation"](moved)
                return str(name)
    raise FaultError(f"The subnet {subnet} is under no network ACL.")


_INJECT: Final[dict[str, Inject]] = {
    STOP_TASK: _stop_tasks,
    REBOOT: _reboot,
    CACHE_POWER: _power,
    DISCONNECT: _disconnect,
}


def give_back(undo: Iterable[Document]) -> None:
    """Give back what an action took; what is not there any more is left."""
    for one in undo:
        if "node" in one and one["node"] in elasticache._clusters:
            elasticache._clusters[one["node"]]["CacheClusterStatus"] = "available"
        if "subnet" in one:
            _reconnect(one)
    refresh()


def _reconnect(undo: Document) -> None:
    CUT.pop(undo["subnet"], None)
    if undo["subnet"] in ec2._subnets and undo["under"] in ec2._network_acls:
        _move(undo["subnet"], undo["under"])
    acl: Any = ec2._network_acls.get(undo["acl"])
    if acl is not None and not acl["Associations"]:
        ec2._ACTION_MAP["DeleteNetworkAcl"]({"NetworkAclId": [undo["acl"]]})
        ec2._tags.pop(undo["acl"], None)


def refresh() -> None:
    """Let tasks know which subnets are cut off, in all accounts and regions."""
    placement.CUT.clear()
    placement.CUT.update(key for (_, _, key), _ in CUT.all_items())
    freezing.look()


def databases_return() -> None:
    """Let the databases be back whose time has come."""
    for (account, region, name), back in list(AWAY.all_items()):
        if time.time() < back:
            continue
        with request_scope(account, region):
            AWAY.pop(name, None)
            instance = rds._instances.get(name)
            if instance is not None and instance["DBInstanceStatus"] == "rebooting":
                instance["DBInstanceStatus"] = "available"
                _tell(instance, "failover", "Multi-AZ instance failover completed")
