"""HTTP/1.1 of the data planes: connections of clients, requests to targets, and joined connections after an upgrade."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Final, TypeAlias

import h11

from sandbox.emulator.traffic import waiting
from sandbox.emulator.traffic.messages import (
    HOP_BY_HOP,
    SWITCHING,
    Answer,
    BrokenError,
    Headers,
    Request,
    Stream,
    phrase,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from ssl import SSLContext

    Answering: TypeAlias = Callable[[Request], Awaitable[Answer]]
    Idle: TypeAlias = Callable[[], float]
    """Seconds of silence after which a connection is closed, as they are now."""

_CHUNK: Final = 65_536
_CONNECT_S: Final = 10.0
"""Time within which a target must take a connection (ELB user guide, "HTTP 504", 2026-11)."""


async def serve(client: Stream, answering: Answering, idle: Idle) -> None:
    """Answer a client's requests one after another, until it leaves or is silent for too long."""
    source = str(client.writer.get_extra_info("peername")[0])
    connection = h11.Connection(h11.SERVER)
    with contextlib.suppress(TimeoutError, OSError, BrokenError, h11.ProtocolError):
        while (request := await _request(client, connection, source, idle)) is not None:
            answer = await answering(request)
            try:
                await _send(client, connection, answer, empty=request.method == "HEAD")
                if answer.tunnel is not None:
                    early = connection.trailing_data[0]
                    await join(replace(client, early=early), answer.tunnel, answer.idle or idle)
                    return
            finally:
                answer.finish()
            if connection.our_state is h11.MUST_CLOSE or connection.their_state is h11.MUST_CLOSE:
                return
            connection.start_next_cycle()


async def _request(client: Stream, connection: h11.Connection, source: str, idle: Idle) -> Request | None:
    """Return the next request, None when there is none; what is no HTTP is answered 400, half of one 408."""
    head: h11.Request | None = None
    body = bytearray()
    try:
        while True:
            event = await _event(client, connection, idle())
            if isinstance(event, h11.Request):
                head = event
                if connection.they_are_waiting_for_100_continue:
                    client.writer.write(connection.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            elif isinstance(event, h11.Data):
                body += event.data
            elif head is None or isinstance(event, h11.ConnectionClosed):
                return None
            else:
                target = head.target.decode("latin-1")
                return Request(head.method.decode("ascii"), target, _headers(head), bytes(body), source)
    except (h11.RemoteProtocolError, TimeoutError) as error:
        if isinstance(error, h11.RemoteProtocolError) or head is not None:
            await _send(client, connection, Answer(408 if isinstance(error, TimeoutError) else 400))
        return None


async def _event(stream: Stream, connection: h11.Connection, seconds: float) -> object:
    """Return the next event of a connection.

    Raises:
        TimeoutError: Nothing came for that long.
        OSError: The connection was lost.
        h11.RemoteProtocolError: What came is no HTTP.
    """
    while (event := connection.next_event()) is h11.NEED_DATA:
        async with waiting.within(seconds):
            connection.receive_data(await stream.reader.read(_CHUNK))
    return event


def _headers(event: h11.Request | h11.Response | h11.InformationalResponse) -> Headers:
    return [(name.decode("ascii"), value.decode("latin-1")) for name, value in event.headers]


def _pairs(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers]


async def _send(client: Stream, connection: h11.Connection, answer: Answer, *, empty: bool = False) -> None:
    """Send an answer, without its body where it is one to HEAD."""
    headers = _pairs(answer.headers)
    if answer.status == SWITCHING:
        client.writer.write(connection.send(h11.InformationalResponse(status_code=SWITCHING, headers=headers)) or b"")
        await client.writer.drain()
        return
    names = {name for name, _ in answer.headers}
    if "date" not in names:
        headers.append((b"date", formatdate(usegmt=True).encode()))
    if isinstance(answer.body, bytes) and "content-length" not in names:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    head = h11.Response(status_code=answer.status, headers=headers, reason=phrase(answer.status).encode())
    client.writer.write(connection.send(head) or b"")
    async for part in _parts(b"" if empty else answer.body):
        client.writer.write(connection.send(h11.Data(data=part)) or b"")
        await client.writer.drain()
    client.writer.write(connection.send(h11.EndOfMessage()) or b"")
    await client.writer.drain()


async def _parts(body: bytes | AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if isinstance(body, bytes):
        yield body
        return
    async for part in body:
        yield part


async def connect(place: tuple[str, int], tls: SSLContext | None) -> Stream:
    """Open a connection.

    Raises:
        OSError: Nobody listens there, or TLS was refused.
        TimeoutError: Nobody answered in time.
    """
    async with asyncio.timeout(_CONNECT_S):
        return Stream(*await asyncio.open_connection(*place, ssl=tls))


async def ask(target: Stream, request: Request, idle: Idle) -> Answer:
    """Send a request to a target and return its answer, whose body is read while it is sent on.

    Raises:
        TimeoutError: The target was silent for too long.
        BrokenError: It closed the connection, or spoke no HTTP.
    """
    connection = h11.Connection(h11.CLIENT)
    try:
        target.writer.write(_said(connection, request))
        await target.writer.drain()
        event = await _head(target, connection, idle)
    except (OSError, h11.ProtocolError) as error:
        target.abort()
        if isinstance(error, TimeoutError):
            raise
        raise BrokenError(str(error)) from error
    except BaseException:
        target.abort()
        raise
    headers = _headers(event)
    if event.status_code == SWITCHING:
        joined = replace(target, early=connection.trailing_data[0])
        return Answer(SWITCHING, headers, tunnel=joined, finish=target.close)
    kept = [(name, value) for name, value in headers if name not in HOP_BY_HOP]
    return Answer(event.status_code, kept, _body(target, connection, idle), finish=target.close)


async def _head(target: Stream, connection: h11.Connection, idle: Idle) -> h11.Response | h11.InformationalResponse:
    """Return the head of an answer, after those that only announce one."""
    while True:
        event = await _event(target, connection, idle())
        if isinstance(event, h11.Response):
            return event
        if not isinstance(event, h11.InformationalResponse):
            raise BrokenError("the target closed the connection without an answer")
        if event.status_code == SWITCHING:
            return event


def _said(connection: h11.Connection, request: Request) -> bytes:
    """Return a request as it goes over the wire; its connection serves no other one unless it is upgraded."""
    kept = [(name, value) for name, value in request.headers if name not in HOP_BY_HOP | {"content-length"}]
    if request.upgrades:
        kept += [("connection", "upgrade"), ("upgrade", request.header("upgrade"))]
    else:
        kept += [("connection", "close")]
    if request.body or request.header("content-length") or request.header("transfer-encoding"):
        kept += [("content-length", str(len(request.body)))]
    headers = _pairs(kept)
    head = h11.Request(method=request.method, target=request.target.encode("latin-1"), headers=headers)
    parts = [connection.send(head), connection.send(h11.Data(data=request.body)), connection.send(h11.EndOfMessage())]
    return b"".join(part or b"" for part in parts)


async def _body(target: Stream, connection: h11.Connection, idle: Idle) -> AsyncIterator[bytes]:
    try:
        while isinstance(event := await _event(target, connection, idle()), h11.Data):
            yield bytes(event.data)
    except (OSError, h11.ProtocolError) as error:
        raise BrokenError(str(error)) from error


async def join(one: Stream, other: Stream, idle: Idle) -> None:
    """Pass on what either side says until one of them leaves, or both are silent for too long."""
    heard = time.time()

    async def pour(source: Stream, sink: Stream) -> None:
        nonlocal heard
        data = source.early
        while data or (data := await source.reader.read(_CHUNK)):
            heard = time.time()
            sink.writer.write(data)
            await sink.writer.drain()
            data = b""

    async def watch() -> None:
        while (left := heard + idle() - time.time()) > 0:
            await waiting.sleep(left)

    tasks = [asyncio.create_task(work) for work in (pour(one, other), pour(other, one), watch())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for stream in (one, other):
            stream.close()
