"""The workload VPC."""

from components.network.network import Network, NetworkArgs
from components.network.outputs import NetworkOutputs

__all__ = ["Network", "NetworkArgs", "NetworkOutputs"]
