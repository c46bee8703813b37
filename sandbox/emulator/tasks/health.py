"""The health check of a container: a command that is run now and then, as its definition says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.emulator.tasks.processes import Check
from sandbox.emulator.tasks.settings import RUNNER, Mark

if TYPE_CHECKING:
    from sandbox.emulator.tasks.commands import Program
    from sandbox.emulator.tasks.placement import Record


class ContainerHealth:
    """The health check of a container that runs.

    Args:
        program: The container's.
        settings: `healthCheck` of its definition.
    """

    def __init__(self, program: Program, settings: Record) -> None:
        self.status = "UNKNOWN"
        self._program = program
        self._settings = settings
        self._failures = 0
        self._began = self._last = Mark()
        self._check: Check | None = None

    def look(self) -> None:
        """Begin a run that is due, or judge the one that is under way."""
        if self._check is None:
            if RUNNER.elapsed(self._last) >= self._settings.get("interval", 30):
                self._last = Mark()
                self._check = Check(self._program)
            return
        passed = self._check.passed()
        if passed is None and RUNNER.real(self._last) > max(self._settings.get("timeout", 5), RUNNER.settings.speed):
            self._check.kill()
            passed = False
        if passed is not None:
            self._check = None
            self._judge(passed=passed)

    def _judge(self, *, passed: bool) -> None:
        if passed:
            self._failures, self.status = 0, "HEALTHY"
            return
        if self.status == "UNKNOWN" and RUNNER.elapsed(self._began) < self._settings.get("startPeriod", 0):
            return
        self._failures += 1
        if self._failures >= self._settings.get("retries", 3):
            self.status = "UNHEALTHY"

    def end(self) -> None:
        """End the run that is under way."""
        if self._check is not None:
            self._check.kill()
            self._check = None
