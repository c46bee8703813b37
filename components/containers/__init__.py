"""Services on ECS."""

from components.containers.area import build
from components.containers.outputs import ContainersOutputs

__all__ = ["ContainersOutputs", "build"]
