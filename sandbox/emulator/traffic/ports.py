"""Ports on loopback that load balancers and distributions answer at, from when GET /_sandbox/traffic first asks.

Each HTTP or HTTPS listener has a port of its own, all distributions share one for HTTP and one for HTTPS, as the edge
does, and are distinguished by Host. Ports come and go with what they belong to; nothing is opened for who never asks.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from ministack.services import alb, cloudfront

from sandbox.emulator.bind import listen
from sandbox.emulator.cut import reachable
from sandbox.emulator.traffic import cdn, measures, wire
from sandbox.emulator.traffic.balancer import Listener
from sandbox.emulator.traffic.messages import Answer, BrokenError, Request, Stream

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from sandbox.emulator.traffic.certificates import Authority

log = logging.getLogger(__name__)

_EDGES: Final = {"http": 80, "https": 443}
"""Protocols and ports of CloudFront."""


class Plane(Protocol):
    """What answers at a port."""

    @property
    def secure(self) -> bool:
        """Whether it speaks TLS."""

    @property
    def region(self) -> str:
        """Region that it is in, empty for what is everywhere."""

    def idle(self) -> float:
        """Seconds of silence after which a connection is closed."""

    async def answer(self, request: Request) -> Answer:
        """Answer a request."""


@dataclass
class Port:
    """An open port.

    Attributes:
        plane: What answers there.
        number: Its number.
    """

    plane: Plane
    tls: ssl.SSLContext | None
    number: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def open(self) -> None:
        """Take connections."""
        sock = listen(0)
        self.number = int(sock.getsockname()[1])
        self._server = await asyncio.start_server(self.meet, sock=sock, ssl=self.tls)

    async def close(self) -> None:
        """Take no more, and end those that are open."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of a connection."""
        stream = Stream(reader, writer)
        if not reachable(self.plane.region):
            stream.abort()
            return
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        with suppress(asyncio.CancelledError, KeyError):  # it is gone: so are its connections
            await self._serve(stream)

    async def _serve(self, stream: Stream) -> None:
        counted = self.plane.settings["LoadBalancerArn"] if isinstance(self.plane, Listener) else None
        if counted:
            measures.CONNECTIONS[counted] += 1
        try:
            await wire.serve(stream, self._answer, self.plane.idle)
        finally:
            stream.close()
            if counted:
                measures.CONNECTIONS[counted] -= 1

    async def _answer(self, request: Request) -> Answer:
        """Answer a request, unless the region has been cut off since the connection was taken."""
        if not reachable(self.plane.region):
            raise BrokenError(f"{self.plane.region} is cut off")
        try:
            return await self.plane.answer(request)
        except (BrokenError, KeyError):  # nobody is there to answer, or no listener any more
            raise
        except Exception:
            log.exception("%s %s could not be answered", request.method, request.target)
            return Answer(500)


class Ports:
    """The open ports of an emulator.

    Args:
        authority: Whose certificates are shown.
    """

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._open: dict[str, Port] = {}
        self._asked = False
        self._busy = asyncio.Lock()

    async def status(self, _: Mapping[str, str]) -> dict[str, object]:
        """Return where listeners and distributions answer, and whose certificates they show."""
        self._asked = True
        await self.follow()
        return {
            "certificate": self._authority.certificate,
            "balancers": [self._balancer(port) for port in self._open.values() if isinstance(port.plane, Listener)],
            "distributions": [self._distribution(one) for one in cdn.distributions()],
        }

    async def follow(self) -> None:
        """Open and close ports as listeners and distributions have come and gone, once somebody has asked."""
        if not self._asked:
            return
        async with self._busy:
            wanted = self._wanted()
            for name in [name for name, port in self._open.items() if name not in wanted or self._changed(port)]:
                await self._open.pop(name).close()
            for name, plane in wanted.items():
                if name not in self._open:
                    port = Port(plane, self._authority.context() if plane.secure else None)
                    await port.open()
                    self._open[name] = port

    async def close(self) -> None:
        """Close all."""
        self._asked = False
        for name in list(self._open):
            await self._open.pop(name).close()

    def _wanted(self) -> dict[str, Plane]:
        found: dict[str, Plane] = {arn: Listener(arn) for _, _, arn in list(alb._listeners._data)}
        found = {arn: plane for arn, plane in found.items() if isinstance(plane, Listener) and plane.serves}
        if cloudfront._distributions._data:
            found |= {name: cdn.Edge(secure=name == "https") for name in _EDGES}
        return found

    @staticmethod
    def _changed(port: Port) -> bool:
        return port.plane.secure != (port.tls is not None)

    @staticmethod
    def _balancer(port: Port) -> dict[str, object]:
        listener = port.plane
        assert isinstance(listener, Listener)  # noqa: S101 - the caller has looked
        return {
            "name": listener.balancer["DNSName"],
            "listener": listener.arn,
            "port": listener.settings["Port"],
            "tls": listener.secure,
            "address": f"127.0.0.1:{port.number}",
        }

    def _distribution(self, found: cdn.Document) -> dict[str, object]:
        edges = {name: f"127.0.0.1:{self._open[name].number}" for name in _EDGES}
        return {"name": found["DomainName"], "aliases": cdn.aliases(found), "id": found["Id"], **edges}
