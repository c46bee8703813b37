"""Arithmetic of the cluster: node counts, block devices, physical names. Pure: no resource, no Pulumi."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from components.naming import physical

if TYPE_CHECKING:
    from config.cluster import AmiType, PodAddresses, RootVolume, Scaling
    from config.identity import Identity

MAX_NODES_PER_GROUP: Final = 450
"""Nodes of a managed node group (EKS service quota, 2026-11)."""


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


def node_counts(scaling: Scaling, zones: int) -> NodeCounts:
    """Return the counts of the whole group.

    EKS counts per group and spreads evenly over the zones, so counts given per zone are multiplied by the zones: 3 to
    20 per zone in three zones are 9 to 60 nodes of one group.

    Args:
        scaling: Counts as the stack file gives them.
        zones: Zones of the network, 1 or more.

    Raises:
        ValueError: The counts are not in order, or more than EKS allows in one group.
    """
    factor = zones if scaling.per == "zone" else 1
    counts = NodeCounts(min=scaling.min * factor, desired=scaling.desired * factor, max=scaling.max * factor)
    if not counts.min <= counts.desired <= counts.max:
        raise ValueError(f"node counts must be min <= desired <= max, got {counts.min}, {counts.desired}, {counts.max}")
    if counts.max > MAX_NODES_PER_GROUP:
        raise ValueError(
            f"max {counts.max} nodes ({scaling.max} in each of {factor} zones); "
            f"a managed node group has at most {MAX_NODES_PER_GROUP}; split the group"
        )
    return counts


def block_devices(ami_type: AmiType, volume: RootVolume) -> tuple[BlockDevice, ...]:
    """Return the volumes of a node: one for Amazon Linux, system and data apart for Bottlerocket.

    Bottlerocket keeps images and containers on `/dev/xvdb`; its system volume keeps the snapshot's size (2 to 4 GiB),
    and is listed so that it is encrypted by the same key.
    """
    if ami_type.startswith("BOTTLEROCKET"):
        return BlockDevice(device="/dev/xvda", volume=None), BlockDevice(device="/dev/xvdb", volume=volume)
    return (BlockDevice(device="/dev/xvda", volume=volume),)


def cni_configuration(bound: PodAddresses | None) -> dict[str, object]:
    """Return the configuration values of the add-on vpc-cni; none = it keeps whole spare interfaces on each node."""
    if bound is None:
        return {}
    return {"env": {"MINIMUM_IP_TARGET": str(bound.minimum), "WARM_IP_TARGET": str(bound.warm)}}


def cluster_name(identity: Identity) -> str:
    """Return the physical name; fixed, because EKS derives from it the log group, which must exist before."""
    return physical("eks-cluster", identity.system, identity.environment)


def cluster_arn(identity: Identity) -> str:
    """Return the ARN that the cluster will have."""
    return f"arn:aws:eks:{identity.region}:{identity.account_id}:cluster/{cluster_name(identity)}"


def control_plane_log_group(cluster: str) -> str:
    """Return the log group that EKS writes control-plane logs to; the name is EKS's choice."""
    return physical("log-group", "aws", "eks", cluster, "cluster")
