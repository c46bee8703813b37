"""Container images."""

from components.registry.area import build
from components.registry.outputs import RegistryOutputs
from components.registry.plan import repository_prefix
from components.registry.registry import Registry, RegistryArgs

__all__ = ["Registry", "RegistryArgs", "RegistryOutputs", "build", "repository_prefix"]
