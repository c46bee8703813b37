"""Where on this machine a port of a task is served: private address and container port to a port on loopback.

A task that runs as a process (`sandbox.emulator.tasks.processes`) is in the table from its start until its process has
ended. A task that is an object only is never in it, so that `local` tells the two apart. A private address is given
once per emulator, whatever the account and VPC, so that an address alone names a task.
"""

from __future__ import annotations

import threading
from typing import Final

LOOPBACK: Final = "127.0.0.1"
"""The only address a task's process listens on."""

_LOCK: Final = threading.Lock()
_PORTS: Final[dict[tuple[str, int], int]] = {}


def local(ip: str, port: int) -> tuple[str, int] | None:
    """Host and port on this machine that serve a port of a task; None where no process stands behind it.

    Args:
        ip: Private address of the task, as its network interface and its targets carry it.
        port: Port of the container.
    """
    with _LOCK:
        served = _PORTS.get((ip, port))
    return None if served is None else (LOOPBACK, served)


def serve(ip: str, ports: dict[int, int]) -> None:
    """Note which ports on loopback serve a task's container ports."""
    with _LOCK:
        _PORTS.update({(ip, port): at for port, at in ports.items()})


def forget(ip: str) -> None:
    """Drop all ports of a task whose process has ended."""
    with _LOCK:
        for key in [key for key in _PORTS if key[0] == ip]:
            del _PORTS[key]


def forget_all() -> None:
    """Drop all ports: the emulator forgets everything."""
    with _LOCK:
        _PORTS.clear()
