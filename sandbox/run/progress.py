"""What the user sees while a command runs: phases with their times, and a sign of life at least every five seconds."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TextIO

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.status import Status

SILENCE_SECONDS = 4.0
"""Longest silence; below the promised five seconds by more than one turn of the ticker."""

TURN_SECONDS = 0.5


@dataclass(frozen=True)
class Phase:
    """A finished phase.

    Attributes:
        name: Its name.
        seconds: How long it took.
        begun: When it began, in monotonic seconds. Phases may overlap.
    """

    name: str
    seconds: float
    begun: float = 0.0


class Progress:
    """Lines on a stream; on a terminal the sign of life is one moving line instead.

    Use as a context manager: it owns the thread that speaks when nothing else does.

    Args:
        stream: Where lines go.
        quiet: Say nothing; for commands that are over at once.
    """

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self.console = Console(file=stream, highlight=False, soft_wrap=True)
        self._quiet = quiet
        self.phases: list[Phase] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._begun = time.monotonic()
        self._spoken = self._begun
        self._under_way: list[str] = []
        self._status = ""
        self._live: Status | None = None

    @property
    def phase_name(self) -> str:
        """The phases under way in one line, empty between phases."""
        return " and ".join(self._under_way)

    def __enter__(self) -> Self:
        if self._quiet:
            return self
        if self.console.is_terminal:
            self._live = self.console.status("")
            self._live.start()
        threading.Thread(target=self._tick, name="progress", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Say nothing any more; what is printed now is the result."""
        self._stop.set()
        if self._live is not None:
            self._live.stop()
            self._live = None

    @contextlib.contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Name what happens now, beside what happens already; its time is noted when it ends well."""
        begun = time.monotonic()
        self._under_way, self._status = [*self._under_way, name], ""
        self.note(f"{name} ...")
        try:
            yield
            seconds = time.monotonic() - begun
            self.phases.append(Phase(name, seconds, begun))
            self.note(f"{name} done in {seconds:.1f} s")
        finally:
            self._under_way, self._status = [one for one in self._under_way if one != name], ""

    def note(self, line: str) -> None:
        """Say a line at once."""
        if self._quiet:
            return
        with self._lock:
            self._spoken = time.monotonic()
            self.console.print(f"[{self._spoken - self._begun:6.1f} s] {line}", markup=False)

    def status(self, text: str) -> None:
        """Say what is being waited for; shown when nothing else has been for a while."""
        self._status = text

    def _tick(self) -> None:
        while not self._stop.wait(TURN_SECONDS):
            said = ": ".join(filter(None, (self.phase_name, self._status or "working")))
            if self._live is not None:
                self._live.update(said)
            elif time.monotonic() - self._spoken >= SILENCE_SECONDS:
                self.note(said)
