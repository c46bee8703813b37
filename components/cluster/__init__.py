"""The EKS cluster: control plane, managed node groups, add-ons, pod identities."""

from components.cluster.agents import AgentsArgs, build_agents
from components.cluster.cluster import Cluster, ClusterArgs
from components.cluster.outputs import ClusterOutputs

__all__ = ["AgentsArgs", "Cluster", "ClusterArgs", "ClusterOutputs", "build_agents"]
