"""Where a task is placed: the subnet whose zone has the fewest of its service, an address of it, its interface."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import secrets
from collections import Counter
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, TypeAlias

from ministack.core.responses import get_region, new_uuid
from ministack.services import ec2, ecs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Record: TypeAlias = dict[str, Any]
"""A record as ministack keeps it; names that begin with `_` are not answered."""

CUT: set[str] = set()
"""Subnets that an experiment keeps from everybody: nothing starts there, and what runs there stands still."""
_RESERVED = 4
"""Addresses at a subnet's beginning that AWS keeps; the last one, too."""


class NoAddressError(Exception):
    """The subnet has no free address."""


def missing(subnets: Iterable[str]) -> list[str]:
    """Return the subnets that do not exist in this account and region."""
    return [one for one in subnets if one not in ec2._subnets]


def choose(subnets: Sequence[str], beside: Iterable[Record]) -> str:
    """Return the subnet for a task: that whose zone has the fewest tasks, the earlier one on a tie.

    A subnet that is cut off is taken where there is no other: Fargate stops placing into a zone that is impaired.

    Args:
        subnets: Of the service's network configuration; at least one.
        beside: Tasks of the service that stay.
    """
    there = Counter(task["availabilityZone"] for task in beside)
    usable = [one for one in subnets if one not in CUT] or subnets
    return min(usable, key=lambda one: there[zone(one)])


def zone(subnet: str) -> str:
    """Return the availability zone of a subnet."""
    return str(ec2._subnets[subnet]["AvailabilityZone"])


def subnet_of(task: Record) -> str:
    """Return the subnet that a task is in; empty where it has none."""
    details = [one for each in task["attachments"] for one in each.get("details", [])]
    return next((str(one["value"]) for one in details if one["name"] == "subnetId"), "")


def attach(task: Record, subnet: str) -> None:
    """Give a task an elastic network interface with a private address of a subnet.

    Raises:
        NoAddressError: All are taken.
    """
    address = _free(IPv4Network(ec2._subnets[subnet]["CidrBlock"]))
    interface, identifier = f"eni-{secrets.token_hex(8)}{secrets.token_hex(1)[:1]}", new_uuid()
    named = address.replace(".", "-")
    domain = "ec2.internal" if get_region() == "us-east-1" else f"{get_region()}.compute.internal"
    details = {
        "subnetId": subnet,
        "networkInterfaceId": interface,
        "macAddress": "02:" + ":".join(f"{byte:02x}" for byte in secrets.token_bytes(5)),
        "privateDnsName": f"ip-{named}.{domain}",
        "privateIPv4Address": address,
    }
    task["availabilityZone"] = zone(subnet)
    task["attachments"] = [
        {
            "id": identifier,
            "type": "ElasticNetworkInterface",
            "status": "ATTACHED",
            "details": [{"name": name, "value": value} for name, value in details.items()],
        }
    ]
    for container in task["containers"]:
        container["networkInterfaces"] = [{"attachmentId": identifier, "privateIpv4Address": address}]


def _free(block: IPv4Network) -> str:
    taken = {address(task) for _, task in ecs._tasks.all_items() if task["lastStatus"] != "STOPPED"}
    for number in range(_RESERVED, block.num_addresses - 1):
        if (found := str(block[number])) not in taken:
            return found
    raise NoAddressError(f"{block} has no free address")


def address(task: Record) -> str | None:
    """Return a task's private address."""
    found: str | None = ecs._task_ip(task)
    return found
