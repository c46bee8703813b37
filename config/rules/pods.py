"""What pods ask for: no more than they may use, than their namespace may, than a node has, and than addresses allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.instances import table
from config.facts.limits import AGENT_PODS_ON_HOST, AGENT_PODS_PER_NODE
from config.facts.services import ADDON_ACCOUNTS, AGENTS
from config.problems import Path, refuse
from config.quantity import MILLI, milli_cpus, size_bytes
from config.room import held_in_zone, nodes_in_all, nodes_in_zone, other_addresses, smallest, tiers_of_nodes
from config.rules.kubernetes import CONTROLLERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.controller import Resources
    from config.kubernetes import Kubernetes
    from config.network import TierName
    from config.problems import Problem
    from config.stack import StackConfig

SECTION: Final[Path] = ("kubernetes",)
_GIB: Final = 2**30


def _asking(layer: Kubernetes) -> Iterator[tuple[Path, Resources, str | None, int]]:
    """Yield path, resources, namespace and replicas of all that asks for something; None = one on each node."""
    for name, space in layer.namespaces.items():
        yield (*SECTION, "namespaces", name, "defaults"), space.defaults, name, 1
    for name in CONTROLLERS:
        if (part := getattr(layer, name)) is not None:
            yield (*SECTION, name, "resources"), part.resources, "platform", part.replicas
    if layer.pgbouncer is not None:
        pooler = layer.pgbouncer
        yield (*SECTION, "pgbouncer", "resources"), pooler.resources, pooler.namespace, pooler.replicas
    if layer.device_plugin is not None:
        yield (*SECTION, "device_plugin", "resources"), layer.device_plugin.resources, None, 1


def requests(config: StackConfig) -> Iterator[Problem]:
    """A container asks for no more CPU than it may use, and for no more than a node has."""
    layer = config.kubernetes
    if layer is None:
        return
    names = [one for group in present(config.cluster).node_groups.values() for one in group.instance_types]
    known = [table()[one] for one in names if one in table()]
    cpus, memory = max((one.vcpus for one in known), default=0), max((one.memory_gib for one in known), default=0)
    for path, resources, _, _ in _asking(layer):
        if milli_cpus(resources.cpu) > milli_cpus(resources.cpu_limit):
            what, fix = f"more than its cpu_limit {resources.cpu_limit}", "lower it, or raise the limit"
            allowed = f"{resources.cpu_limit} at most"
            yield refuse((*path, "cpu"), what, got=resources.cpu, allowed=allowed, fix=fix)
        if known and milli_cpus(resources.cpu) >= cpus * MILLI:
            what, allowed = f"no node has it to spare: the largest has {cpus} CPUs", f"less than {cpus}"
            yield refuse((*path, "cpu"), what, got=resources.cpu, allowed=allowed, fix="lower it")
        if known and size_bytes(resources.memory) >= memory * _GIB:
            what, allowed = f"no node has it to spare: the largest has {memory:g} GiB", f"less than {memory:g}Gi"
            yield refuse((*path, "memory"), what, got=resources.memory, allowed=allowed, fix="lower it")


def namespaces_hold(config: StackConfig) -> Iterator[Problem]:
    """The quota of a namespace holds what the program itself puts there, and one pod of the defaults."""
    layer = config.kubernetes
    if layer is None:
        return
    asked: dict[str, list[tuple[Resources, int]]] = {}
    for path, resources, name, replicas in _asking(layer):
        if name in layer.namespaces and path[-1] == "resources":
            asked.setdefault(name, []).append((resources, replicas))
    for name, space in layer.namespaces.items():
        parts = asked.get(name, [(space.defaults, 1)])
        cpu = sum(milli_cpus(one.cpu) * count for one, count in parts)
        memory = sum(size_bytes(one.memory) * count for one, count in parts)
        pods, path = sum(count for _, count in parts), (*SECTION, "namespaces", name, "quota")
        what, fix = "less than what runs there asks for", "raise it"
        if milli_cpus(space.quota.cpu) < cpu:
            yield refuse((*path, "cpu"), what, got=space.quota.cpu, allowed=f"at least {cpu}m", fix=fix)
        if size_bytes(space.quota.memory) < memory:
            allowed = f"at least {memory // 2**20}Mi"
            yield refuse((*path, "memory"), what, got=space.quota.memory, allowed=allowed, fix=fix)
        if space.quota.pods < pods:
            yield refuse((*path, "pods"), what, got=space.quota.pods, allowed=f"at least {pods}", fix=fix)


def addresses_for_pods(config: StackConfig) -> Iterator[Problem]:
    """Subnets have addresses for as many pods as the namespaces may have, on nodes that take ordinary pods.

    Every pod but those on the node's own network has an address of the node's subnet (EKS User Guide, "VPC CNI").
    Nodes are counted at their most: that is when so many pods run.
    """
    layer = config.kubernetes
    if layer is None or not layer.namespaces:
        return
    zones = len(present(config.network).zones)
    tiers = {
        tier: groups for tier, groups in tiers_of_nodes(config).items() if any(not group.taints for group in groups)
    }
    if not tiers or any(_full(config, tier) for tier in tiers):
        return  # no node for them, or none with an address: refused by itself
    room = agents = 0
    for tier, groups in tiers.items():
        own = sum(nodes_in_zone(group.scaling, zones) for group in groups)
        room += zones * max(0, smallest(config, tier) - own - other_addresses(config, tier))
        agents += sum(nodes_in_all(group.scaling, zones) for group in groups)
    home = ADDON_ACCOUNTS[AGENTS][0] if AGENTS in present(config.cluster).addons else None
    pods = sum(space.quota.pods for name, space in layer.namespaces.items() if name != home)
    need = pods + (agents * (AGENT_PODS_PER_NODE - AGENT_PODS_ON_HOST) + 1 if home in layer.namespaces else 0)
    if room < need:
        what = f"at the most nodes the subnets have addresses for {room} pods in {zones} zones, the quotas allow {need}"
        fix = "widen the blocks of the nodes' tier, or lower quota.pods or scaling.max"
        most = max(layer.namespaces, key=lambda name: layer.namespaces[name].quota.pods if name != home else 0)
        got, path = layer.namespaces[most].quota.pods, (*SECTION, "namespaces", most, "quota", "pods")
        yield refuse(path, what, got=got, allowed=f"{need - room} fewer in all namespaces", fix=fix)


def _full(config: StackConfig, tier: TierName) -> bool:
    zones = len(present(config.network).zones)
    return held_in_zone(config, tier, lambda group: nodes_in_zone(group.scaling, zones)) > smallest(config, tier)


RULES: Final = (requests, namespaces_hold, addresses_for_pods)
