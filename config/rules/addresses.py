"""The address plan: blocks inside the VPC, apart from each other, one per zone, and ways to the internet that work."""

from __future__ import annotations

import difflib
from contextlib import suppress
from functools import wraps
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Final

from config.base import IncompleteError, present
from config.facts.limits import EKS_PUBLIC_CIDRS
from config.facts.regions import EKS_WITHOUT, regions
from config.facts.services import INTERFACE_ENDPOINTS
from config.problems import Path, dotted, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.network import Network, Tier
    from config.problems import Problem
    from config.stack import StackConfig

PRIVATE: Final = tuple(
    IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
"""Private and shared address space (RFC 1918, RFC 6598); AWS takes both (VPC User Guide, "VPC CIDR blocks", 2026-11).
What lies outside belongs to somebody, whom a VPC that takes it could not reach."""
WIDEST: Final = 16
"""Shortest prefix of a VPC or subnet (VPC User Guide, "VPC CIDR blocks")."""
NARROWEST: Final = 28
"""Longest prefix of a VPC or subnet."""


def networks(config: StackConfig) -> list[tuple[str, Network]]:
    """Return the sections of all VPCs of a stack by their names; those that are unsound as a whole are left out."""
    found: list[tuple[str, Network]] = []
    with suppress(IncompleteError):
        found += [("network", config.network)] if config.network is not None else []
    with suppress(IncompleteError):
        found += [("management", config.management)] if config.management is not None else []
    return found


def blocks(at: str, network: Network) -> list[tuple[Path, IPv4Network]]:
    """Return every subnet block with the path it stands at; a tier whose blocks are unsound is left out."""
    found: list[tuple[Path, IPv4Network]] = []
    for name, tier in network.tiers.items():
        with suppress(IncompleteError):
            found += [((at, "tiers", name, "cidrs", place), block) for place, block in enumerate(tier.cidrs)]
    return found


def of_each(
    rule: Callable[[str, Network, StackConfig], Iterator[Problem]],
) -> Callable[[StackConfig], Iterator[Problem]]:
    """Return a rule that judges every VPC of a stack; what one lacks hides nothing of another."""

    @wraps(rule)
    def judge(config: StackConfig) -> Iterator[Problem]:
        for at, network in networks(config):
            yield from until_incomplete(rule(at, network, config))

    return judge


def clashes(plan: list[tuple[Path, IPv4Network]]) -> list[tuple[int, int]]:
    """Return the pairs of blocks, by index, that share an address; the earlier first."""
    return [(i, j) for j in range(len(plan)) for i in range(j) if plan[i][1].overlaps(plan[j][1])]


def _size(path: Path, block: IPv4Network) -> Iterator[Problem]:
    if not WIDEST <= block.prefixlen <= NARROWEST:
        what = f"too {'wide' if block.prefixlen < WIDEST else 'narrow'} for AWS"
        yield refuse(path, what, got=block, allowed=f"/{WIDEST} to /{NARROWEST}", fix="choose another prefix length")


@of_each
def vpc_block(at: str, network: Network, _: StackConfig) -> Iterator[Problem]:
    """The VPC lies in private space and is of a size that AWS takes."""
    path, block = (at, "cidr"), network.cidr
    yield from _size(path, block)
    if not any(block.subnet_of(private) for private in PRIVATE):
        allowed = f"inside {', '.join(str(private) for private in PRIVATE)}"
        fix = "choose a private block that no connected network uses"
        yield refuse(path, "not private address space", got=block, allowed=allowed, fix=fix)


@of_each
def subnet_blocks(at: str, network: Network, _: StackConfig) -> Iterator[Problem]:
    """Subnets are of a size that AWS takes, and apart from each other."""
    plan = blocks(at, network)
    for path, block in plan:
        yield from _size(path, block)
    for i, j in clashes(plan):
        (where, other), (path, block) = plan[i], plan[j]
        what = f"overlaps {other} of {dotted(where)}"
        yield refuse(path, what, got=block, allowed="blocks that share no address", fix="move one of the two")


@of_each
def subnets_in_vpc(at: str, network: Network, _: StackConfig) -> Iterator[Problem]:
    """Subnets lie inside the VPC."""
    vpc = network.cidr
    for path, block in blocks(at, network):
        if not block.subnet_of(vpc):
            fix = f"move it into {at}.cidr, or widen that"
            yield refuse(path, "outside the VPC", got=block, allowed=f"inside {vpc}", fix=fix)


@of_each
def subnet_per_zone(at: str, network: Network, _: StackConfig) -> Iterator[Problem]:
    """Each tier has one block for each zone."""
    zones = network.zones

    def matches(name: str, tier: Tier) -> Iterator[Problem]:
        if len(tier.cidrs) != len(zones):
            yield refuse(
                (at, "tiers", name, "cidrs"),
                "not one block per zone",
                got=f"{len(tier.cidrs)} blocks for {len(zones)} zones",
                allowed=f"{len(zones)} blocks",
                fix=f"give a block each for zones {', '.join(zones)}, in this order",
            )

    for name, tier in network.tiers.items():
        yield from until_incomplete(matches(name, tier))


@of_each
def zones_exist(at: str, network: Network, config: StackConfig) -> Iterator[Problem]:
    """Zones exist in the region."""
    zones = network.zones
    region = regions()[config.identity.region]
    for place, zone in enumerate(zones):
        path = (at, "zones", place)
        fix = "choose another letter, or correct identity.region"
        if zone not in region.letters:
            allowed = ", ".join(region.letters)
            yield refuse(path, f"{region.code} has no such zone", got=zone, allowed=allowed, fix=fix)
        elif at == "network" and (one := region.zone_id(region.ids.get(zone, ""))) in EKS_WITHOUT and config.cluster:
            allowed = ", ".join(it for it, number in region.ids.items() if region.zone_id(number) not in EKS_WITHOUT)
            yield refuse(path, f"EKS takes no subnet in {one}", got=zone, allowed=allowed, fix=fix)


@of_each
def nat(at: str, network: Network, _: StackConfig) -> Iterator[Problem]:
    """NAT gateways exist if, and only if, a tier goes through them."""
    path, got = (at, "nat"), network.nat
    wanting = [name for name, tier in network.tiers.items() if tier.internet == "nat"]
    if wanting and got == "none":
        what = f"tiers {', '.join(wanting)} go out by NAT, and there is none"
        yield refuse(path, what, got=got, allowed="per_zone, single", fix="give a NAT, or set `internet: none` there")
    if not wanting and got != "none":
        fix = "write none; a NAT gateway costs by the hour"
        yield refuse(path, "no tier goes out by NAT", got=got, allowed="none", fix=fix)


@of_each
def endpoints(at: str, network: Network, _: StackConfig) -> Iterator[Problem]:
    """Interface endpoints name services that exist."""
    for place, service in enumerate(network.endpoints.interface):
        path = (at, "endpoints", "interface", place)
        if service not in INTERFACE_ENDPOINTS:
            close = difflib.get_close_matches(service, INTERFACE_ENDPOINTS, n=1)
            fix = f"did you mean {close[0]}?" if close else "correct it, or add it to config/facts/services.py"
            allowed = "a service that has interface endpoints, such as ecr.api, sts, logs"
            yield refuse(path, "no such service", got=service, allowed=allowed, fix=fix)


def open_doors(config: StackConfig) -> Iterator[Problem]:
    """SSH and the Kubernetes API are never open to the whole internet."""

    def closed(path: Path, doors: tuple[IPv4Network, ...]) -> Iterator[Problem]:
        for at, block in enumerate(doors):
            if block.prefixlen == 0:
                fix = "name the networks that administrators come from, or leave the list empty"
                what = "open to the whole internet"
                yield refuse((*path, at), what, got=block, allowed="blocks of your own networks", fix=fix)

    with suppress(IncompleteError):
        yield from closed(("network", "admin_cidrs"), present(config.network).admin_cidrs)
    path, public = ("cluster", "public_access_cidrs"), present(config.cluster).public_access_cidrs
    yield from closed(path, public)
    if len(public) > EKS_PUBLIC_CIDRS:
        allowed = f"{EKS_PUBLIC_CIDRS} at most"
        what = "more blocks than EKS takes"
        yield refuse(path, what, got=f"{len(public)} blocks", allowed=allowed, fix="join neighbouring blocks")


RULES: Final = (
    vpc_block,
    subnet_blocks,
    subnets_in_vpc,
    subnet_per_zone,
    zones_exist,
    nat,
    endpoints,
    open_doors,
)
