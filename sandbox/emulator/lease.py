"""Who keeps the emulator alive: its starter through a pipe, until the starter says `keep` or goes."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_STDIN = 0
_READ_BYTES = 4096
KEEP = b"keep"
"""The line that lets the emulator outlive its starter."""


def watch(on_keep: Callable[[], None], on_end: Callable[[], None]) -> threading.Thread:
    """Read standard input in the background until it ends or says `keep`.

    A thread with a plain read serves every kind of input alike; an event loop cannot wait for a file or /dev/null.

    Args:
        on_keep: Called once in that thread when the line `keep` arrives.
        on_end: Called once in that thread when the input ends before.
    """

    def read() -> None:
        pending = b""
        while chunk := _read():
            *lines, pending = (pending + chunk).split(b"\n")
            if any(line.strip() == KEEP for line in lines):
                on_keep()
                return
        on_end()

    thread = threading.Thread(target=read, name="lease", daemon=True)
    thread.start()
    return thread


def _read() -> bytes:
    try:
        return os.read(_STDIN, _READ_BYTES)
    except OSError:  # a terminal that hung up
        return b""


def detach(log: Path | None) -> None:
    """Leave the starter's terminal, session and streams; must run in the main thread.

    Args:
        log: File that takes what would have gone to standard error; None drops it.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(PermissionError):  # leader of its own process group: no session, but no signals either
        os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    errors = null if log is None else os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for target, source in ((0, null), (1, null), (2, errors)):
        os.dup2(source, target)
