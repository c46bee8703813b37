"""Karpenter: pools that start, end and cost what they are meant to, beside owners of other nodes (ADR 0064)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from config.base import present
from config.cron import CRONTAB, flaws
from config.facts.instances import table
from config.facts.versions import LEAST_KARPENTER
from config.problems import NOTHING, Path, refuse
from config.rules.each import of_each
from config.rules.offers import EC2, offered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.cluster import NodeGroup
    from config.karpenter import NodePool
    from config.problems import Problem
    from config.stack import StackConfig

SECTION: Final[Path] = ("kubernetes", "karpenter")
POOLS: Final[Path] = (*SECTION, "pools")
_KEEPS_OFF: Final = ("NO_SCHEDULE", "NO_EXECUTE")
"""Effects of a taint that keep a pod off a node."""
_RELEASE: Final = re.compile(r":v?(\d+)\.(\d+)\.")
each = of_each(POOLS, lambda config: config.pools)
"""What makes a rule on one pool one on all of them."""


def _taints(nodes: NodeGroup | NodePool) -> frozenset[tuple[str, str]]:
    """Return the taints that keep pods off."""
    return frozenset((one.key, one.value) for one in nodes.taints if one.effect in _KEEPS_OFF)


def home(config: StackConfig) -> Iterator[Problem]:
    """The controller runs on nodes that are there before any pool's: of a node group without taints."""
    groups = present(config.cluster).node_groups
    if not config.pools or any(not _taints(one) and one.scaling.min > 0 for one in groups.values()):
        return
    what = "runs on nodes of a node group alone, and no group without taints keeps a node"
    fix = "give such a group a `scaling.min` of 1 or more: without it nobody starts the first node"
    got = {name: one.scaling.min for name, one in groups.items() if not _taints(one)}
    yield refuse(SECTION, what, got=got or NOTHING, allowed="beside a group that keeps a node", fix=fix)


def release(config: StackConfig) -> Iterator[Problem]:
    """The controller's release knows the cluster's version of Kubernetes."""
    layer, minor = config.kubernetes, present(config.cluster).version
    karpenter = layer.karpenter if layer else None
    found = _RELEASE.search(karpenter.image) if karpenter else None
    least = LEAST_KARPENTER.get(minor)
    if karpenter is None or found is None or least is None:
        return
    if (int(found[1]), int(found[2])) < least:
        allowed = f"{least[0]}.{least[1]} or newer"
        fix = "take a newer release"
        yield refuse(
            (*SECTION, "image"), f"does not know Kubernetes {minor}", got=karpenter.image, allowed=allowed, fix=fix
        )


@each
def types(config: StackConfig, path: Path, pool: NodePool) -> Iterator[Problem]:
    """Types are sold in the region, of one architecture, and GPUs carry a taint."""
    for at, one in enumerate(pool.instance_types):
        yield from offered(config, EC2, (*path, "instance_types", at), one)
    known = [table()[one] for one in pool.instance_types if one in table()]
    if len({one.architecture for one in known}) > 1:
        got = ", ".join(f"{one.name} {one.architecture}" for one in known)
        fix = "split the pool: pods say which one they are built for"
        yield refuse((*path, "instance_types"), "mixed architectures", got=got, allowed="one architecture", fix=fix)
    if any(one.gpus for one in known) and not _taints(pool):
        what, fix = "GPU nodes without a taint are started for ordinary pods", "add `taints: [{ key: nvidia.com/gpu }]`"
        allowed = "a taint with effect NO_SCHEDULE or NO_EXECUTE"
        yield refuse((*path, "taints"), what, got=[one.key for one in pool.taints], allowed=allowed, fix=fix)


@each
def place(config: StackConfig, path: Path, pool: NodePool) -> Iterator[Problem]:
    """Nodes live in a private tier and in zones of the network."""
    network = present(config.network)
    fit = network.of_kind("private")
    if pool.tier is not None and pool.tier not in fit:
        what = "not a private tier of this network, which nodes live in"
        fix = "choose another tier, or add this one to network.tiers"
        yield refuse((*path, "tier"), what, got=pool.tier, allowed=", ".join(fit), fix=fix)
    for at, zone in enumerate(pool.zones):
        if zone not in network.zones:
            fix = "choose others, or add this one to network.zones"
            allowed = ", ".join(network.zones)
            yield refuse((*path, "zones", at), "no zone of the network", got=zone, allowed=allowed, fix=fix)


@each
def limits(_: StackConfig, path: Path, pool: NodePool) -> Iterator[Problem]:
    """Limits let one node start at least."""
    known = [table()[one] for one in pool.instance_types if one in table()]
    cpu, memory = min((one.vcpus for one in known), default=0), min((one.memory_gib for one in known), default=0)
    fix = "raise it, or choose smaller types"
    if pool.limits.cpu < cpu:
        what, allowed = "no node of these types fits: the smallest has more vCPUs", f"{cpu} or more"
        yield refuse((*path, "limits", "cpu"), what, got=pool.limits.cpu, allowed=allowed, fix=fix)
    if pool.limits.memory_gib < memory:
        what, allowed = "no node of these types fits: the smallest has more memory", f"{memory:g} or more"
        yield refuse((*path, "limits", "memory_gib"), what, got=pool.limits.memory_gib, allowed=allowed, fix=fix)


@each
def one_owner(config: StackConfig, path: Path, pool: NodePool) -> Iterator[Problem]:
    """No pod that waits is answered twice: a pool takes other pods than groups of the cluster autoscaler."""
    name, groups = str(path[-1]), present(config.cluster).node_groups
    if name in groups:
        what, fix = "is the name of a node group, too", "rename the pool"
        yield refuse(path, what, got=name, allowed="a name that no node group has", fix=fix)
    own = _taints(pool)
    twice = [group for group, one in groups.items() if one.autoscaler and own <= _taints(one)]
    if twice:
        what = (
            f"a pod that waits and fits here fits group {', '.join(twice)} as well, which the cluster autoscaler owns: "
            "both start a node for it"
        )
        fix = "add a taint to the pool that no such group has, or take the group from the autoscaler"
        got = [one.key for one in pool.taints]
        allowed = "a taint with effect NO_SCHEDULE or NO_EXECUTE that no group of the autoscaler has"
        yield refuse((*path, "taints"), what, got=got, allowed=allowed, fix=fix)


@each
def budgets(config: StackConfig, path: Path, pool: NodePool) -> Iterator[Problem]:
    """Budgets say when they hold and for how long, and do not hold a pool for ever."""
    for at, one in enumerate(pool.disruption_budgets):
        where = (*path, "disruption_budgets", at)
        if (one.schedule is None) is not (one.duration_minutes is None):
            lacking = "schedule" if one.schedule is None else "duration_minutes"
            what, fix = f"a window without {lacking}", "give both, or neither for a budget that always holds"
            yield refuse((*where, lacking), what, got=NOTHING, allowed="schedule and duration_minutes", fix=fix)
        if one.schedule is None and one.nodes in ("0", "0%"):
            what = "holds for ever: no node would be replaced before its end of life, whatever its image lacks"
            fix = "let one node go, or give the budget a schedule"
            yield refuse((*where, "nodes"), what, got=one.nodes, allowed="1 or more without a schedule", fix=fix)
        if one.schedule is not None and not one.schedule.startswith("@"):
            for flaw in flaws(one.schedule, CRONTAB, config.as_of.year):
                fix = "write minute hour day-of-month month day-of-week, such as 0 7 * * MON-FRI, in UTC"
                yield refuse((*where, "schedule"), flaw.what, got=one.schedule, allowed=flaw.allowed, fix=fix)


RULES: Final = (home, release, types, place, limits, one_owner, budgets)
