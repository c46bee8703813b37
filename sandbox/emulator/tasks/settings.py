"""How tasks run in this emulator: whether as processes, how many, and how fast the time-outs of ECS pass.

They live in this process only: an emulator that starts anew runs no task as a process until a request asks for it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.tasks import images

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_PROCESSES: Final = 100
FASTEST: Final = 1000.0


@dataclass(frozen=True)
class Settings:
    """How tasks run.

    Attributes:
        processes: Tasks that may run as processes at a time; 0 = every task is an object only. Beyond it a task waits
            in PENDING, as where Fargate has no capacity.
        speed: How many seconds of ECS's time-outs (stop, health checks, grace, drain, bake) pass in one second; 1 =
            real time.
        spot: False = there is no Spot capacity: tasks for FARGATE_SPOT wait in PENDING, and nothing falls back.
        table: File that says which module an image runs.
        rows: What it says.
    """

    processes: int = 0
    speed: float = 1.0
    spot: bool = True
    table: Path = images.TABLE
    rows: Mapping[str, str] = field(default_factory=dict)

    def changed(self, query: Mapping[str, str]) -> Settings:
        """Return the settings with those of a query laid over.

        Raises:
            ValueError: One is not known, or out of its range; the message says what is allowed.
        """
        known = {one.name for one in fields(self)} - {"rows"}
        if unknown := query.keys() - known:
            raise ValueError(f"not known: {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
        path = Path(query["table"]) if "table" in query else self.table
        return replace(
            self,
            processes=int(_number(query, "processes", self.processes, 0, MOST_PROCESSES)),
            speed=_number(query, "speed", self.speed, 1, FASTEST),
            spot=_flag(query, "spot", default=self.spot),
            table=path,
            rows=images.table(path),
        )


def _number(query: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    try:
        value = float(query.get(name, default))
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise ValueError(f"{name}: {query[name]!r} is not a number from {low:g} to {high:g}")
    return value


def _flag(query: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = query.get(name)
    if value not in (None, "true", "false"):
        raise ValueError(f"{name}: {value!r} is neither true nor false")
    return default if value is None else value == "true"


@dataclass(frozen=True)
class Mark:
    """A moment that time-outs are counted from.

    Attributes:
        machine: Of the monotonic clock.
        ahead: How far the emulator's clock had been set forward.
    """

    machine: float = field(default_factory=time.monotonic)
    ahead: float = field(default_factory=lambda: CLOCK.ahead_s)


class Runner:
    """The settings of this process."""

    def __init__(self) -> None:
        self.settings = Settings()

    def change(self, query: Mapping[str, str]) -> None:
        """Take over settings from a query.

        Raises:
            ValueError: As `Settings.changed`; nothing is taken over then.
        """
        self.settings = self.settings.changed(query)

    def seconds(self, of_ecs: float) -> float:
        """Return how many seconds here a time of ECS takes."""
        return of_ecs / self.settings.speed

    def real(self, since: Mark) -> float:
        """Return the seconds of ECS that passed on this machine: what a process is given before it is killed."""
        return (time.monotonic() - since.machine) * self.settings.speed

    def elapsed(self, since: Mark) -> float:
        """Return the seconds of ECS that passed, those by which the emulator's clock was set forward included."""
        return self.real(since) + CLOCK.ahead_s - since.ahead


RUNNER: Final = Runner()
"""The settings of this process."""
