"""The API of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.api.api import Api, ApiArgs
from components.api.sockets import SocketsRoutes, SocketsRoutesArgs
from components.data import DataOutputs
from components.edge import EdgeOutputs, PrimaryZone
from components.functions import FunctionsOutputs
from components.keys import KeysOutputs
from components.network import NetworkOutputs
from components.sockets import SocketsOutputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the API, where the stack file has one; it needs the zone of the edge, for services a bucket."""
    settings, edge_settings = platform.settings.api, platform.settings.edge
    if settings is None or edge_settings is None:
        return
    edge, functions = platform.needed(EdgeOutputs), platform.get(FunctionsOutputs)
    args = ApiArgs(
        settings=settings,
        identity=platform.identity,
        network=platform.needed(NetworkOutputs) if settings.leads_inside else None,
        keys=platform.needed(KeysOutputs),
        access_logs=platform.needed(DataOutputs).logs if settings.leads_inside else None,
        services=platform.settings.services,
        functions=functions.functions if functions else {},
        domain=settings.name_in(edge_settings.domain),
        zone_id=edge.cdn.zone_id if edge.cdn else platform.needed(PrimaryZone).zone_id,
        failover="PRIMARY" if edge.cdn else "SECONDARY",
        health_check_id=edge.regional.serving_check_id if edge.regional else None,
    )
    yield Api("api", args, platform.options).outputs


def build_sockets(platform: Platform) -> Iterator[Outputs]:
    """Build what clients reach of the WebSocket API, where the stack file has one; later areas need nothing of it."""
    settings = platform.settings.sockets
    if settings is not None:
        edge = platform.needed(EdgeOutputs)
        args = SocketsRoutesArgs(
            settings=settings,
            identity=platform.identity,
            keys=platform.needed(KeysOutputs),
            api=platform.needed(SocketsOutputs),
            functions=platform.needed(FunctionsOutputs).functions,
            zone_id=edge.cdn.zone_id if edge.cdn else platform.needed(PrimaryZone).zone_id,
            failover="PRIMARY" if edge.cdn else "SECONDARY",
            health_check_id=edge.regional.serving_check_id if edge.regional else None,
        )
        SocketsRoutes("sockets", args, platform.options)
    yield from ()
