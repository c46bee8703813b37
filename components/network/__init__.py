"""The workload VPC."""

from components.network.outputs import NetworkOutputs

__all__ = ["NetworkOutputs"]
