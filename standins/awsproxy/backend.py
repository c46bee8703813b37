"""What stands behind the service: the bridge, the shape table, the journal; ready in the background after the start."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from typing import TYPE_CHECKING

import grpc

from standins.awsproxy import overrides, records, sdk, shapes, tables, tokens
from standins.awsproxy.bridge import Bridge, BridgeError
from standins.awsproxy.resource import Resource
from standins.awsproxy.verdicts import Verdicts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from standins.awsproxy.bridge import Binaries
    from standins.awsproxy.relay import Relay
    from standins.awsproxy.shapes import Shaper
    from standins.awsproxy.tables import ShapeTable
    from standins.awsproxy.values import Message
    from standins.paths import RunDirectory

DERIVING = "deriving the shape table of the Terraform AWS provider (once per version, about 20 s)"


async def derive(path: Path, binaries: Binaries, environ: dict[str, str], log: Path, engine: str) -> None:
    """Derive the shape table with a bridge of its own, which is gone (with its 1.5 GB) when this returns."""
    bridge = Bridge(binaries, environ, log)
    try:
        bridge.spawn(engine)
        await bridge.connect()
        schema = await bridge.schema()
    finally:
        bridge.kill()
    await asyncio.to_thread(lambda: tables.write(path, json.loads(schema)))


class Backend:
    """Bridge and table of one plugin process.

    Args:
        bridge: The bridge, spawned.
        table_path: Where the shape table is or will be.
        run: The run directory: what was dropped and held, assets for the provider to read, what it judged before.
        relay: Way to the engine's log.

    Attributes:
        journal: Records of what was dropped and held.
    """

    def __init__(self, bridge: Bridge, table_path: Path, run: RunDirectory, relay: Relay) -> None:
        self.journal = records.Journal(run)
        self._verdicts = Verdicts(run.root / "verdicts", bridge.binaries)
        self._bridge = bridge
        self._table_path = table_path
        self._relay = relay
        self._files = run.root / "assets"
        self._table: ShapeTable | None = None
        self._tokens: tokens.TokenMap | None = None
        self._resources: dict[str, tuple[Resource, str]] = {}
        self._ready: asyncio.Task[None] | None = None

    def prepare(self, derive_table: Callable[[], Awaitable[None]]) -> None:
        """Start getting ready; calls of the engine wait for it."""
        self._ready = asyncio.create_task(self._prepare(derive_table))

    async def _prepare(self, derive_table: Callable[[], Awaitable[None]]) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._bridge.connect())
            if not self._table_path.exists():
                await self._relay.status(DERIVING)
                await derive_table()
        self._table = tables.ShapeTable(self._table_path)
        self._tokens = tokens.TokenMap(self._table.tokens())

    async def _wait(self, context: Message) -> tuple[ShapeTable, tokens.TokenMap]:
        problem = ""
        try:
            if self._ready is not None:
                await asyncio.shield(self._ready)
        except* (BridgeError, OSError, LookupError, ValueError, sqlite3.Error, grpc.aio.AioRpcError) as errors:
            problem = str(next(iter(errors.exceptions)))
        if problem:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"the AWS plugin cannot start: {problem}")
        if self._table is None or self._tokens is None:
            raise BridgeError("the plugin was not prepared")
        return self._table, self._tokens

    async def table(self, context: Message) -> ShapeTable:
        """The shape table, once it is there."""
        return (await self._wait(context))[0]

    async def resource(self, urn: str, context: Message) -> tuple[Resource, str]:
        """The type of a URN and the URN as the bridge wants it; aborts the call for a type nobody serves."""
        table, names = await self._wait(context)
        token = tokens.urn_type(urn)
        try:
            if token not in self._resources:
                theirs = names.to_bridge(token)
                shaper = _shaper(table, token, theirs)
                self._resources[token] = (Resource(token, shaper, self._files), theirs)
            return self._resources[token][0], names.urn_to_bridge(urn)
        except (LookupError, RuntimeError) as error:
            await context.abort(grpc.StatusCode.NOT_FOUND, str(error))
            raise

    async def function(self, token: str, context: Message) -> tuple[Shaper, str]:
        """Translator and bridge token of a function."""
        table, names = await self._wait(context)
        try:
            theirs = names.to_bridge(token)
            renames = overrides.override(token).renames
            return shapes.Shaper(table, sdk.function(token), table.resource(theirs), renames=renames), theirs
        except (LookupError, RuntimeError) as error:
            await context.abort(grpc.StatusCode.NOT_FOUND, str(error))
            raise

    def bridge_urn(self, urn: str) -> str:
        """URN as the bridge wants it; `resource` must have been asked for it."""
        if self._tokens is None:
            raise BridgeError("the plugin was not prepared")
        return self._tokens.urn_to_bridge(urn)

    def learn(self, theirs: str, ours: str) -> None:
        """Remember a pair of URNs for log lines."""
        self._relay.learn(theirs, ours)

    async def warn(self, urn: str, message: str) -> None:
        """Warn on a resource."""
        await self._relay.warn(urn, message)

    async def call(self, context: Message, method: str, request: Message) -> Message:
        """Call the bridge; an error is passed on to the engine as it came, and aborts the call."""
        await self._wait(context)
        try:
            return await getattr(self._bridge.stub, method)(request)
        except grpc.aio.AioRpcError as error:
            if not self._bridge.running:
                await context.abort(grpc.StatusCode.UNAVAILABLE, "the Terraform bridge ended unexpectedly")
            await context.abort(error.code(), error.details() or "", tuple(error.trailing_metadata() or ()))
            raise

    async def configure(self, context: Message, request: Message) -> None:
        """Configure the bridge."""
        await self.call(context, "Configure", request)
        self._verdicts.configured(request)

    async def diff(self, context: Message, token: str, request: Message) -> Message:
        """Ask the bridge what changes, unless it answered the same question with "nothing" and without a word."""
        known = self._verdicts.known(token, request)
        if known is not None:
            return known
        before = self._relay.lines
        response = await self.call(context, "Diff", request)
        if self._relay.lines == before:
            self._verdicts.keep(token, request, response)
        return response

    async def cancel(self) -> None:
        """Ask the provider to stop."""
        await self._bridge.cancel()


def _shaper(table: ShapeTable, token: str, theirs: str) -> Shaper:
    ours = sdk.resource(token)
    if ours is None:
        raise tokens.UnknownTokenError(f"{token} is not a resource type of the installed pulumi_aws")
    return shapes.Shaper(table, ours, table.resource(theirs), theirs, overrides.override(token).renames)
