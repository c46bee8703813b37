"""The one clock of the emulator: what the hour is for every service and patch, and what is to be done each minute.

`time.time` of the emulator's process is this clock's. It runs with the machine's until a caller sets it forward by
POST /_sandbox/advance?seconds=N, minute by minute, so that what takes an hour on AWS is tested in no time. It never
goes back; its lead is saved with the state. What waits in a real sleep, and the monotonic clock, keep the machine's
pace.

    at_each_tick(decide)                          # in a patch
    client.control(port, "POST", "advance?seconds=180")   # in a test
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime
from typing import TYPE_CHECKING, Final, Self

from ministack.core import responses

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

STEP_S: Final = 60.0
"""Longest step of the clock when it is set forward: CloudWatch and Application Auto Scaling look once a minute."""
MOST_STEPS: Final = 7 * 1440
"""Most steps in which one request sets the clock forward, each of which is lived through: a week of minutes."""

log = logging.getLogger(__name__)
_machine: Final = time.time


class Clock:
    """Seconds of the epoch, and what follows from their passing."""

    def __init__(self) -> None:
        self.ahead_s = 0.0
        self._watchers: list[Callable[[], None]] = []
        self._busy = threading.RLock()

    def now(self) -> float:
        """Return the seconds of the epoch."""
        return _machine() + self.ahead_s

    def lead(self) -> float | None:
        """Return how many seconds it is ahead of the machine's clock, to be saved; None where it is not."""
        return self.ahead_s or None

    def resume(self, ahead_s: float) -> None:
        """Be as far ahead as when the state was saved: what was dated then would lie in the future else."""
        self.ahead_s = max(self.ahead_s, ahead_s)

    def at_each_tick(self, act: Callable[[], None]) -> None:
        """Do something each time that the clock is looked at: every few seconds, and at each step of `advance`."""
        self._watchers.append(act)

    def tick(self) -> None:
        """Do what is due now, one tick at a time; what fails is logged, and the others are done.

        It is called in a thread that is not the event loop's: what is due may call a service of the emulator and wait.
        """
        with self._busy:
            for act in list(self._watchers):
                try:
                    act()
                except Exception:
                    log.exception("what is due at a tick of the clock failed: %r", act)

    def advance(self, seconds: float, step_s: float = STEP_S) -> None:
        """Set the clock forward, with a tick after each step; 0 is a tick now.

        Args:
            seconds: How far.
            step_s: Longest step, a minute or more; a day for what ages by days, such as objects of S3.

        Raises:
            ValueError: The clock would go back, or further than 10,080 steps.
        """
        if not step_s >= STEP_S:
            raise ValueError(f"step: {step_s:g} is not {STEP_S:g} or more")
        if not 0 <= seconds <= MOST_STEPS * step_s:
            raise ValueError(f"seconds: {seconds:g} is not in 0..{MOST_STEPS * step_s:g}")
        with self._busy:
            left = seconds
            while True:
                step = min(left, step_s)
                self.ahead_s += step
                left -= step
                self.tick()
                if left <= 0:
                    return


CLOCK: Final = Clock()
"""The clock of this process."""


class _Dates(datetime):
    """Dates of which `now` is the clock's."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Return what the clock says."""
        return cls.fromtimestamp(CLOCK.now(), tz)


def install() -> None:
    """Let `time.time` and the dates of `ministack.core.responses` be the clock's; once, before a service is asked.

    Services that compare what they date with the clock date it so: a task of ECS that stopped by the machine's time
    would be forgotten at once. Services with dates of their own, such as IAM and CloudFront, keep the machine's.
    """
    time.time = CLOCK.now
    responses.datetime = _Dates
