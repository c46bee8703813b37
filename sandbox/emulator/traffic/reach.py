"""Where a target of a load balancer listens on this machine: a task that runs as a process, or a process of one's own.

A target that nobody knows here is an object only: it is called healthy, as the emulator always did, and requests to it
time out as they do for an address behind which nothing answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from sandbox.emulator.tasks import addresses

Place: TypeAlias = tuple[str, int]
"""Host and port."""

Reach: TypeAlias = Callable[[str, int], "Place | None"]
"""Gives the place on this machine of a target's address and port; None when it does not run here."""

_NAMED: dict[Place, Place] = {}

REACH: Final[list[Reach]] = [addresses.local, lambda ip, port: _NAMED.get((ip, port))]
"""Who is asked, in order."""


def local(ip: str, port: int) -> Place | None:
    """Return where a target listens on this machine, None when it does not run here."""
    return next((place for ask in REACH if (place := ask(ip, port)) is not None), None)


def name(query: Mapping[str, str]) -> dict[str, object]:
    """Serve POST /_sandbox/reach: ip and port of a target, at=127.0.0.1:port of a process, or nothing to forget it.

    Raises:
        KeyError: ip or port is missing.
        ValueError: A port is no number, or the process is not on the loopback interface.
    """
    target = query["ip"], int(query["port"])
    host, _, port = query.get("at", "").rpartition(":")
    if not port:
        _NAMED.pop(target, None)
    elif host == "127.0.0.1":
        _NAMED[target] = host, int(port)
    else:
        raise ValueError(f"at={query['at']}; allowed: 127.0.0.1:<port>")
    return {"targets": {f"{ip}:{port}": f"{at}:{to}" for (ip, port), (at, to) in _NAMED.items()}}


def forget() -> None:
    """Forget the processes that were named."""
    _NAMED.clear()
