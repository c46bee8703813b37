"""Pods on Fargate: where they run, and what they cannot do there (docs/adr/0065-fargate.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.services import ADDON_NAMESPACES
from config.problems import Path, refuse
from config.rules.each import of_each
from config.rules.kubernetes import CONTROLLERS, PLATFORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.cluster import FargateProfile, FargateSelector
    from config.problems import Problem
    from config.stack import StackConfig

PROFILES: Final[Path] = ("cluster", "fargate_profiles")
IDENTITIES: Final[Path] = ("cluster", "identities")
_RESERVED: Final = "eks-"
"""What no profile's name may begin with (EKS User Guide, "Fargate profile")."""
each = of_each(PROFILES, lambda config: present(config.cluster).fargate_profiles)
"""What makes a rule on one profile one on all of them."""


@each
def name(_: StackConfig, path: Path, _profile: FargateProfile) -> Iterator[Problem]:
    """A profile's name is not one that EKS keeps for itself."""
    got = str(path[-1])
    if got.startswith(_RESERVED):
        allowed = f"a name that does not begin with {_RESERVED}"
        yield refuse(path, "EKS keeps such names for itself", got=got, allowed=allowed, fix="rename it")


@each
def place(config: StackConfig, path: Path, profile: FargateProfile) -> Iterator[Problem]:
    """Pods live in a private tier and in zones of the network; which zones lack Fargate, no letter says (a note)."""
    network = present(config.network)
    fit = network.of_kind("private")
    if profile.tier is not None and profile.tier not in fit:
        what = "not a private tier of this network: Fargate takes no other"
        fix = "choose another tier, or add this one to network.tiers"
        yield refuse((*path, "tier"), what, got=profile.tier, allowed=", ".join(fit), fix=fix)
    for at, zone in enumerate(profile.zones):
        if zone not in network.zones:
            fix = "choose others, or add this one to network.zones"
            allowed = ", ".join(network.zones)
            yield refuse((*path, "zones", at), "no zone of the network", got=zone, allowed=allowed, fix=fix)


@each
def fit_for_fargate(config: StackConfig, path: Path, profile: FargateProfile) -> Iterator[Problem]:
    """Selectors name namespaces of this stack whose pods do without nodes."""
    layer = present(config.kubernetes)
    held = _held(config)
    for at, one in enumerate(profile.selectors):
        where = (*path, "selectors", at, "namespace")
        free = [space for space in layer.namespaces if space not in held]
        fix, allowed = "name another one", ", ".join(free) or "none of these"
        if one.namespace not in layer.namespaces:
            yield refuse(where, "no namespace of this stack", got=one.namespace, allowed=allowed, fix=fix)
        elif one.namespace in held:
            yield refuse(where, held[one.namespace], got=one.namespace, allowed=allowed, fix=fix)
        elif layer.namespaces[one.namespace].pod_security == "privileged":
            what, strict = "Fargate runs no privileged pod", "restricted or baseline beside a profile"
            where = ("kubernetes", "namespaces", one.namespace, "pod_security")
            yield refuse(where, what, got="privileged", allowed=strict, fix="set it to restricted")


def _held(config: StackConfig) -> dict[str, str]:
    """Return the namespaces whose pods need nodes, with the reason."""
    layer, cluster = present(config.kubernetes), present(config.cluster)
    held: dict[str, str] = {}
    if any(getattr(layer, part) is not None for part in CONTROLLERS):
        held[PLATFORM] = "the controllers have their rights by pod identity, which needs a node"
    if layer.pgbouncer is not None:
        held[layer.pgbouncer.namespace] = "PgBouncer mounts its secret by a driver on the node"
    agents = [ADDON_NAMESPACES[one] for one in cluster.addons if one in ADDON_NAMESPACES]
    held |= dict.fromkeys(agents, "an add-on runs there, and a copy of it on each node")
    if "monitoring" in cluster.identities:
        held[cluster.identities["monitoring"].namespace] = "the agents run on each node, which Fargate has none of"
    return held


@each
def one_source_of_a_role(config: StackConfig, path: Path, profile: FargateProfile) -> Iterator[Problem]:
    """All pods of a service account run on Fargate or none: pod identity serves nodes alone, the other way both."""
    cluster = present(config.cluster)
    spaces = {one.namespace: workload for workload, one in cluster.identities.items()}
    for at, one in enumerate(profile.selectors):
        if one.labels and one.namespace in spaces:
            what = f"cluster.identities.{spaces[one.namespace]} has pods in {one.namespace}: some would have no role"
            fix = "leave the labels out, or select a namespace without an identity"
            where = (*path, "selectors", at, "labels")
            yield refuse(where, what, got=dict(one.labels), allowed="none beside an identity", fix=fix)
    metrics = config.observability.custom_metrics if config.observability else {}
    for short, entry in metrics.items():
        known = entry.publisher in cluster.identities.values()
        if not known and any(entry.publisher.namespace == one.namespace for one in profile.selectors):
            what, fix = (
                "publishes by pod identity, which Fargate lacks",
                "publish by the pods of an identity, or on nodes",
            )
            where = ("observability", "custom_metrics", short, "publisher", "namespace")
            allowed = "a namespace that no Fargate profile selects"
            yield refuse(where, what, got=entry.publisher.namespace, allowed=allowed, fix=fix)


def once(config: StackConfig) -> Iterator[Problem]:
    """No pod is selected by two profiles: EKS would choose one by its name."""
    before: list[tuple[str, FargateSelector]] = []
    for short, profile in present(config.cluster).fargate_profiles.items():
        for at, one in enumerate(profile.selectors):
            taken = next((other for other, than in before if other != short and _overlap(one, than)), None)
            if taken is not None:
                what = f"profile {taken} selects pods of it, too, and EKS takes whichever name comes first"
                where = (*PROFILES, short, "selectors", at)
                yield refuse(where, what, got=one.namespace, allowed="other pods", fix="leave one of them out")
        before += [(short, one) for one in profile.selectors]


def _overlap(one: FargateSelector, other: FargateSelector) -> bool:
    """Tell whether all pods of one selector are those of another, too."""
    labels, others = one.labels.items(), other.labels.items()
    return one.namespace == other.namespace and (labels <= others or others <= labels)


RULES: Final = (name, place, fit_for_fargate, one_source_of_a_role, once)
