"""The observability of a stack: what watches the areas that stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.api import ApiOutputs
from components.audit import AuditOutputs
from components.cluster import ClusterOutputs
from components.data import DataOutputs
from components.edge import EdgeOutputs
from components.functions import FunctionsOutputs
from components.keys import Elsewhere, KeysOutputs
from components.messaging import MessagingOutputs
from components.network import NetworkOutputs
from components.observability.args import ObservabilityArgs
from components.observability.observability import Observability
from components.sockets import SocketsOutputs
from components.streaming import StreamingOutputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build what watches the areas that stand, for a primary and a standby alike, where the stack file has it."""
    settings, audit = platform.settings.observability, platform.get(AuditOutputs)
    if settings is None:
        return
    messaging = platform.get(MessagingOutputs)
    cluster, data = platform.get(ClusterOutputs), platform.get(DataOutputs)
    args = ObservabilityArgs(
        settings=settings,
        identity=platform.identity,
        keys=platform.needed(KeysOutputs),
        data_settings=platform.settings.data,
        network=platform.get(NetworkOutputs),
        cluster=cluster,
        data=data,
        edge=platform.get(EdgeOutputs),
        services=platform.settings.services,
        instances=tuple(platform.settings.instances),
        functions=platform.get(FunctionsOutputs),
        functions_settings=platform.settings.functions,
        queues=messaging.queues if messaging else {},
        api=platform.get(ApiOutputs),
        sockets=platform.get(SocketsOutputs),
        streaming=platform.get(StreamingOutputs),
        pod_roles={**(cluster.pod_roles if cluster else {}), **(data.pod_roles if data else {})},
        trail_log_group=audit.trail_log_group if audit else None,
        elsewhere=platform.get(Elsewhere),
    )
    yield Observability("observability", args, platform.options).outputs
