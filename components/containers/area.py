"""The services of a stack, and the cluster that they run on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.access import Reached
from components.api import ApiOutputs
from components.base import child, named
from components.containers.cluster import Cluster, ClusterArgs
from components.containers.outputs import ContainersOutputs
from components.containers.service import Service, ServiceArgs
from components.data import DataOutputs
from components.edge import EdgeOutputs
from components.inference import InferenceOutputs
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
    from config.containers import Service as ServiceSettings


def build(platform: Platform) -> Iterator[Outputs]:
    """Build cluster and services, where the stack file has some."""
    settings = platform.settings.containers
    if settings is None:
        return
    keys, network = platform.needed(KeysOutputs), platform.needed(NetworkOutputs)
    cluster_args = ClusterArgs(
        settings=settings, identity=platform.identity, vpc_id=network.vpc_id, logs_key_arn=keys.arn("logs")
    )
    cluster = Cluster("containers", cluster_args, platform.options)
    edge, messaging = platform.get(EdgeOutputs), platform.get(MessagingOutputs)
    reached = Reached(
        identity=platform.identity,
        keys=keys,
        data=platform.get(DataOutputs),
        queues=messaging.queues if messaging else {},
        sockets=platform.get(SocketsOutputs),
        inference=platform.get(InferenceOutputs),
        streaming=platform.get(StreamingOutputs),
        provider_keys=platform.settings.provider_keys,
    )
    services = {
        name: Service(
            named("containers", name),
            ServiceArgs(
                name=name,
                settings=service,
                identity=platform.identity,
                network=network,
                keys=keys,
                cluster=cluster.outputs,
                reached=reached,
                balancer=edge.regional if edge else None,
                api=platform.get(ApiOutputs),
                alarms=_alarms(platform, name, service),
            ),
            child(cluster),
        )
        for name, service in settings.services.items()
    }
    yield ContainersOutputs(
        cluster_name=cluster.outputs.name,
        service_arns={name: service.arn for name, service in services.items()},
        task_role_names={name: service.task_role_name for name, service in services.items()},
    )


def _alarms(platform: Platform, name: str, service: ServiceSettings) -> list[pulumi.Output[str]]:
    """Return the names of the alarms that roll back a deployment of a service."""
    observability = platform.get(ObservabilityOutputs)
    return [observability.alarm_names[row][name] for row in service.deployment.alarms] if observability else []
