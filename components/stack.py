"""Puts the areas together: their order, and nothing else.

An area finds what it needs of earlier ones on the platform (`components.platform`), and returns its own outputs. What
the stack file leaves out is not built, and has no outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from components import (
    api,
    audit,
    backup,
    beanstalk,
    cluster,
    containers,
    cost,
    data,
    edge,
    experiments,
    functions,
    inference,
    instances,
    keys,
    kubernetes,
    messaging,
    network,
    observability,
    operators,
    recovery,
    registry,
    releases,
    sockets,
    streaming,
)
from components.exports import Exports
from components.platform import Platform

if TYPE_CHECKING:
    from components.platform import Build
    from config.stack import StackConfig

AREAS: Final[tuple[Build, ...]] = (
    recovery.follow,  # what the areas of a standby take of its primary
    keys.build,
    network.build,
    cluster.build,
    data.build,
    messaging.build,
    streaming.build,
    registry.build,
    edge.build,
    sockets.build,  # functions and services push by it
    inference.build,  # functions and services call models through it
    functions.build,
    api.build,
    api.build_sockets,
    audit.build,
    observability.build,
    containers.build,
    instances.build,
    beanstalk.build,
    releases.build,  # alarms on functions take them back
    operators.build,
    cost.build,
    backup.build,
    recovery.build,
    experiments.build,  # services, databases and caches that they take away, and alarms that stop them, are there
    kubernetes.build,
    cluster.agents,  # adopt what the Kubernetes layer has made for them
)
"""The areas' entrances, each after those of which it needs outputs."""


def deploy(settings: StackConfig) -> Exports:
    """Register every resource of the stack.

    Raises:
        pulumi.RunError: A standby cannot read its primary's outputs, or contradicts them.
        ValueError: The settings ask for what cannot be built.
    """
    platform = Platform.of(settings)
    for build in AREAS:
        platform = platform.with_outputs(build(platform))
    return Exports.of(platform)
