"""Health checks at work: each asks a real endpoint at its own interval, in a thread of its own."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from sandbox.drill.health import Calculated, Health, HealthCheck

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True)
class Change:
    """A health check that changed its state.

    Attributes:
        check: Id of the health check.
        healthy: Its new state.
        at: When, in seconds of the prober's clock.
    """

    check: str
    healthy: bool
    at: float


class Probe:
    """One health check of an endpoint and when it asks next.

    Args:
        check: The health check.
        ask: Whether its endpoint answers now as a healthy one does.
        begin: When it asks first.
    """

    def __init__(self, check: HealthCheck, ask: Callable[[HealthCheck], bool], begin: float) -> None:
        self.check = check
        self.health = Health(check.threshold, inverted=check.inverted)
        self.due = begin
        self._ask = ask

    def step(self, now: Callable[[], float]) -> Change | None:
        """Ask once; next an interval after the answer (Route 53 API Reference, `RequestInterval`, 2026-11-21)."""
        passed = self._ask(self.check)
        answered = now()
        self.due = answered + self.check.interval_seconds
        return Change(self.check.id, self.health.healthy, answered) if self.health.observe(passed=passed) else None


class Prober:
    """Asks for every health check until it is left; use as a context manager.

    Args:
        checks: The health checks; calculated ones follow those that they count, at once.
        ask: Whether an endpoint answers now as a healthy one does; it takes seconds at most.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        checks: Iterable[HealthCheck | Calculated],
        ask: Callable[[HealthCheck], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        checks = list(checks)
        probes = [Probe(check, ask, clock()) for check in checks if isinstance(check, HealthCheck)]
        self._clock = clock
        self._calculated = [check for check in checks if isinstance(check, Calculated)]
        self._states = {probe.check.id: probe.health.healthy for probe in probes}
        self._states |= {check.id: check.healthy(self._states) for check in self._calculated}
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._threads = [
            threading.Thread(target=self._run, args=(probe,), name="probe", daemon=True) for probe in probes
        ]
        self.changes: list[Change] = []

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def healthy(self) -> dict[str, bool]:
        """Return the state of every health check, by id."""
        with self._changed:
            return dict(self._states)

    def await_state(self, check: str, *, healthy: bool, limit_seconds: float) -> Change | None:
        """Wait until a health check is in a state; returns its last change to it, None when the time is up first.

        A check that has never been in another state has no change to return; its state then counts from the beginning.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._states[check] == healthy, limit_seconds):
                return None
            own = [change for change in self.changes if change.check == check and change.healthy == healthy]
            return own[-1] if own else Change(check, healthy, 0.0)

    def _run(self, probe: Probe) -> None:
        while not self._stop.wait(max(0.0, probe.due - self._clock())):
            change = probe.step(self._clock)
            if change is not None:
                with self._changed:
                    self._note(change)
                    for check in self._calculated:
                        self._note(Change(check.id, check.healthy(self._states), change.at))
                    self._changed.notify_all()

    def _note(self, change: Change) -> None:
        """Keep a change; a calculated check whose children changed may not have."""
        if self._states[change.check] != change.healthy:
            self._states[change.check] = change.healthy
            self.changes.append(change)
