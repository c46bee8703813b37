"""The groups of instances of a stack, where the stack file has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.access import Reached
from components.base import named
from components.data import DataOutputs
from components.edge import EdgeOutputs
from components.inference import InferenceOutputs
from components.instances.group import InstanceGroup, InstanceGroupArgs
from components.instances.outputs import InstancesOutputs
from components.keys import KeysOutputs
from components.messaging import MessagingOutputs
from components.network import NetworkOutputs
from components.observability import ObservabilityOutputs
from components.sockets import SocketsOutputs
from components.streaming import StreamingOutputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pulumi

    from components.outputs import Outputs
    from components.platform import Platform
    from config.instances import InstanceGroup as GroupSettings


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the groups of instances."""
    groups = platform.settings.instances
    if not groups:
        return
    edge = platform.get(EdgeOutputs)
    reached = _reached(platform)
    made = {
        name: InstanceGroup(
            named("instances", name),
            InstanceGroupArgs(
                name=name,
                settings=settings,
                identity=platform.identity,
                network=platform.needed(NetworkOutputs),
                keys=reached.keys,
                reached=reached,
                balancer=edge.regional if edge else None,
                alarms=_alarms(platform, name, settings),
            ),
            platform.options,
        )
        for name, settings in groups.items()
    }
    yield InstancesOutputs(
        group_names={name: group.group_name for name, group in made.items()},
        role_names={name: group.role_name for name, group in made.items()},
    )


def _reached(platform: Platform) -> Reached:
    messaging = platform.get(MessagingOutputs)
    return Reached(
        identity=platform.identity,
        keys=platform.needed(KeysOutputs),
        data=platform.get(DataOutputs),
        queues=messaging.queues if messaging else {},
        sockets=platform.get(SocketsOutputs),
        inference=platform.get(InferenceOutputs),
        streaming=platform.get(StreamingOutputs),
        provider_keys=platform.settings.provider_keys,
    )


def _alarms(platform: Platform, name: str, settings: GroupSettings) -> list[pulumi.Output[str]]:
    """Return the names of the alarms that roll back a refresh of a group."""
    observability = platform.get(ObservabilityOutputs)
    return [observability.alarm_names[row][name] for row in settings.refresh.alarms] if observability else []
