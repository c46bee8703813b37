"""When to stop: signals, and the end of the `make` that started us."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.run.failure import Interrupted
from standins.toolchain.process import ProcessName

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

MAKE_NAMES = ("make", "gmake")

LOOK_SECONDS = 0.3


def interruptible() -> None:
    """Turn the signals that ask us to stop into `Interrupted` in the main thread, from now on."""
    for number in SIGNALS:
        signal.signal(number, interrupt)
    follow_make()


def interrupt(number: int, _: object) -> None:
    """Raise the interruption; a signal's name says more than its number."""
    raise Interrupted(signal.Signals(number).name)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Clean up without being interrupted; what is done in here must be short."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def follow_make() -> None:
    """Stop when the `make` above us is killed: it cannot pass that on, and nobody would see our output any more."""
    make = make_above() if "MAKELEVEL" in os.environ else None
    if make is not None:
        threading.Thread(target=stop_after, args=(make,), name="make", daemon=True).start()


def make_above() -> ProcessName | None:
    """Return the nearest `make` among our ancestors."""
    pid = os.getppid()
    while pid > 1:
        try:
            status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        name = status[status.index("(") + 1 : status.rindex(")")]
        if name in MAKE_NAMES:
            return ProcessName.of(pid)
        pid = int(status.rpartition(")")[2].split()[1])
    return None


def stop_after(process: ProcessName) -> None:
    """Wait for the end of a process, then stop as if asked to."""
    while process.runs():
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
