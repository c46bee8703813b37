"""Backup and maintenance windows: long enough, and never at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.base import present
from config.problems import Path, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY: Final = 24 * 60
WEEK: Final = 7 * DAY
RDS_LEAST: Final = 30
"""Minutes that RDS asks of each of its windows (RDS API, CreateDBInstance)."""
CACHE_LEAST: Final = 60
"""Minutes that ElastiCache asks of each of its windows (ElastiCache API, CreateReplicationGroup)."""
MOST: Final = DAY
"""Minutes that a window must stay below."""


@dataclass(frozen=True)
class Window:
    """A span of time that comes back every `period` minutes."""

    start: int
    """Minute of the period at which it begins."""
    length: int
    """Minutes that it lasts, from 1 to `period`."""
    period: int
    """Minutes after which it comes back: a day or a week."""

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read `03:00-04:00` or `sun:05:00-sun:06:00`; an end at or before the start lies in the next period."""
        first, second = text.split("-")
        period = DAY if first.count(":") == 1 else WEEK
        start, end = _minute(first), _minute(second)
        return cls(start, (end - start) % period or period, period)

    def meets(self, other: Window) -> bool:
        """Tell whether the two ever share a minute."""
        shorter = min(self.period, other.period)
        gap = (other.start - self.start) % shorter
        return gap < self.length or (shorter - gap) % shorter < other.length


def _minute(text: str) -> int:
    *day, hour, minute = text.split(":")
    return (DAYS.index(day[0]) * DAY if day else 0) + int(hour) * 60 + int(minute)


def _judge(path: Path, names: tuple[str, str], windows: tuple[str, str], least: int) -> Iterator[Problem]:
    daily, weekly = (Window.parse(text) for text in windows)
    for name, text, window in zip(names, windows, (daily, weekly), strict=True):
        if not least <= window.length < MOST:
            what = f"lasts {window.length} minutes"
            allowed = f"{least} minutes to a day"
            yield refuse((*path, name), what, got=text, allowed=allowed, fix="move the end of the window")
    if daily.meets(weekly):
        what = f"meets {names[0]} {windows[0]}, which comes every day"
        fix = "put an hour between the two"
        yield refuse((*path, names[1]), what, got=windows[1], allowed="windows that share no minute", fix=fix)


def database_windows(config: StackConfig) -> Iterator[Problem]:
    """The windows of the database do not meet, and are long enough for RDS."""
    one, names = present(config.postgres), ("backup_window_utc", "maintenance_window_utc")
    windows = (one.backup_window_utc, one.maintenance_window_utc)
    yield from until_incomplete(_judge(("data", "postgres"), names, windows, RDS_LEAST))


def cache_windows(config: StackConfig) -> Iterator[Problem]:
    """The windows of the cache do not meet, and are long enough for ElastiCache."""
    one, names = present(config.redis), ("snapshot_window_utc", "maintenance_window_utc")
    windows = (one.snapshot_window_utc, one.maintenance_window_utc)
    yield from until_incomplete(_judge(("data", "redis"), names, windows, CACHE_LEAST))


RULES: Final = (database_windows, cache_windows)
