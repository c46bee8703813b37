"""Room in the subnets: what nodes, pods and AWS's own parts hold of their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.base import present
from config.cluster import Cluster
from config.facts.instances import table
from config.facts.limits import API_ADDRESSES, EKS_CONTROL_PLANE_ADDRESSES, SUBNET_RESERVED_ADDRESSES

if TYPE_CHECKING:
    from collections.abc import Callable
    from ipaddress import IPv4Network

    from config.cluster import NodeGroup, PodAddresses, Scaling
    from config.karpenter import NodePool
    from config.network import TierName
    from config.stack import StackConfig


def usable(block: IPv4Network) -> int:
    """Return the addresses of a subnet that AWS leaves to its owner."""
    return block.num_addresses - SUBNET_RESERVED_ADDRESSES


def nodes_in_zone(scaling: Scaling, zones: int) -> int:
    """Return the most nodes of a group in one zone, while no zone is lost: EC2 Auto Scaling spreads a group evenly."""
    return scaling.max if scaling.per == "zone" else -(-scaling.max // zones)


def zones_of(config: StackConfig, group: NodeGroup) -> int:
    """Return in how many zones the nodes of a group live."""
    return len(group.zones or present(config.network).zones)


def nodes_in_all(scaling: Scaling, zones: int) -> int:
    """Return the most nodes of a group in all zones together."""
    return scaling.max * zones if scaling.per == "zone" else scaling.max


def addresses_per_node(types: tuple[str, ...], bound: PodAddresses | None) -> int:
    """Return the addresses that a node of the hungriest of `types` holds before it runs a pod.

    Without a bound the VPC CNI keeps one interface in use and a whole spare one; with a bound the node has its own
    address, and as many as the greater of the two targets asks for (EKS User Guide, "Amazon VPC CNI",
    `WARM_ENI_TARGET`, `MINIMUM_IP_TARGET` and `WARM_IP_TARGET`).
    """
    if bound is not None:
        return 1 + max(bound.minimum, bound.warm)
    known = [table()[name] for name in types if name in table()]
    return max((min(2, one.interfaces) * one.addresses for one in known), default=0)


def nodes_of_pool(pool: NodePool) -> int:
    """Return the most nodes of a pool of Karpenter: its limits, filled by the type of which most fit."""
    known = [table()[one] for one in pool.instance_types if one in table()]
    limits = pool.limits
    return max((min(limits.cpu // one.vcpus, int(limits.memory_gib / one.memory_gib)) for one in known), default=0)


def _pools_in_zone(config: StackConfig, tier: TierName) -> int:
    """Return the addresses that nodes of pools hold: all of them in one zone, as Karpenter spreads pods, not nodes."""
    if config.cluster is None:
        return 0
    bound, home = config.cluster.pod_addresses, tier_of_cluster(config)
    return sum(
        nodes_of_pool(pool) * addresses_per_node(pool.instance_types, bound)
        for pool in config.pools.values()
        if (pool.tier or home) == tier
    )


def other_addresses(config: StackConfig, tier: TierName) -> int:
    """Return what else lives in each subnet of a tier: control plane, endpoints, API, tasks, instances, pools."""
    network, control_plane = present(config.network), 0
    if config.cluster is not None and tier == tier_of_cluster(config):
        control_plane = EKS_CONTROL_PLANE_ADDRESSES
    endpoints = network.endpoints
    here = bool(endpoints.interface) and tier == network.tier("private", endpoints.tier)
    of_api = API_ADDRESSES if _linked(config) and tier == network.tier("private", present(config.api).tier) else 0
    workloads = _tasks_in_zone(config, tier) + _beanstalk_in_zone(config, tier) + _instances_in_zone(config, tier)
    workloads += _pools_in_zone(config, tier)
    return control_plane + (len(endpoints.interface) if here else 0) + of_api + workloads


def _linked(config: StackConfig) -> bool:
    """Tell whether the API has a VPC link."""
    return config.api is not None and config.api.leads_inside


def _beanstalk_in_zone(config: StackConfig, tier: TierName) -> int:
    """Return the most instances of Beanstalk in one zone, while another is lost."""
    network, given = present(config.network), config.beanstalk
    if given is None or network.tier("private", given.tier) != tier:
        return 0
    return -(-given.scaling.max // max(1, len(network.zones) - 1))


def _instances_in_zone(config: StackConfig, tier: TierName) -> int:
    """Return the most instances of all groups in one zone, while another is lost."""
    network, held = present(config.network), 0
    for group in config.instances.values():
        if network.tier("private", group.tier) == tier:
            held += -(-group.scaling.max // max(1, len(group.zones or network.zones) - 1))
    return held


def _tasks_in_zone(config: StackConfig, tier: TierName) -> int:
    """Return the most tasks in one zone, while another is lost and every service is deployed: each has an address."""
    network, tasks = present(config.network), 0
    for service in config.services.values():
        if network.tier("private", service.tier) == tier:
            tasks += service.most * service.deployment.maximum_percent // 100
    return -(-tasks // max(1, len(network.zones) - 1))


def tier_of_cluster(config: StackConfig) -> TierName:
    """Return the tier of the control plane, and of node groups that name none.

    Raises:
        IncompleteError: The cluster names no tier, and the network has not exactly one that is private.
    """
    return present(config.network).tier(Cluster.serves.kind, present(config.cluster).tier)


def tiers_of_nodes(config: StackConfig) -> dict[TierName, list[NodeGroup]]:
    """Return the tiers that nodes live in, with their groups."""
    home = tier_of_cluster(config)
    found: dict[TierName, list[NodeGroup]] = {}
    for group in present(config.cluster).node_groups.values():
        found.setdefault(group.tier or home, []).append(group)
    return {name: found[name] for name in present(config.network).tiers if name in found}


def smallest(config: StackConfig, tier: TierName) -> int:
    """Return the addresses of the smallest subnet of a tier that AWS leaves to its owner."""
    return min(map(usable, present(config.network).tiers[tier].cidrs))


def held_in_zone(config: StackConfig, tier: TierName, nodes: Callable[[NodeGroup], int]) -> int:
    """Return the addresses that the nodes of a tier, and what lives beside them, hold in one zone.

    Args:
        config: The settings.
        tier: A tier of nodes.
        nodes: Nodes of a group in the zone.
    """
    bound = present(config.cluster).pod_addresses
    groups = tiers_of_nodes(config).get(tier, [])
    held = sum(nodes(group) * addresses_per_node(group.instance_types, bound) for group in groups)
    return held + other_addresses(config, tier)
