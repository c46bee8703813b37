"""gRPC server of the provider: one process per engine, many calls at once."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.provider.server import ProviderServicer
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2_grpc

from standins.ekscomponent import references
from standins.ekscomponent.provider import EksProvider

WAITING_CALLS = 64
"""Registrations that may wait for the engine at a time; each holds a thread until its resource exists."""


async def serve(engine: str) -> None:
    """Serve until the process is ended; prints the port, and nothing else, on standard output."""
    references.register()
    executor = ThreadPoolExecutor(WAITING_CALLS, thread_name_prefix="registration")
    asyncio.get_running_loop().set_default_executor(executor)
    server = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
    servicer = ProviderServicer(EksProvider(), [], engine_address=engine)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await server.wait_for_termination()
