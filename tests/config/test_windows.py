"""Backup and maintenance windows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError
from config.rules.windows import DAY, WEEK, Window
from tests.config.stackfile import accepted, refused

BACKUP, MAINTENANCE = "backup_window_utc: 03:00-04:00", "maintenance_window_utc: sun:05:00-sun:06:00"
MINE = ("data", "postgres", "maintenance_window_utc")
SNAPSHOT = "snapshot_window_utc: 02:00-03:00"


@pytest.mark.parametrize(
    ("swap", "path", "what"),
    [
        ((BACKUP, "backup_window_utc: 03:00-03:29"), "data.postgres.backup_window_utc", "lasts 29 minutes"),
        (
            (MAINTENANCE, "maintenance_window_utc: sun:05:00-sun:05:29"),
            "data.postgres.maintenance_window_utc",
            "lasts 29",
        ),
        ((SNAPSHOT, "snapshot_window_utc: 02:00-02:59"), "data.redis.snapshot_window_utc", "lasts 59 minutes"),
        ((BACKUP, "backup_window_utc: 05:59-06:30"), "data.postgres.maintenance_window_utc", "which comes every day"),
        ((BACKUP, "backup_window_utc: 23:30-05:01"), "data.postgres.maintenance_window_utc", "which comes every day"),
        ((BACKUP, "backup_window_utc: 3:00-4:00"), "data.postgres.backup_window_utc", "not of the required form"),
        ((MAINTENANCE, "maintenance_window_utc: Sun:05:00-Sun:06:00"), "data.postgres.maintenance_window_utc", "form"),
    ],
)
def test_a_window_is_refused(swap: tuple[str, str], path: str, what: str) -> None:
    found = refused(swap)
    assert found.keys() == {path}
    assert what in found[path].what


def test_a_window_of_a_day_leaves_no_minute_for_the_other() -> None:
    with pytest.raises(ConfigError) as caught:
        accepted((MAINTENANCE, "maintenance_window_utc: sun:05:00-mon:05:00"))
    here = [problem for problem in caught.value.problems if problem.path == MINE]
    elsewhere = {problem.path for problem in caught.value.problems} - {MINE}
    assert all(path[:2] == ("backup", "rules") for path in elsewhere), "jobs of the vault keep out of it as well"
    assert [problem.what for problem in here] == [
        "lasts 1440 minutes",
        "meets backup_window_utc 03:00-04:00, which comes every day",
    ]


def test_windows_that_touch_do_not_meet() -> None:
    accepted((BACKUP, "backup_window_utc: 04:00-05:00"))
    accepted((BACKUP, "backup_window_utc: 06:00-06:30"))


STARTS, LENGTHS = st.integers(0, WEEK - 1), st.integers(1, DAY - 1)


@given(STARTS, LENGTHS, STARTS, LENGTHS)
def test_windows_meet_exactly_if_they_share_a_minute(start: int, length: int, other: int, long: int) -> None:
    daily, weekly = Window(start % DAY, length, DAY), Window(other, long, WEEK)
    minutes = {(daily.start + day * DAY + minute) % WEEK for day in range(7) for minute in range(daily.length)}
    shared = any((weekly.start + minute) % WEEK in minutes for minute in range(weekly.length))
    assert daily.meets(weekly) is shared
    assert weekly.meets(daily) is shared


@given(st.integers(0, DAY - 1), LENGTHS)
def test_a_daily_window_is_read_as_it_is_written(start: int, length: int) -> None:
    end = (start + length) % DAY
    text = f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    assert Window.parse(text) == Window(start, length, DAY)


def test_a_weekly_window_may_pass_the_end_of_the_week() -> None:
    assert Window.parse("sun:23:30-mon:00:30") == Window(WEEK - 30, 60, WEEK)
