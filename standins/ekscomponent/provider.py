"""From a request of the engine to the component that serves it."""

from __future__ import annotations

import json
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.provider import CallResult, ConstructResult, Provider

from standins.ekscomponent.addons import Addon
from standins.ekscomponent.cluster import Cluster
from standins.ekscomponent.nodes import ManagedNodeGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


COMPONENTS: dict[str, Callable[[str, Mapping[str, Any], pulumi.ResourceOptions], Cluster | ManagedNodeGroup | Addon]]
COMPONENTS = {"eks:index:Cluster": Cluster, "eks:index:ManagedNodeGroup": ManagedNodeGroup, "eks:index:Addon": Addon}


class EksProvider(Provider):
    """The provider the engine talks to; it says the version of the SDK whose components it serves."""

    def __init__(self) -> None:
        version = metadata.version("pulumi-eks")
        super().__init__(version, json.dumps({"name": "eks", "version": version}))

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Build the component of the given type.

        Raises:
            NotImplementedError: No component of this type is served.
            pulumi.InputPropertiesError: Inputs that are not served, all of them.
        """
        if resource_type not in COMPONENTS:
            served = ", ".join(sorted(COMPONENTS))
            raise NotImplementedError(f"the stand-in for pulumi-eks does not serve {resource_type}; it serves {served}")
        component = COMPONENTS[resource_type](name, inputs, options or pulumi.ResourceOptions())
        return ConstructResult(component.urn, component.outputs)

    def call(self, token: str, args: pulumi.Inputs) -> CallResult:
        """Refuse methods of components.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError(f"the stand-in for pulumi-eks does not serve the method {token}")
