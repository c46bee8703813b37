"""How often each service has been called, by the region its caller signed for; served or refused.

Counted from the emulator's start on. Two readings and a difference say what an engine command needed.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from sandbox.emulator import client
from sandbox.emulator.control import PREFIX, App, Receive, Scope, Send
from sandbox.emulator.cut import signed_for

CALLS: Counter[tuple[str, str]] = Counter()
"""(service, region) -> requests of this process."""


class Tally:
    """An ASGI application in front of the emulator's that counts signed requests.

    Args:
        app: The emulator.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count one request and pass it on."""
        if scope["type"] == "http" and not scope["path"].startswith((PREFIX, "/_ministack/")):
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
            region, service = signed_for(headers, parse_qs(scope["query_string"].decode("latin-1")))
            if service:
                CALLS[service, region] += 1
        await self._app(scope, receive, send)


def status() -> dict[str, object]:
    """What has been counted, most frequent first."""
    return {"calls": [[service, region, number] for (service, region), number in CALLS.most_common()]}


def read(endpoint: str) -> Counter[tuple[str, str]]:
    """Return what a running emulator has counted.

    Args:
        endpoint: Its address.

    Raises:
        EmulatorError: No emulator answers there.
    """
    port = urlsplit(endpoint).port
    if port is None:
        raise client.EmulatorError(f"{endpoint}: an address with a port is needed")
    said = cast("dict[str, Any]", client.control(port, "GET", "calls"))
    return Counter({(service, region): number for service, region, number in said["calls"]})
