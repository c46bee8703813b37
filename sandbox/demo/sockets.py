"""A plain client of a WebSocket API: messages as they come, with nothing of AWS in it."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Event, Ping, RejectConnection, Request, TextMessage

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

WAIT_SECONDS: Final = 20.0
"""Longest silence of a socket that something is expected of."""


class Refused(Exception):  # noqa: N818 - what happened
    """A handshake was refused; its argument is the status of HTTP."""


class Ended(ConnectionError):  # noqa: N818 - what happened
    """The socket was closed, or said something other than text."""


@dataclass
class Socket:
    """One connection.

    Attributes:
        url: What it connects to, such as `ws://127.0.0.1:4566`.
        headers: What it sends along.
        host: Name of the API; none = the host of `url`.
        wait_seconds: Longest silence, 20 s by default.
        heard: The messages that have come.

    Raises:
        Refused: The handshake is refused.
        OSError: Nothing answers, or not in time.
    """

    url: str
    headers: dict[str, str]
    host: str = ""
    wait_seconds: float = WAIT_SECONDS
    heard: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Connect."""
        at = urlsplit(self.url)
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._socket = socket.create_connection((at.hostname or "", at.port or 80), timeout=self.wait_seconds)
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        try:
            self._send(Request(host=self.host or at.netloc, target=at.path or "/", extra_headers=headers))
            event = self._next()
        except BaseException:
            self._socket.close()
            raise
        if isinstance(event, AcceptConnection):
            return
        self._socket.close()
        raise Refused(event.status_code) if isinstance(event, RejectConnection) else Ended(repr(event))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, event: Event) -> None:
        self._socket.sendall(self._protocol.send(event))

    def _next(self) -> Any:  # noqa: ANN401 - one of the events of wsproto
        while True:
            for event in self._protocol.events():
                if not isinstance(event, Ping):
                    return event
                self._socket.sendall(self._protocol.send(event.response()))
            self._protocol.receive_data(self._socket.recv(65536) or None)

    def text(self) -> str:
        """Wait for a message, and return it as it came.

        Raises:
            Ended: The socket was closed.
            OSError: None comes in time.
        """
        event = self._next()
        if not isinstance(event, TextMessage):
            raise Ended(repr(event))
        return str(event.data)

    def next(self) -> dict[str, Any]:
        """Wait for a message."""
        said: dict[str, Any] = json.loads(self.text())
        self.heard.append(said)
        return said

    def write(self, text: str) -> None:
        """Send a message."""
        self._send(TextMessage(text))

    def say(self, **said: str) -> dict[str, Any]:
        """Send a message, and wait for an answer."""
        self.write(json.dumps(said))
        return self.next()

    def until(self, state: str) -> list[str]:
        """Wait for a state of a task; returns the states that came by then."""
        while not self.heard or self.heard[-1].get("state") != state:
            self.next()
        return [one["state"] for one in self.heard if one["type"] == "task"]

    def close(self) -> None:
        """End it, as a client does; again it does nothing."""
        if self._socket.fileno() < 0:
            return
        try:
            self._send(CloseConnection(1000))
        except OSError:
            pass  # the other side has gone
        finally:
            self._socket.close()
