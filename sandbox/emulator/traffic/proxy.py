"""How functions and tasks reach the names of the sandbox, which no DNS knows: by a proxy of HTTP, as variables say.

The names are those of APIs of API Gateway, of distributions of CloudFront, of load balancers, and what records of
Route 53 lead to them. A client asks the proxy for a connection to a name and a port (CONNECT, RFC 9110, section 9.3.6),
and gets what answers there in the emulator, by TLS of the sandbox's own authority. Any other name is connected to.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sandbox.emulator.bind import listen
from sandbox.emulator.cut import reachable
from sandbox.emulator.patches.api_requests import owner_of
from sandbox.emulator.settings import LOOPBACK
from sandbox.emulator.traffic import cdn, origins, wire
from sandbox.emulator.traffic.messages import Answer, BrokenError, Request, Stream
from sandbox.emulator.traffic.ports import Plane, Port

if TYPE_CHECKING:
    import socket

    from sandbox.emulator.traffic.certificates import Authority

IDLE_S: Final = 600.0
"""Silence after which API Gateway closes a WebSocket (Developer Guide, quotas of WebSocket APIs, 2026-11)."""
_TLS: Final = 443
_HEAD_S: Final = 30.0
_ENDPOINT: Final = re.compile(r"[a-z0-9]+\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")
_CONNECT: Final = re.compile(rb"CONNECT (?P<host>[^\s:]+):(?P<port>\d{1,5}) HTTP/1\.[01]\r\n")
_OPENED: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"


@dataclass(frozen=True)
class Gateway:
    """API Gateway's side towards clients: the emulator's own port, which finds an API by its name.

    Attributes:
        region: Region of the API.
        secure: It speaks TLS only.
    """

    region: str
    secure: bool = True

    def idle(self) -> float:
        """Seconds of silence after which a connection is closed."""
        return IDLE_S

    async def answer(self, request: Request) -> Answer:
        """Answer a client's request.

        Raises:
            BrokenError: The emulator does not answer.
        """
        try:
            stream = await wire.connect((LOOPBACK, int(os.environ["GATEWAY_PORT"])), None)
            return await wire.ask(stream, request, self.idle)
        except OSError as error:
            raise BrokenError(str(error)) from error


def plane(host: str, port: int) -> Plane | None:
    """Return what answers at a name and a port; None where the name is not the sandbox's."""
    name = host.rstrip(".").lower()
    if port == _TLS and (owner := owner_of(name)):
        return Gateway(owner[1])
    if port == _TLS and (endpoint := _ENDPOINT.fullmatch(name)):
        return Gateway(endpoint["region"])
    if cdn.named(name) is not None:
        return cdn.Edge(secure=port == _TLS)
    found = origins.listeners(name, port)
    return next((one for one in found if reachable(one.region)), next(iter(found), None))


class Proxy:
    """The proxy of one emulator.

    Args:
        authority: Whose certificates are shown.
    """

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._loop: asyncio.AbstractEventLoop | None = None
        self._number = 0
        self._busy = threading.Lock()
        self._server: asyncio.Task[asyncio.Server] | None = None
        self._open: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """Be there in the running event loop, for whoever asks."""
        self._loop = asyncio.get_running_loop()

    async def end(self) -> None:
        """Take no connections any more, and end those that are open."""
        self._loop = None
        if self._server is not None:
            (await self._server).close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def environment(self) -> dict[str, str]:
        """Return what a process is given that is to reach the names; empty where the proxy is not there.

        The first to ask, in whatever thread, opens its port.
        """
        if self._loop is None:
            return {}
        with self._busy:
            if not self._number:
                sock = listen(0)
                self._number = int(sock.getsockname()[1])
                self._loop.call_soon_threadsafe(self._serve, sock)
            place, bundle = f"http://{LOOPBACK}:{self._number}", self._bundle
        near = f"{LOOPBACK},localhost"
        proxies = {"HTTPS_PROXY": place, "https_proxy": place, "NO_PROXY": near, "no_proxy": near}
        return proxies | dict.fromkeys(("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), bundle)

    def _serve(self, sock: socket.socket) -> None:
        self._server = asyncio.get_running_loop().create_task(asyncio.start_server(self._meet, sock=sock))

    @cached_property
    def _bundle(self) -> str:
        """File of the authorities that a process trusts: those that botocore does, and the sandbox's."""
        found = find_spec("botocore")
        known = Path(str(found.origin)).with_name("cacert.pem").read_text(encoding="utf-8") if found else ""
        bundle = Path(tempfile.gettempdir()) / "authorities.pem"
        bundle.write_text(f"{known}\n{self._authority.certificate}", encoding="utf-8")
        return str(bundle)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        try:
            with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._lead(reader, writer)
        finally:
            writer.close()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Give a client the connection that it asks for."""
        async with asyncio.timeout(_HEAD_S):
            asked = _CONNECT.match(await reader.readuntil(b"\r\n\r\n"))
        if asked is None:
            writer.write(b"HTTP/1.1 405 Method Not Allowed\r\nAllow: CONNECT\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        host, port = asked["host"].decode("ascii"), int(asked["port"])
        found = plane(host, port)
        if found is None:
            await self._pass_on(Stream(reader, writer), (host, port))
            return
        writer.write(_OPENED)
        if found.secure:
            await writer.start_tls(self._authority.context())
        await Port(found, None).meet(reader, writer)

    @staticmethod
    async def _pass_on(client: Stream, place: tuple[str, int]) -> None:
        try:
            other = await wire.connect(place, None)
        except (OSError, TimeoutError):
            client.writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            await client.writer.drain()
            return
        client.writer.write(_OPENED)
        await wire.join(client, other, lambda: IDLE_S)
