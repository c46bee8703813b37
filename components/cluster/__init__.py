"""The EKS cluster: control plane, managed node groups, add-ons, pod identities."""

from components.cluster.agents import AgentsArgs, build_agents
from components.cluster.area import agents, build
from components.cluster.cluster import Cluster, ClusterArgs
from components.cluster.outputs import AgentsSpace, ClusterOutputs

__all__ = [
    "AgentsArgs",
    "AgentsSpace",
    "Cluster",
    "ClusterArgs",
    "ClusterOutputs",
    "agents",
    "build",
    "build_agents",
]
