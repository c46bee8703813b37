"""Limits on how long a drill and each of its phases may take. What runs over is cut off wherever it is."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from typing import TYPE_CHECKING, Final, Self

from sandbox.run.failure import SandboxError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

SIGNAL: Final = signal.SIGUSR1
"""Reaches the main thread in whatever it waits for, an engine command or an answer, and raises there."""


class OverrunError(SandboxError):
    """Something took longer than it may."""


class Watchdog:
    """Raises `OverrunError` in the main thread when a limit is reached; use as a context manager, in the main thread.

    Args:
        limit_seconds: Limit of everything together.
    """

    def __init__(self, limit_seconds: float) -> None:
        self._limit = limit_seconds
        self._end = time.monotonic() + limit_seconds
        self._overrun = OverrunError("drill", "has not begun", "")
        self._armed = False
        self._before: object = None

    def __enter__(self) -> Self:
        self._before = signal.signal(SIGNAL, self._bark)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(SIGNAL, self._before)  # type: ignore[arg-type] # what signal.signal itself returned

    @contextlib.contextmanager
    def limit(self, name: str, seconds: float) -> Iterator[None]:
        """Limit what is done inside.

        Args:
            name: What it is, for the message.
            seconds: Its own limit; that of everything together holds as well.

        Raises:
            OverrunError: It took longer.
        """
        rest = self._end - time.monotonic()
        fix = "see the last lines of its log in .sandbox/logs; a provider that waits for ever is the usual reason"
        if rest < seconds:
            self._overrun = OverrunError("drill", f"took longer than {self._limit:.0f} s, in phase {name}", fix)
        else:
            self._overrun = OverrunError(f"drill: {name}", f"took longer than {seconds:.0f} s", fix)
        timer = threading.Timer(max(0.0, min(rest, seconds)), wake)
        timer.daemon = True
        self._armed = True
        timer.start()
        try:
            yield
        finally:
            self._armed = False
            timer.cancel()

    def _bark(self, _: int, __: FrameType | None) -> None:
        if self._armed:  # not when the timer and the end of the phase have met
            raise self._overrun


def wake() -> None:
    """Interrupt the main thread."""
    main = threading.main_thread().ident
    if main is not None:
        signal.pthread_kill(main, SIGNAL)
