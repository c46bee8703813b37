"""What an emulator takes for itself before it starts: one loopback socket and its state directory."""

from __future__ import annotations

import fcntl
import socket
import time
from typing import TYPE_CHECKING, TextIO

from sandbox.emulator.settings import LOOPBACK

if TYPE_CHECKING:
    from pathlib import Path

_BACKLOG = 256
_LOCK = "lock"
_LOCK_WAIT_S = 15.0
_LOCK_PAUSE_S = 0.05


class StateInUseError(RuntimeError):
    """Another emulator serves the same state directory."""


def listen(port: int) -> socket.socket:
    """Bind a socket of the emulator: loopback, the given port or, for 0, a free one.

    Its connections send at once (TCP_NODELAY), which asyncio sees to only where a socket names its protocol: a client
    that keeps its connection would wait 40 ms for each answer.

    Raises:
        OSError: The port is taken or not permitted.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections inherit it
    try:
        sock.bind((LOOPBACK, port))
    except OSError as error:
        sock.close()
        raise OSError(error.errno, f"cannot listen on {LOOPBACK}:{port}: {error.strerror}") from error
    sock.listen(_BACKLOG)
    return sock


def hold(state: Path) -> TextIO:
    """Take the state directory for this process; a predecessor that is still saving is waited for.

    Args:
        state: The directory; created, for the owner only, when absent.

    Returns:
        The open lock; closing it, or dying, gives the directory free.

    Raises:
        StateInUseError: It is still held after 15 seconds.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = (state / _LOCK).open("w", encoding="ascii")
    deadline = time.monotonic() + _LOCK_WAIT_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                handle.close()
                raise StateInUseError(f"{state}: another emulator serves this state directory") from None
            time.sleep(_LOCK_PAUSE_S)
        else:
            return handle
