"""What a stack makes, as the checks ask for it: by type and region, with node groups, zones and names resolved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.layers import Layers
    from config.problems import Path
    from config.stack import StackConfig
    from review.graph import Graph, Resource

CLUSTERS: Final = ("eks:index:Cluster", "aws:eks/cluster:Cluster")
GROUPS: Final = ("eks:index:ManagedNodeGroup", "aws:eks/nodeGroup:NodeGroup")
SUBNET: Final = "aws:ec2/subnet:Subnet"


@dataclass(frozen=True, kw_only=True)
class NodeGroup:
    """A node group of the plan."""

    name: str
    """Key in the stack file."""
    region: str
    """Its region."""
    types: tuple[str, ...]
    """Instance types, the preferred first."""
    least: int
    """Nodes that `up` starts."""
    most: int
    """Nodes that it may grow to."""
    zones: tuple[str, ...]
    """Names of its zones, such as `us-east-1a`."""
    ami_type: str
    """AMI type of EKS."""
    version: str
    """Kubernetes minor."""
    volume_gib: int
    """Size of the volumes of one node."""

    @property
    def path(self) -> Path:
        """Path of its settings."""
        return ("cluster", "node_groups", self.name)


@dataclass(frozen=True)
class Plan:
    """A stack before its first `up`."""

    stack: str
    """Its name."""
    settings: StackConfig
    """Its stack file."""
    graph: Graph
    """Its recording."""
    layers: Layers
    """The stack file and its bases, for lines."""

    def place(self, path: Path) -> tuple[str, int | None]:
        """Return file and line of a setting; of the whole stack no line."""
        file, line = self.layers.place(path)
        return file, line if path else None

    def of(self, *types: str, region: str | None = None) -> list[Resource]:
        """Return resources of some types, in one region or in all."""
        found = (resource for resource in self.graph.resources if resource.type in types)
        return [resource for resource in found if region in (None, self.region(resource))]

    def region(self, resource: Resource) -> str:
        """Return where a resource is made: its own `region`, its provider's, or the stack's."""
        provider = self.graph.by_urn.get(resource.provider)
        for inputs in (resource.inputs, provider.inputs if provider else {}):
            if isinstance(inputs.get("region"), str):
                return str(inputs["region"])
        return self.settings.identity.region

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Every region in which something is made, the stack's own first."""
        own = self.settings.identity.region
        others = {self.region(resource) for resource in self.graph.custom() if resource.type.startswith("aws:")}
        return (own, *sorted(others - {own}))

    @cached_property
    def by_id(self) -> Mapping[str, Resource]:
        """Resources by the placeholder of their id."""
        return {resource.id: resource for resource in self.graph.resources if resource.id}

    def zones(self, subnet_ids: object) -> tuple[str, ...]:
        """Return the zones of subnets that an input names, sorted, each once."""
        ids = subnet_ids if isinstance(subnet_ids, list) else []
        subnets = [self.by_id[one] for one in ids if one in self.by_id]
        return tuple(sorted({str(one.inputs["availabilityZone"]) for one in subnets if one.type == SUBNET}))

    @cached_property
    def node_groups(self) -> tuple[NodeGroup, ...]:
        """Node groups of EKS."""
        return tuple(self._groups())

    def _groups(self) -> Iterator[NodeGroup]:
        keys = self.settings.cluster.node_groups if self.settings.cluster else {}
        for group in self.of(*GROUPS):
            scaling: Mapping[str, Any] = group.inputs.get("scalingConfig") or {}
            template = self.by_id.get((group.inputs.get("launchTemplate") or {}).get("id", ""))
            yield NodeGroup(
                name=next((key for key in keys if f"-{key}-" in group.name), group.name),
                region=self.region(group),
                types=tuple(group.inputs.get("instanceTypes") or ()),
                least=int(scaling.get("desiredSize", 0)),
                most=int(scaling.get("maxSize", 0)),
                zones=self.zones(group.inputs.get("subnetIds")),
                ami_type=str(group.inputs.get("amiType", "")),
                version=str(group.inputs.get("version", "")),
                volume_gib=_volumes(template),
            )


def _volumes(template: Resource | None) -> int:
    devices = template.inputs.get("blockDeviceMappings") or [] if template else []
    return sum(int((device.get("ebs") or {}).get("volumeSize", 0)) for device in devices)
