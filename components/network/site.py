"""What every part of the network is built with: its parent, its names, its VPC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.base import child, foundation, named

if TYPE_CHECKING:
    import pulumi

    from components.network.plan import NetworkPlan
    from config.identity import Identity
    from config.network import Network
    from config.placement import Placed


@dataclass(frozen=True, kw_only=True)
class Site:
    """The place that the parts of one network are built in."""

    parent: pulumi.Resource
    """The component."""
    component: str
    """Its logical name."""
    identity: Identity
    """The stack file's `identity`."""
    settings: Network
    """The stack file's `network`."""
    plan: NetworkPlan
    """What follows from the settings."""
    members: tuple[Placed, ...] = ()
    """Who serves in the VPC, beside its own endpoints."""
    label: str | None = None
    """What the VPC is for, as a part of names, where it is not the workload's."""

    def named(self, thing: str, zone: str | None = None) -> str:
        """Return a logical name."""
        return named(self.component, thing, zone)

    def tags(self, thing: str, zone: str | None = None) -> dict[str, str]:
        """Return the `Name` tag, by which people find the resource in the console."""
        parts = [self.identity.system, self.identity.environment, self.labelled(thing), zone]
        return {"Name": "-".join(part for part in parts if part)}

    def labelled(self, thing: str) -> str:
        """Return a thing's name within the system, apart from that of its like in the workload's VPC."""
        return f"{self.label}-{thing}" if self.label else thing

    def child(self) -> pulumi.ResourceOptions:
        """Return the options of a child of the component."""
        return child(self.parent)

    def foundation(self) -> pulumi.ResourceOptions:
        """Return the options of a child that databases, caches and the cluster live in."""
        return foundation(self.parent)
