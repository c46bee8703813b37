"""Restores: how far apart backups are, and how long a volume takes to fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.recovery import RESTORE_MIBPS, Evidence
from config.objectives.step import Step

if TYPE_CHECKING:
    from config.stack import StackConfig

DAY: Final = 86400
MIB_PER_GIB: Final = 1024
_EVERY: Final = ("*", "?")


def interval_seconds(schedule: str) -> int:
    """Return the longest time between two runs of `cron(minute hour day-of-month month day-of-week year)`.

    Minute and hour are single numbers, so a day is the least; days of a week or month are taken as one of them.
    """
    _, _, of_month, month, of_week, _ = schedule.removeprefix("cron(").removesuffix(")").split()
    if month not in _EVERY:
        return 366 * DAY
    if of_month not in _EVERY:
        return 31 * DAY
    return DAY if of_week in _EVERY else 7 * DAY


def volume_fill(config: StackConfig) -> Step:
    """Return the step in which a restored database's volume fills, at the size that it may grow to."""
    storage = present(config.postgres).storage
    size = storage.max_allocated_gib or storage.allocated_gib
    return Step(
        name=f"{size} GiB at {RESTORE_MIBPS} MiB/s",
        seconds=size * MIB_PER_GIB / RESTORE_MIBPS,
        evidence=Evidence.ASSUMED,
        source="data.postgres.storage, at the rate of config/facts/recovery.py",
    )
