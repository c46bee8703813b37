"""The EKS cluster: control plane, managed node groups, add-ons, pod identities."""

from components.cluster.cluster import Cluster, ClusterArgs
from components.cluster.outputs import ClusterOutputs

__all__ = ["Cluster", "ClusterArgs", "ClusterOutputs"]
