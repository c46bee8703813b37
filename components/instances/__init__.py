"""Groups of EC2 instances."""

from components.instances.area import build
from components.instances.outputs import InstancesOutputs

__all__ = ["InstancesOutputs", "build"]
