"""Pods as the pod-security standard `restricted` wants them, and the workloads made of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from components.kubernetes.manifest import NAME_LABEL, Manifest, manifest, metadata

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.controller import Resources

NOBODY: Final = 65532
"""User and group of containers that need no particular one (distroless images' `nonroot`)."""
SECCOMP: Final[Manifest] = {"type": "RuntimeDefault"}
LOCKED: Final[Manifest] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": SECCOMP,
}
"""Security context of every container."""


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A deployment of like pods."""

    name: str
    """Name of the deployment, its service account and its label."""
    namespace: str
    """Where it lives."""
    containers: Sequence[Manifest]
    """Containers."""
    replicas: int
    """Pods."""
    priority: str
    """Priority class."""
    init_containers: Sequence[Manifest] = ()
    """Containers that run to their end before the others start."""
    volumes: Sequence[Manifest] = ()
    """Volumes."""
    annotations: Mapping[str, Any] = field(default_factory=dict)
    """Annotations of the pods; a change restarts them."""
    talks_to_api: bool = False
    """Whether pods get a token for the Kubernetes API."""
    patience_seconds: int = 30
    """Time that a pod has to end by itself."""
    affinity: Manifest = field(default_factory=dict)
    """Nodes that it may run on; empty = any."""

    @property
    def selector(self) -> dict[str, str]:
        """Labels that its pods are found by."""
        return {NAME_LABEL: self.name}


def container(name: str, image: str, resources: Resources, **rest: Any) -> Manifest:  # noqa: ANN401 any JSON value
    """Return a locked container that asks for, and is bound to, its resources; `rest` are its further fields."""
    return {
        "name": name,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "resources": bounds(resources),
        "securityContext": LOCKED,
        **rest,
    }


def bounds(resources: Resources) -> Manifest:
    """Return requests and limits."""
    return {
        "requests": {"cpu": resources.cpu, "memory": resources.memory},
        "limits": {"cpu": resources.cpu_limit, "memory": resources.memory},
    }


def http_probe(path: str, port: int | str, period_seconds: int = 10) -> Manifest:
    """Return a probe that asks for a path."""
    return {"httpGet": {"path": path, "port": port}, "periodSeconds": period_seconds, "failureThreshold": 3}


def deployment(workload: Workload) -> Manifest:
    """Return the deployment: no pod is taken away before its successor is ready, and pods stay apart."""
    return manifest(
        "apps/v1",
        "Deployment",
        metadata(workload.name, workload.namespace),
        spec={
            "replicas": workload.replicas,
            "revisionHistoryLimit": 3,
            "selector": {"matchLabels": workload.selector},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "template": {
                "metadata": {"labels": workload.selector, "annotations": dict(workload.annotations)},
                "spec": _pod(workload),
            },
        },
    )


def _pod(workload: Workload) -> Manifest:
    return {
        "serviceAccountName": workload.name,
        "automountServiceAccountToken": workload.talks_to_api,
        "priorityClassName": workload.priority,
        "terminationGracePeriodSeconds": workload.patience_seconds,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": NOBODY,
            "runAsGroup": NOBODY,
            "fsGroup": NOBODY,
            "seccompProfile": SECCOMP,
        },
        **({"affinity": workload.affinity} if workload.affinity else {}),
        "topologySpreadConstraints": [_apart(workload, "topology.kubernetes.io/zone"), _apart(workload, _HOST)],
        **({"initContainers": list(workload.init_containers)} if workload.init_containers else {}),
        "containers": list(workload.containers),
        **({"volumes": list(workload.volumes)} if workload.volumes else {}),
    }


_HOST: Final = "kubernetes.io/hostname"


def _apart(workload: Workload, domain: str) -> Manifest:
    """Return a constraint that spreads pods; while a zone is lost they may crowd rather than wait."""
    return {
        "maxSkew": 1,
        "topologyKey": domain,
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": workload.selector},
    }
