"""Arithmetic of the cluster: node counts, scaling steps, block devices, names. Pure: no resource, no Pulumi."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from components.naming import physical
from config.facts.limits import EKS_NODES_PER_GROUP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.cluster import AmiType, PodAddresses, RootVolume, Scaling
    from config.identity import Identity
    from config.scaling import ActiveCounts, Step


@dataclass(frozen=True, kw_only=True)
class NodeCounts:
    """Node counts of a whole group, over all zones."""

    min: int
    """Fewest nodes."""
    desired: int
    """Nodes at creation."""
    max: int
    """Most nodes."""


@dataclass(frozen=True, kw_only=True)
class BlockDevice:
    """One EBS volume of a node."""

    device: str
    """Device name that the image expects."""
    volume: RootVolume | None
    """Size and speed; none = as large as the image's snapshot, gp3."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """One step of a step policy, counted from the alarm's threshold."""

    lower: int
    """Where it begins, in points above the threshold."""
    upper: int | None
    """Where the next one begins; none = it is the last."""
    add_percent: int
    """Nodes to add, in per cent."""


def of_group(count: int, per: Literal["zone", "group"], zones: int) -> int:
    """Return the count of the whole group, of one that is meant per zone or per group."""
    return count * zones if per == "zone" else count


def node_counts(scaling: Scaling, zones: int, active: ActiveCounts | None = None) -> NodeCounts:
    """Return the counts of the whole group.

    EKS counts per group and spreads evenly over the zones, so counts given per zone are multiplied by the zones: 3 to
    20 per zone in three zones are 9 to 60 nodes of one group.

    Args:
        scaling: Counts as the stack file gives them.
        zones: Zones of the network, 1 or more.
        active: Minimum and desired count in place of those of `scaling`, while a standby serves.

    Raises:
        ValueError: The counts are not in order, or more than EKS allows in one group.
    """
    low, desired = (active.min, active.desired) if active else (scaling.min, scaling.desired)
    counts = NodeCounts(
        min=of_group(low, scaling.per, zones),
        desired=of_group(desired, scaling.per, zones),
        max=of_group(scaling.max, scaling.per, zones),
    )
    if not counts.min <= counts.desired <= counts.max:
        raise ValueError(f"node counts must be min <= desired <= max, got {counts.min}, {counts.desired}, {counts.max}")
    if counts.max > EKS_NODES_PER_GROUP:
        raise ValueError(
            f"max {counts.max} nodes ({scaling.max} per {scaling.per}, {zones} zones); "
            f"a managed node group has at most {EKS_NODES_PER_GROUP}; split the group"
        )
    return counts


def intervals(steps: Sequence[Step]) -> tuple[Interval, ...]:
    """Return the steps as EC2 Auto Scaling counts them: from the alarm's threshold, which is where the first begins."""
    threshold = steps[0].cpu_percent
    ends = [after.cpu_percent - threshold for _, after in pairwise(steps)]
    return tuple(
        Interval(lower=step.cpu_percent - threshold, upper=end, add_percent=step.add_percent)
        for step, end in zip(steps, [*ends, None], strict=True)
    )


def block_devices(ami_type: AmiType, volume: RootVolume) -> tuple[BlockDevice, ...]:
    """Return the volumes of a node: one for Amazon Linux, system and data apart for Bottlerocket.

    Bottlerocket keeps images and containers on `/dev/xvdb`; its system volume keeps the snapshot's size (2 to 4 GiB),
    and is listed so that it is encrypted by the same key.
    """
    if ami_type.startswith("BOTTLEROCKET"):
        return BlockDevice(device="/dev/xvda", volume=None), BlockDevice(device="/dev/xvdb", volume=volume)
    return (BlockDevice(device="/dev/xvda", volume=volume),)


def cni_configuration(bound: PodAddresses | None, *, network_policies: bool) -> dict[str, object]:
    """Return the configuration values of the add-on vpc-cni.

    Args:
        bound: Addresses that a node holds; none = whole spare interfaces.
        network_policies: Whether network policies are enforced; the add-on's default is to ignore them (EKS User Guide,
            "Limit pod traffic with Kubernetes network policies", 2026-11).
    """
    environment = {"MINIMUM_IP_TARGET": str(bound.minimum), "WARM_IP_TARGET": str(bound.warm)} if bound else {}
    return {
        **({"enableNetworkPolicy": "true"} if network_policies else {}),
        **({"env": environment} if environment else {}),
    }


def cluster_name(identity: Identity) -> str:
    """Return the physical name; fixed, because EKS derives from it the log group, which must exist before."""
    return physical("eks-cluster", identity.system, identity.environment)


def cluster_arn(identity: Identity) -> str:
    """Return the ARN that the cluster will have."""
    return f"arn:aws:eks:{identity.region}:{identity.account_id}:cluster/{cluster_name(identity)}"


def control_plane_log_group(cluster: str) -> str:
    """Return the log group that EKS writes control-plane logs to; the name is EKS's choice."""
    return physical("log-group", "aws", "eks", cluster, "cluster")
