"""Start of the plugin: `python -m standins.awsproxy ENGINE_ADDRESS` serves, `... tables` derives the shape table."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from standins import paths
from standins.awsproxy import backend, endpoint, records, relay, server, tables
from standins.awsproxy.bridge import CHANNEL, Binaries, Bridge, BridgeError

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES = "tables"

COLLECTOR = {"GOGC": "50"}
"""Go's garbage collection in bridge and provider: twice as often as by Go's own measure, as there are five
pairs of them while two stacks are planned at once (2026-11)."""


class Program:
    """Everything one run of the plugin needs, from the environment.

    Raises:
        BridgeError: A program is missing.
        NoRunDirectoryError: The environment names no run directory.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.binaries = Binaries.of(environ)
        self.run = records.run_directory(environ)
        self.table = tables.table_path(paths.cache_directory(environ), self.binaries.provider, self.binaries.bridge)
        self.environ = endpoint.child_environment(environ)
        self.log = self.run.logs / "aws-plugin.log"

    async def derive(self, engine: str) -> None:
        """Derive the shape table unless it is there; waits for another process that does it already."""
        with await asyncio.to_thread(tables.Derivation, self.table) as needed:
            if needed:
                await backend.derive(self.table, self.binaries, self.environ, self.log, engine)

    async def derive_only(self) -> None:
        """Derive the shape table without an engine, ahead of the first deployment."""
        log_server, log_address = await relay.serve(relay.Relay(""))
        try:
            await self.derive(log_address)
        finally:
            await log_server.stop(grace=0)

    async def serve(self, engine: str) -> None:
        """Serve until a signal; prints the port as soon as it is open.

        Raises:
            EndpointError: Calls would leave the machine; nothing has been started then.
        """
        endpoint.required(os.environ)
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, stopped.set)
        loop.add_reader(sys.stdin.fileno(), _at_end_of_input, stopped)
        logs = relay.Relay(engine)
        log_server, log_address = await relay.serve(logs)
        bridge = Bridge(self.binaries, self.environ | COLLECTOR, self.log)
        try:
            bridge.spawn(log_address)
            behind = backend.Backend(bridge, self.table, self.run, logs)
            behind.prepare(lambda: self.derive(log_address))
            service = grpc.aio.server(options=CHANNEL)
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(server.Plugin(behind), service)
            port = service.add_insecure_port("127.0.0.1:0")
            await service.start()
            sys.stdout.write(f"{port}\n")
            sys.stdout.flush()
            await stopped.wait()
            await service.stop(grace=0)
        finally:
            bridge.kill()
            await log_server.stop(grace=0)


def _at_end_of_input(stopped: asyncio.Event) -> None:
    """Stop when the engine has closed our standard input, which a killed engine does as well."""
    try:
        ended = not os.read(sys.stdin.fileno(), 4096)
    except OSError:
        ended = True
    if ended:
        stopped.set()


def main(argv: list[str]) -> int:
    """Run the plugin or derive the table; returns the exit status."""
    try:
        program = Program(os.environ)
        if argv[1:] == [TABLES]:
            asyncio.run(program.derive_only())
        else:
            with suppress(KeyboardInterrupt):
                asyncio.run(program.serve(argv[1] if len(argv) > 1 else ""))
    except (BridgeError, endpoint.EndpointError, records.NoRunDirectoryError) as error:
        sys.stderr.write(f"pulumi-resource-aws: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
