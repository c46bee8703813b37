"""Requests and answers of the data planes, and what two open connections are."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Callable

Headers: TypeAlias = list[tuple[str, str]]
"""Names in lower case and values, in order; a name may be there several times."""

HOP_BY_HOP: Final = frozenset(
    ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"]
)
"""Headers of one connection, which no proxy passes on (RFC 9110, section 7.6.1)."""

SWITCHING: Final = 101
LEAST_ERROR: Final = 400
"""From here on a status tells of an error."""


@dataclass(frozen=True)
class Stream:
    """An open connection.

    Attributes:
        reader: What comes.
        writer: What goes.
        early: Bytes that have come already.
    """

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    early: bytes = b""

    def close(self) -> None:
        """End it; what was written is still sent."""
        self.writer.close()

    def abort(self) -> None:
        """End it at once."""
        self.writer.transport.abort()


@dataclass(frozen=True)
class Request:
    """A request as it came.

    Attributes:
        method: As it was sent.
        target: Path and query as they were sent.
        headers: All of them.
        body: All of it.
        source: Address of the client.
    """

    method: str
    target: str
    headers: Headers
    body: bytes = b""
    source: str = "127.0.0.1"

    @property
    def path(self) -> str:
        """The path, as it was sent."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query, as it was sent, without its question mark."""
        return self.target.partition("?")[2]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of the query, decoded."""
        return parse_qsl(self.query, keep_blank_values=True)

    def header(self, name: str) -> str:
        """Return the first value of a header, empty without it."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def upgrades(self) -> bool:
        """Whether the client wants to speak another protocol on this connection."""
        return bool(self.header("upgrade")) and "upgrade" in self.header("connection").lower()


@dataclass
class Answer:
    """An answer to be sent.

    Attributes:
        status: Its status; 101 hands the connection over.
        headers: All of them, without those of a connection.
        body: All of it, or what brings it piece by piece.
        tunnel: The connection that a client's is joined with, after 101.
        finish: Called when the answer was sent, or could not be.
        idle: Seconds of silence after which joined connections are closed; None leaves it to who took the request.
    """

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes | AsyncIterator[bytes] = b""
    tunnel: Stream | None = None
    finish: Callable[[], None] = lambda: None
    idle: Callable[[], float] | None = None

    async def whole(self) -> bytes:
        """Return the body, all of it."""
        try:
            return self.body if isinstance(self.body, bytes) else b"".join([part async for part in self.body])
        finally:
            self.finish()


class BrokenError(Exception):
    """A connection ended within a message, or spoke no HTTP."""


def phrase(status: int) -> str:
    """Return the reason phrase of a status; empty for one without."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
