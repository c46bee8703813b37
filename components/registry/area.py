"""The container images of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.keys import KeysOutputs
from components.registry.registry import Registry, RegistryArgs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the repositories, where the stack file has some."""
    settings = platform.settings.registry
    if settings is None:
        return
    args = RegistryArgs(settings=settings, identity=platform.identity, keys=platform.needed(KeysOutputs))
    yield Registry("registry", args, platform.options).outputs
