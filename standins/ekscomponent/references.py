"""References to components of this provider that arrive as inputs of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime import ResourceModule, register_resource_module

if TYPE_CHECKING:
    from collections.abc import Mapping

    from semver import VersionInfo


class ClusterReference(pulumi.ComponentResource):
    """An `eks:index:Cluster` made by an earlier call; its outputs are asked from the engine."""

    core: pulumi.Output[Mapping[str, Any]]

    def __init__(self, name: str, urn: str) -> None:
        super().__init__("eks:index:Cluster", name, {"core": None}, pulumi.ResourceOptions(urn=urn))
        self._known_urn = urn

    def as_parent(self) -> pulumi.Resource:
        """Return a resource to hang children below.

        Not this one: to depend on a component is to depend on its children, and a child that reads this cluster's
        outputs would wait for itself.
        """
        return pulumi.resource.DependencyResource(self._known_urn)


class Module(ResourceModule):
    """Turns references into resources when the SDK reads the inputs of a call."""

    def version(self) -> VersionInfo | None:
        """Serve references of any version."""
        return None

    def construct(self, name: str, typ: str, urn: str) -> pulumi.Resource:
        """Return the resource a reference stands for; only clusters have outputs anybody here needs."""
        if typ == "eks:index:Cluster":
            return ClusterReference(name, urn)
        return pulumi.resource.DependencyResource(urn)


def register() -> None:
    """Make the SDK resolve references to this provider's components; once per process."""
    register_resource_module("eks", "index", Module())
