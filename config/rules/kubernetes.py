"""The Kubernetes layer: what is named is there, what a controller needs is there, and nothing is decoration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.instances import table
from config.facts.limits import AGENT_PODS_PER_NODE, AGENT_WEBHOOK_PORT
from config.facts.services import ADDON_ACCOUNTS, ADDON_NAMESPACES, AGENTS
from config.problems import NOTHING, Path, refuse
from config.room import nodes_in_all, nodes_of_pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.cluster import AddonName
    from config.kubernetes import Kubernetes
    from config.problems import Problem
    from config.stack import StackConfig

SECTION: Final[Path] = ("kubernetes",)
PLATFORM: Final = "platform"
"""Namespace of the controllers."""
CONTROLLERS: Final = ("cluster_autoscaler", "karpenter", "load_balancer_controller")
"""Those that live there."""
ALWAYS_THERE: Final = ("kube-system",)
"""Namespaces of every cluster, which add-ons live in."""


def names(config: StackConfig) -> Iterator[Problem]:
    """Namespaces and priorities that are named exist."""
    layer = config.kubernetes
    if layer is None:
        return
    users = {name: found for name in (*CONTROLLERS, "pgbouncer") if (found := getattr(layer, name)) is not None}
    for name, user in users.items():
        if user.priority not in layer.priorities:
            yield _unknown((*SECTION, name, "priority"), user.priority, layer.priorities)
    wanted: dict[Path, str] = {}
    if layer.pgbouncer:
        wanted[*SECTION, "pgbouncer", "namespace"] = layer.pgbouncer.namespace
    for workload, identity in present(config.cluster).identities.items():
        wanted["cluster", "identities", workload, "namespace"] = identity.namespace
    for path, namespace in wanted.items():
        if namespace not in (*layer.namespaces, *ALWAYS_THERE):
            yield _unknown(path, namespace, layer.namespaces)
    if _controlled(layer) and PLATFORM not in layer.namespaces:
        fix = "add it, with `reach: [https, api]`"
        got = list(layer.namespaces)
        yield refuse((*SECTION, "namespaces"), "the controllers have no home", got=got, allowed=PLATFORM, fix=fix)


def _controlled(layer: Kubernetes) -> bool:
    """Tell whether any controller runs."""
    return any(getattr(layer, name) is not None for name in CONTROLLERS)


def _unknown(path: Path, got: str, known: object) -> Problem:
    allowed = ", ".join(known) if isinstance(known, dict) else ""
    return refuse(path, "not in kubernetes", got=got, allowed=allowed, fix="add it there, or name another one")


def reach(config: StackConfig) -> Iterator[Problem]:
    """Network policies are enforced, and controllers and PgBouncer reach what they work on."""
    layer = config.kubernetes
    if layer is None:
        return
    if not present(config.cluster).network_policies:
        fix = "set it to true"
        path = ("cluster", "network_policies")
        yield refuse(path, "network policies would be taken and do nothing", got=False, allowed="true", fix=fix)
    needs = {PLATFORM: {"https", "api"}} if _controlled(layer) else {}
    if layer.pgbouncer:
        needs[layer.pgbouncer.namespace] = needs.get(layer.pgbouncer.namespace, set()) | {"data"}
    for name, needed in needs.items():
        namespace = layer.namespaces.get(name)
        if namespace and not needed <= set(namespace.reach):
            yield refuse(
                (*SECTION, "namespaces", name, "reach"),
                "what runs here does not reach what it works on",
                got=list(namespace.reach),
                allowed=f"{', '.join(sorted(needed))}, and more",
                fix="add what is missing",
            )


def addons(config: StackConfig) -> Iterator[Problem]:
    """The add-ons that the layer builds on are installed."""
    layer = config.kubernetes
    if layer is None:
        return
    needs: dict[AddonName, str] = {"aws-ebs-csi-driver": "the storage classes"}
    if layer.load_balancer_controller or layer.pgbouncer:
        needs["cert-manager"] = "certificates inside the cluster"
    if layer.pgbouncer:
        needs["aws-secrets-store-csi-driver-provider"] = "PgBouncer's secret"
    for addon, purpose in needs.items():
        if addon not in present(config.cluster).addons:
            path = ("cluster", "addons", addon)
            yield refuse(path, f"needed for {purpose}", got=NOTHING, allowed="an exact version", fix="add the add-on")


def parts(config: StackConfig) -> Iterator[Problem]:
    """One storage class is the default, the autoscaler is of the cluster's minor, GPUs are offered to pods."""
    layer = config.kubernetes
    if layer is None:
        return
    yield from _default_class(layer)
    scaler, minor = layer.cluster_autoscaler, present(config.cluster).version
    if scaler and f":v{minor}." not in scaler.image:
        path = (*SECTION, "cluster_autoscaler", "image")
        fix = "take the release of the cluster's minor: it simulates that scheduler"
        yield refuse(path, f"not for Kubernetes {minor}", got=scaler.image, allowed=f"a tag v{minor}.*", fix=fix)
    with_gpus = [
        name for name, types in _types(config).items() if any(one in table() and table()[one].gpus for one in types)
    ]
    if with_gpus and layer.device_plugin is None:
        path = (*SECTION, "device_plugin")
        fix = "add the device plugin"
        what = f"no pod could ask for the GPUs of {', '.join(with_gpus)}"
        yield refuse(path, what, got=NOTHING, allowed="an image", fix=fix)
    if layer.application and "application" not in present(config.cluster).identities:
        path = (*SECTION, "application")
        fix = "add cluster.identities.application, which says its namespace"
        yield refuse(path, "has no identity", got="application", allowed="none", fix=fix)


def _types(config: StackConfig) -> dict[str, tuple[str, ...]]:
    """Return the instance types of each node group and pool."""
    groups = {name: one.instance_types for name, one in present(config.cluster).node_groups.items()}
    return groups | {name: one.instance_types for name, one in config.pools.items()}


def _default_class(layer: Kubernetes) -> Iterator[Problem]:
    defaults = [name for name, one in layer.storage_classes.items() if one.default]
    path = (*SECTION, "storage_classes")
    if len(defaults) != 1:
        fix = "set `default: true` on one class"
        yield refuse(path, "not one default", got=defaults, allowed="one default", fix=fix)


def namespaces(config: StackConfig) -> Iterator[Problem]:
    """No namespace is one that the cluster or an add-on makes: it exists, and bounds would shut out what runs there."""
    if config.kubernetes is None:
        return
    made = {ADDON_NAMESPACES[name]: name for name in present(config.cluster).addons if name in ADDON_NAMESPACES}
    for name in config.kubernetes.namespaces:
        maker = "Kubernetes" if name == "default" or name.startswith("kube-") else made.get(name)
        if maker is not None:
            what = f"made by {maker} itself, whose pods its network policies would shut off"
            fix = "leave it out, and give your pods a namespace of their own"
            path = (*SECTION, "namespaces", name)
            yield refuse(path, what, got="a section", allowed="namespaces of this stack", fix=fix)


def agents(config: StackConfig) -> Iterator[Problem]:
    """The namespace of CloudWatch's agents, where it is bounded here, lets them run: on every node, and asked by all.

    They mount the nodes' own files. Their operator is asked whenever a pod is made: where its policies shut out the API
    server, every pod of the cluster waits for an answer first.
    """
    name = ADDON_ACCOUNTS[AGENTS][0]
    space = config.kubernetes.namespaces.get(name) if config.kubernetes else None
    if space is None or AGENTS not in present(config.cluster).addons:
        return
    path, fix = (*SECTION, "namespaces", name), f"let {AGENTS} run there"
    if space.pod_security != "privileged":
        what = "the agents mount files of the nodes, which this standard forbids"
        where = (*path, "pod_security")
        yield refuse(where, what, got=space.pod_security, allowed="privileged", fix=fix)
    if AGENT_WEBHOOK_PORT not in space.webhook_ports:
        what = "the API server does not reach the agents' operator, and every pod of the cluster waits for it"
        where, allowed = (*path, "webhook_ports"), f"{AGENT_WEBHOOK_PORT}, and more"
        yield refuse(where, what, got=list(space.webhook_ports), allowed=allowed, fix=fix)
    if not {"https", "api"} <= set(space.reach):
        what, where = "the agents do not reach CloudWatch and the API server", (*path, "reach")
        yield refuse(where, what, got=list(space.reach), allowed="https, api, and more", fix=fix)
    zones = len(present(config.network).zones)
    need = 1  # the operator
    for group in present(config.cluster).node_groups.values():
        gpus = any(one in table() and table()[one].gpus for one in group.instance_types)
        need += nodes_in_all(group.scaling, zones) * (AGENT_PODS_PER_NODE + gpus)
    for pool in config.pools.values():
        gpus = any(one in table() and table()[one].gpus for one in pool.instance_types)
        need += nodes_of_pool(pool) * (AGENT_PODS_PER_NODE + gpus)
    if space.quota.pods < need:
        what = f"at the most nodes there are {need} pods of the agents, and some nodes would have none"
        where, allowed = (*path, "quota", "pods"), f"at least {need}"
        yield refuse(where, what, got=space.quota.pods, allowed=allowed, fix="raise it")


def traces(config: StackConfig) -> Iterator[Problem]:
    """Traces of pods have agents that take them, and pods that are to send some may."""
    if config.cluster is None:
        return
    if config.cluster.traces and AGENTS not in config.cluster.addons:
        what, fix = f"needs {AGENTS}: its agents take the traces", "add it to cluster.addons"
        yield refuse(("cluster", "traces"), what, got=True, allowed="false without it", fix=fix)
    for name, space in config.kubernetes.namespaces.items() if config.kubernetes else ():
        if "traces" in space.reach and not config.cluster.traces:
            what, fix = (
                "reaches an agent for traces, and none takes any",
                "set cluster.traces to true, or drop `traces`",
            )
            path = (*SECTION, "namespaces", name, "reach")
            yield refuse(path, what, got=list(space.reach), allowed="no `traces` without cluster.traces", fix=fix)


RULES: Final = (names, namespaces, reach, addons, agents, traces, parts)
