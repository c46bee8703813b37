"""The engine as the bridge sees it: a gRPC `Engine` service that passes log lines on with the URNs the engine knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

if TYPE_CHECKING:
    from standins.awsproxy.values import Message

NOISE = ("Found v5 provider", "Found v6 provider")
"""Information of the bridge about itself that helps nobody who deploys."""


class Relay(engine_pb2_grpc.EngineServicer):
    """Forwards log lines of the bridge to the engine; drops debug output and noise.

    Args:
        engine: Address of the real engine; empty when there is none (a table build), then nothing is forwarded.

    Attributes:
        lines: How many lines worth passing on the bridge has logged.
    """

    def __init__(self, engine: str) -> None:
        self._engine = engine_pb2_grpc.EngineStub(grpc.aio.insecure_channel(engine)) if engine else None
        self._urns: dict[str, str] = {}
        self.lines = 0

    def learn(self, theirs: str, ours: str) -> None:
        """Remember which URN of the engine a bridge URN stands for."""
        self._urns[theirs] = ours

    async def Log(self, request: Message, context: Message) -> Empty:  # noqa: ARG002, N802 shape set by gRPC
        """Pass one line on."""
        worth = request.severity > engine_pb2.DEBUG and not any(word in request.message for word in NOISE)
        if worth:
            self.lines += 1
            request.urn = self._urns.get(request.urn, request.urn)
            await self._send(request)
        return Empty()

    async def warn(self, urn: str, message: str) -> None:
        """Say something ourselves, as a warning on a resource."""
        await self._send(engine_pb2.LogRequest(severity=engine_pb2.WARNING, urn=urn, message=message))

    async def status(self, message: str) -> None:
        """Tell what takes long, as information that concerns no resource."""
        await self._send(engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message))

    async def _send(self, request: Message) -> None:
        if self._engine is None:
            return
        try:
            await self._engine.Log(request)
        except grpc.aio.AioRpcError:
            self._engine = None


async def serve(relay: Relay) -> tuple[grpc.aio.Server, str]:
    """Serve the relay on a free loopback port; returns the server and its address."""
    server = grpc.aio.server()
    engine_pb2_grpc.add_EngineServicer_to_server(relay, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, f"127.0.0.1:{port}"
