"""Peered VPCs: apart from each other in their addresses, and declared alike on both sides."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from config.base import IncompleteError
from config.problems import Path, refuse
from config.rules.addresses import networks, of_each

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Network

    from config.network import Network, PeerName
    from config.problems import Problem
    from config.stack import StackConfig

OWN: Final[dict[str, PeerName]] = {"network": "production", "management": "management"}
"""Section of a VPC in a primary's file, and the name by which the others peer with it."""


@of_each
def peers_apart(at: str, network: Network, _: StackConfig) -> Iterator[Problem]:
    """No peer shares an address with this VPC or with another peer: a route can lead to one of them only."""
    seen: list[tuple[str, IPv4Network]] = [(f"{at}.cidr", network.cidr)]
    for name, peer in network.peers.items():
        path: Path = (at, "peers", name, "cidr")
        for where, other in seen:
            if peer.cidr.overlaps(other):
                what = f"overlaps {other} of {where}"
                fix = "move one of the two VPCs"
                yield refuse(path, what, got=peer.cidr, allowed="blocks that share no address", fix=fix)
        seen.append((f"{at}.peers.{name}.cidr", peer.cidr))


@of_each
def peers_reach_tiers(at: str, network: Network, _: StackConfig) -> Iterator[Problem]:
    """A peer reaches tiers that exist, and none that is isolated."""
    fit = [name for name in network.tiers if name not in network.of_kind("isolated")]
    for name, peer in network.peers.items():
        for place, tier in enumerate(peer.tiers):
            if tier not in fit:
                path: Path = (at, "peers", name, "tiers", place)
                isolated = tier in network.tiers
                what = "an isolated tier, which nothing beyond its VPC reaches" if isolated else "no such tier"
                yield refuse(path, what, got=tier, allowed=", ".join(fit), fix=f"choose another of {at}.tiers")


def peers_are_mutual(config: StackConfig) -> Iterator[Problem]:
    """Of two VPCs in one file, each names the other with its real block, or neither does; none peers with itself."""
    if config.identity.role != "primary":
        return
    found = dict(networks(config))
    absent = [at for at in OWN if _left_out(config, at)]
    for at, network in found.items():
        for other_at, name in OWN.items():
            peer, other = network.peers.get(name), found.get(other_at)
            path: Path = (at, "peers", name)
            if peer is None:
                continue
            if other_at == at or other_at in absent:
                what = "peers with itself" if other_at == at else f"there is no section {other_at}"
                yield refuse(path, what, got=name, allowed="another VPC of this file, or standby", fix="drop it")
            elif other is None:  # unsound as a whole, which is reported
                continue
            elif peer.cidr != other.cidr:
                allowed = f"{other.cidr}, as {other_at}.cidr says"
                yield refuse((*path, "cidr"), "not its block", got=peer.cidr, allowed=allowed, fix="correct it")
            elif OWN[at] not in other.peers:
                fix = f"add {other_at}.peers.{OWN[at]}, or drop this side"
                what = f"one-sided: {other_at} does not name {OWN[at]}, so answers find no way back"
                yield refuse(path, what, got=name, allowed="peers that name each other", fix=fix)


def _left_out(config: StackConfig, at: str) -> bool:
    """Tell whether a stack has no VPC of a section; one that was refused may be there."""
    with suppress(IncompleteError):
        return getattr(config, at) is None
    return False


def no_bastion(config: StackConfig) -> Iterator[Problem]:
    """The management VPC takes no administrators' blocks: they come by Session Manager (ADR 0007)."""
    if config.management is not None and config.management.admin_cidrs:
        got = config.management.admin_cidrs
        fix = "drop it, and come by Session Manager"
        yield refuse(("management", "admin_cidrs"), "no bastion stands there", got=got, allowed="none", fix=fix)


@of_each
def peers_say_what_is_made(at: str, network: Network, config: StackConfig) -> Iterator[Problem]:
    """A peer says nothing that the stack makes nothing of: ports of nodes where none stand, routes of another stack."""
    for name, peer in network.peers.items():
        path: Path = (at, "peers", name)
        if peer.node_ports and at != "network":
            got, what = list(peer.node_ports), "no node of the cluster stands in this VPC"
            yield refuse(
                (*path, "node_ports"), what, got=got, allowed="nothing", fix=f"move it to network.peers.{name}"
            )
        if peer.route_tables and (config.identity.role == "primary" or at != "network"):
            what = "a primary makes routes in its own VPCs only"
            fix = "leave it out; the standby's file names the tables of its primary"
            yield refuse((*path, "route_tables"), what, got=list(peer.route_tables), allowed="nothing", fix=fix)


RULES: Final = (peers_apart, peers_reach_tiers, peers_are_mutual, peers_say_what_is_made, no_bastion)
