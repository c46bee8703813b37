"""Where on this machine a port of a task is served: private address and container port to a port on loopback.

A task that runs as a process (`sandbox.emulator.tasks.processes`) is in the table from its start until its process has
ended. A task that is an object only is never in it, so that `local` tells the two apart. A private address is given
once per emulator, whatever the account and VPC, so that an address alone names a task.

Each port is held by a bound socket that does not listen. No other program is given it in the second or more between
the choice of the port and the start of its server; a server that sets SO_REUSEADDR, as nearly all do, binds to it.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOPBACK: Final = "127.0.0.1"
"""The only address a task's process listens on."""

_LOCK: Final = threading.Lock()
_HELD: Final[dict[tuple[str, int], socket.socket]] = {}


def local(ip: str, port: int) -> tuple[str, int] | None:
    """Host and port on this machine that serve a port of a task; None where no process stands behind it.

    Args:
        ip: Private address of the task, as its network interface and its targets carry it.
        port: Port of the container.
    """
    with _LOCK:
        held = _HELD.get((ip, port))
        return None if held is None else (LOOPBACK, _number(held))


def serve(ip: str, ports: Iterable[int]) -> dict[int, int]:
    """Return container port to port on loopback for a task, each held until it is forgotten."""
    with _LOCK:
        for port in ports:
            if (ip, port) not in _HELD:
                _HELD[ip, port] = _hold()
        return {port: _number(_HELD[ip, port]) for port in ports}


def forget(ip: str) -> None:
    """Drop all ports of a task whose process has ended."""
    with _LOCK:
        for key in [key for key in _HELD if key[0] == ip]:
            _HELD.pop(key).close()


def forget_all() -> None:
    """Drop all ports: the emulator forgets everything."""
    with _LOCK:
        while _HELD:
            _HELD.popitem()[1].close()


def _hold() -> socket.socket:
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((LOOPBACK, 0))
    return held


def _number(held: socket.socket) -> int:
    return int(held.getsockname()[1])
