"""Objects of a recording, by what Kubernetes calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from review.graph import Graph


def objects(graph: Graph) -> list[dict[str, Any]]:
    """Every object that was registered."""
    return [
        dict(resource.inputs)
        for resource in graph.resources
        if resource.type.startswith("kubernetes:") and "apiVersion" in resource.inputs
    ]


def of_kind(graph: Graph, kind: str) -> dict[str, dict[str, Any]]:
    """`namespace/name`, or the name alone, -> object."""
    found = [one for one in objects(graph) if one["kind"] == kind]
    return {f"{one['metadata'].get('namespace', '')}/{one['metadata']['name']}".lstrip("/"): one for one in found}


def workloads(graph: Graph) -> dict[str, dict[str, Any]]:
    """Deployments and daemon sets."""
    return of_kind(graph, "Deployment") | of_kind(graph, "DaemonSet")


def containers(workload: dict[str, Any]) -> list[dict[str, Any]]:
    """All containers of a workload's pods."""
    pod = workload["spec"]["template"]["spec"]
    return [*pod.get("initContainers", []), *pod["containers"]]
