from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pulumi

from components.keys import Keys, KeysArgs
from components.network import Network, NetworkArgs
from components.providers import stack_providers
from config.files import stack_file, stack_files
from config.load import load_file
from config.placement import placed
from review.record import record
from review.recording import record_stack
from tests.config.containersfile import STACK as SHOP
from tests.config.containersfile import accepted

if TYPE_CHECKING:
    from config.network import Network as NetworkSettings
    from config.placement import Placed
    from config.stack import StackConfig
    from review.graph import Graph

STACKS: Final = (*sorted(stack_files()), SHOP)
"""Every stack file, and prod with containers, which no stack file has yet."""


def settings_of(stack: str) -> StackConfig:
    """Return the settings of a stack file, or of prod with containers."""
    return accepted() if stack == SHOP else load_file(stack_file(stack))


@cache
def recorded(stack: str) -> Graph:
    """Return what one of `STACKS` registers, recorded once in a process: many files ask for it, and none changes it."""
    settings = settings_of(stack)
    standby = settings.recovery.standby if settings.recovery else None
    return record_stack(stack, settings, recorded(standby.primary) if standby else None)


def record_network(settings: StackConfig) -> Graph:
    """Record keys and network of a stack, and nothing else of it."""
    return record_vpc(settings, settings.network, placed(settings))


def record_vpc(settings: StackConfig, vpc: NetworkSettings, members: tuple[Placed, ...]) -> Graph:
    """Record the keys of a stack, and a VPC in which some members serve."""

    def program() -> None:
        identity = settings.identity
        options = pulumi.ResourceOptions(providers=stack_providers(identity))
        keys = Keys("keys", KeysArgs(settings=settings.keys, identity=identity), options).outputs
        args = NetworkArgs(settings=vpc, identity=identity, keys=keys, members=members)
        Network("network", args, options)

    return record(program, "test")


def recorded_patterns(stack: str) -> list[str]:
    """Return the filter patterns of a stack's metric filters."""
    graph = recorded(stack)
    return [str(one.inputs["pattern"]) for one in graph.of_type("aws:cloudwatch/logMetricFilter:LogMetricFilter")]
