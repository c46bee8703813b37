"""Node counts: in order, within what EKS and the subnets take; GPU nodes apart, and some nodes for everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.instances import table
from config.facts.limits import EKS_NODES_PER_GROUP, SUBNET_RESERVED_ADDRESSES
from config.problems import Path, refuse
from config.room import (
    addresses_per_node,
    nodes_in_all,
    nodes_in_zone,
    other_addresses,
    tiers_of_nodes,
    usable,
    zones_of,
)
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.cluster import NodeGroup
    from config.problems import Problem
    from config.stack import StackConfig

GROUPS: Final[Path] = ("cluster", "node_groups")


def scaling(config: StackConfig) -> Iterator[Problem]:
    """Counts are in order, and a group is no larger than EKS allows."""

    def in_order(name: str, group: NodeGroup) -> Iterator[Problem]:
        counts, path = group.scaling, (*GROUPS, name, "scaling")
        if not counts.min <= counts.desired <= counts.max:
            got = f"{counts.min}, {counts.desired}, {counts.max}"
            fix = "put the three counts in order"
            yield refuse(path, "counts out of order", got=got, allowed="min <= desired <= max", fix=fix)
        total = nodes_in_all(counts, len(present(config.network).zones))
        if total > EKS_NODES_PER_GROUP:
            what = f"{total} nodes in all zones are more than a managed node group takes"
            allowed = f"{EKS_NODES_PER_GROUP} at most"
            yield refuse((*path, "max"), what, got=counts.max, allowed=allowed, fix="split the group, or lower max")

    for name, group in present(config.cluster).node_groups.items():
        yield from until_incomplete(in_order(name, group))


def zones_hold_nodes(config: StackConfig) -> Iterator[Problem]:
    """Zones of a group are zones of the network, of a group that counts its nodes as a whole."""

    def in_zones(name: str, group: NodeGroup) -> Iterator[Problem]:
        zones, path = present(config.network).zones, (*GROUPS, name, "zones")
        for at, zone in enumerate(group.zones):
            if zone not in zones:
                fix = "choose others, or add this one to network.zones"
                yield refuse((*path, at), "no zone of the network", got=zone, allowed=", ".join(zones), fix=fix)
        if group.zones and group.scaling.per == "zone":
            what, fix = "counts nodes of each zone of the network", "write `per: group`, and counts of the whole group"
            yield refuse((*GROUPS, name, "scaling", "per"), what, got="zone", allowed="group beside zones", fix=fix)

    for name, group in present(config.cluster).node_groups.items():
        yield from until_incomplete(in_zones(name, group))


def tier_holds_nodes(config: StackConfig) -> Iterator[Problem]:
    """Nodes live in a tier that exists and is meant for workloads."""
    fit = present(config.network).of_kind("private")

    def exists(name: str, group: NodeGroup) -> Iterator[Problem]:
        if group.tier is not None and group.tier not in fit:
            what = "not a private tier of this network, which nodes live in"
            fix = "choose another tier, or add this one to network.tiers"
            yield refuse((*GROUPS, name, "tier"), what, got=group.tier, allowed=", ".join(fit), fix=fix)

    for name, group in present(config.cluster).node_groups.items():
        yield from until_incomplete(exists(name, group))


def subnets_hold_nodes(config: StackConfig) -> Iterator[Problem]:
    """The smallest subnet of a tier has addresses for all nodes at their maximum, and for what each holds ready."""
    bound = present(config.cluster).pod_addresses
    for name, tier in present(config.network).tiers.items():
        groups = tiers_of_nodes(config).get(name, [])
        counts = [nodes_in_zone(group.scaling, zones_of(config, group)) for group in groups]
        nodes = sum(counts)
        held = [
            count * addresses_per_node(group.instance_types, bound) for count, group in zip(counts, groups, strict=True)
        ]
        need = sum(held) + other_addresses(config, name)
        at, block = min(enumerate(tier.cidrs), key=lambda one: one[1].num_addresses)
        if groups and need > usable(block):
            yield refuse(
                ("network", "tiers", name, "cidrs", at),
                f"too small: at the maximum {nodes} nodes hold {sum(held)} addresses, other things {need - sum(held)}, "
                f"of {usable(block)}",
                got=block,
                allowed=f"/{32 - (need + SUBNET_RESERVED_ADDRESSES - 1).bit_length()} or wider",
                fix="widen the blocks, lower scaling.max, or lower (or set) cluster.pod_addresses.minimum",
            )


def room_for_addons(config: StackConfig) -> Iterator[Problem]:
    """At least one group has no taint, so that add-ons and other pods find a node."""
    groups = present(config.cluster).node_groups
    if groups and all(group.taints for group in groups.values()):
        allowed = "at least one group without taints"
        got = f"{len(groups)} groups, all with taints"
        fix = "add a group without taints; coredns runs nowhere else"
        yield refuse(GROUPS, "no node takes ordinary pods", got=got, allowed=allowed, fix=fix)


def gpu_nodes_apart(config: StackConfig) -> Iterator[Problem]:
    """A group with GPUs is tainted, so that only pods that ask for a GPU get onto its nodes."""

    def tainted(name: str, group: NodeGroup) -> Iterator[Problem]:
        gpus = any(one in table() and table()[one].gpus for one in group.instance_types)
        if gpus and not any(taint.effect in ("NO_SCHEDULE", "NO_EXECUTE") for taint in group.taints):
            yield refuse(
                (*GROUPS, name, "taints"),
                "GPU nodes without a taint fill up with ordinary pods",
                got=[taint.key for taint in group.taints],
                allowed="a taint with effect NO_SCHEDULE or NO_EXECUTE",
                fix="add `taints: [{ key: nvidia.com/gpu }]`",
            )

    for name, group in present(config.cluster).node_groups.items():
        yield from until_incomplete(tainted(name, group))


RULES: Final = (scaling, tier_holds_nodes, zones_hold_nodes, subnets_hold_nodes, room_for_addons, gpu_nodes_apart)
