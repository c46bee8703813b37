"""The headers of a WebSocket's handshake: where a token is, and which protocol is spoken. Pure.

A client sends `Authorization: Bearer <token>`. A browser cannot: it offers the subprotocols `agents.v1` and
`bearer.<token>`. A token in the address is not read, since addresses are logged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.agents.identity import Unidentified

if TYPE_CHECKING:
    from collections.abc import Mapping

PROTOCOL: Final = "agents.v1"
_BEARER: Final = "bearer."
"""How the subprotocol begins that carries a token."""


def token(headers: Mapping[str, str]) -> str:
    """Return the token of a handshake.

    Raises:
        Unidentified: It has none.
    """
    said = {name.lower(): value for name, value in headers.items()}
    scheme, _, value = said.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value:
        return value.strip()
    for name in _offered(headers):
        if name.startswith(_BEARER):
            return name.removeprefix(_BEARER)
    raise Unidentified("no token")


def answer(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that answer a handshake: a browser that offers subprotocols wants to hear which is spoken."""
    spoken = any(name == PROTOCOL or name.startswith(_BEARER) for name in _offered(headers))
    return {"Sec-WebSocket-Protocol": PROTOCOL} if spoken else {}


def _offered(headers: Mapping[str, str]) -> list[str]:
    offered = next((value for name, value in headers.items() if name.lower() == "sec-websocket-protocol"), "")
    return [name.strip() for name in offered.split(",")]
