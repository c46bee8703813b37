"""Karpenter: pools of nodes that it starts for pods that find none, and takes away (docs/adr/0064-karpenter.md).

Names and ranges are those of its NodePool and EC2NodeClass, version 1.14, read 2026-12-01.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.cluster import KubernetesName, LabelKey, LabelValue, RootVolume, Taint
from config.controller import Image, Replicas, Resources
from config.identity import ZoneLetter
from config.network import TierName


class Limits(Section):
    """What all nodes of a pool have together at most. Nodes that start at the same moment may exceed it a little."""

    cpu: Annotated[int, Field(ge=1, le=100000)]
    """vCPUs."""
    memory_gib: Annotated[int, Field(ge=1, le=1000000)]
    """Memory in GiB."""


class Consolidation(Section):
    """When nodes are taken away, or replaced by fewer or cheaper ones."""

    policy: Literal["WhenEmpty", "WhenEmptyOrUnderutilized"]
    """`WhenEmpty` leaves every node that runs a pod; the other one moves pods, too."""
    after_minutes: Annotated[int, Field(ge=0, le=1440)]
    """Minutes without a pod that came or went until a node is looked at."""


class DisruptionBudget(Section):
    """Nodes of a pool that may be on their way out at once; of several that hold the smallest counts."""

    nodes: Annotated[str, Field(pattern=r"^((100|[1-9]?\d)%|\d{1,4})$")]
    """A count, or a share such as `10%`, rounded up."""
    reasons: Annotated[tuple[Literal["Underutilized", "Empty", "Drifted"], ...], Field(max_length=3)] = ()
    """Reasons that it bounds; empty = all of them. An end of life is never bounded."""
    schedule: (
        Annotated[str, Field(pattern=r"^(@(yearly|monthly|weekly|daily|hourly)|[0-9*,/A-Z-]+( [0-9*,/A-Z-]+){4})$")]
        | None
    ) = None
    """When it begins to hold, as crontab writes it, in UTC; None = it always holds."""
    duration_minutes: Annotated[int, Field(ge=1, le=10080)] | None = None
    """For how long; beside `schedule` and never without."""


class NodePool(Section):
    """One pool: nodes of some types for pods that tolerate its taints."""

    instance_types: Annotated[tuple[str, ...], Field(min_length=1, max_length=40)]
    """EC2 instance types, all of one architecture; Karpenter takes the cheapest that fits. More types find Spot
    capacity more often."""
    capacity_types: Annotated[tuple[Literal["ON_DEMAND", "SPOT"], ...], Field(min_length=1)]
    """Purchase options; with both, Spot first. A Spot node gets a notice of two minutes."""
    ami: Annotated[str, Field(pattern=r"^(al2023|bottlerocket)@v\d+(\.\d+){0,2}$")]
    """Image family of EKS at an exact version, such as `al2023@v20260903`; another one replaces the nodes, as the
    budgets let. Karpenter takes the build for the type's architecture and GPUs."""
    tier: TierName | None = None
    """Private tier that the nodes live in; none = that of the cluster."""
    zones: Annotated[tuple[ZoneLetter, ...], Field(max_length=6)] = ()
    """Zones of `network.zones` that the nodes live in; empty = all of them."""
    limits: Limits
    """Bound of its size, and so of its cost."""
    root_volume: RootVolume
    """Root volume of each node; encrypted by the `cluster` key."""
    labels: dict[LabelKey, LabelValue] = Field(default_factory=dict)
    """Kubernetes labels."""
    taints: Annotated[tuple[Taint, ...], Field(max_length=50)] = ()
    """Kubernetes taints."""
    consolidation: Consolidation
    """When nodes are taken away."""
    disruption_budgets: Annotated[tuple[DisruptionBudget, ...], Field(min_length=1, max_length=50)]
    """Bounds on nodes that are replaced or taken away at once."""
    expire_after_hours: Annotated[int, Field(ge=24, le=8760)]
    """Age at which a node is replaced, whatever the budgets say; 720 is Karpenter's own default."""
    termination_grace_minutes: Annotated[int, Field(ge=5, le=2880)]
    """Minutes after which a node that goes ends its last pods, though a disruption budget of theirs held them."""


class Karpenter(Section):
    """Starts nodes for pods that find none, in pools; runs on nodes of `cluster.node_groups` alone."""

    image: Image
    """Controller; Kubernetes 1.35 needs 1.9 at least."""
    replicas: Replicas
    """One works, the others wait."""
    resources: Resources
    """Of each replica."""
    priority: KubernetesName
    """One of `priorities`."""
    pools: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")], NodePool], Field(min_length=1, max_length=20)
    ]
    """Node pools by name."""
