"""When a scheduled action is due: at a time, at a rate, or by cron, in a time zone.

https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ministack.services import eventbridge

from sandbox.emulator.patches.autoscaling_targets import invalid

_RATE: Final = re.compile(r"rate\(([1-9]\d*) (minute|hour|day)(s?)\)")
_AT: Final = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_RANGES: Final = ((0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199))
"""Of the six fields of cron; the parser of EventBridge does not hold numbers against them."""
_UNITS: Final = {"minute": 60, "hour": 3600, "day": 86400}


def check(schedule: str, zone: str) -> None:
    """Refuse a schedule that cannot be read, and a time zone that there is not.

    Raises:
        RefusedError: So it is.
    """
    place = _zone(zone)
    rate = _RATE.fullmatch(schedule)
    if rate is not None:
        if (rate[1] == "1") == bool(rate[3]):
            raise invalid(f"A rate of 1 has a unit in the singular, another one in the plural: {schedule}")
    elif schedule.startswith("at("):
        _at(schedule, place)
    elif not _is_cron(schedule):
        raise invalid(f"Schedule must be at(yyyy-mm-ddThh:mm:ss), rate(value unit) or cron(fields): {schedule}")


def _is_cron(schedule: str) -> bool:
    fields = eventbridge._parse_cron_fields(schedule)
    if fields is None:
        return False
    minutes, hours, days, months, weekdays, years, *raw_days = fields
    found = (minutes, hours, days["days"], months, weekdays["days"], years or frozenset())
    inside = all(
        lowest <= each <= highest for (lowest, highest), values in zip(_RANGES, found, strict=True) for each in values
    )
    return inside and all((minutes, hours, months)) and raw_days.count("?") == 1  # of the two days one is left open


def due(schedule: str, zone: str, *, since: float, until: float) -> bool:
    """Whether a schedule was due after one moment, up to another (seconds of the epoch).

    A rate counts from `since`.
    """
    place = _zone(zone)
    rate = _RATE.fullmatch(schedule)
    if rate is not None:
        return until - since >= int(rate[1]) * _UNITS[rate[2]]
    if schedule.startswith("at("):
        return since < _at(schedule, place) <= until
    fields = eventbridge._parse_cron_fields(schedule)
    # The parser walks through wall-clock time and takes it for UTC.
    local = datetime.fromtimestamp(since, tz=place).replace(tzinfo=UTC)
    following = eventbridge._cron_next_fire(fields, local)
    return following is not None and following.replace(tzinfo=place).timestamp() <= until


def _at(schedule: str, place: tzinfo) -> float:
    found = _AT.fullmatch(schedule)
    try:
        return datetime.fromisoformat(found[1] if found else "").replace(tzinfo=place).timestamp()
    except ValueError as error:
        raise invalid(f"Schedule must be at(yyyy-mm-ddThh:mm:ss): {schedule}") from error


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise invalid(f"Timezone {name} is not known") from error
