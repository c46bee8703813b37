"""Schedules: the six fields of EventBridge and AWS Backup, and the five of crontab that EC2 Auto Scaling takes.

Sources, read 2026-11-30: EventBridge User Guide, "Cron expressions reference", which AWS Backup refers to; EC2 Auto
Scaling API, `PutScheduledUpdateGroupAction`, which refers to crontab.org.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_LENGTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NOWHERE: Final = re.compile(r"(?!)")


@dataclass(frozen=True)
class Field:
    """One field of a schedule."""

    name: str
    """What it counts."""
    low: int
    """Least value."""
    high: int
    """Greatest value."""
    names: Mapping[str, int]
    """Words for values."""
    special: re.Pattern[str] = _NOWHERE
    """Entries beside values, ranges and steps."""

    @property
    def takes(self) -> str:
        """Return what the field takes, for people."""
        words = f" or {next(iter(self.names))} to {list(self.names)[-1]}" if self.names else ""
        return f"{self.low} to {self.high}{words}"

    def value(self, text: str) -> int | None:
        """Return what a number or a word stands for; None = nothing that the field takes."""
        number = self.names.get(text, int(text) if text.isdecimal() and len(text) <= len(str(self.high)) else None)
        return number if number is not None and self.low <= number <= self.high else None

    def values(self, text: str) -> frozenset[int] | None:
        """Return the values that a field's text names; None = some of it is nothing that the field takes.

        For a last day or nearest weekday, which only a calendar knows, the least value stands.
        """
        found: set[int] = set()
        for entry in text.split(","):
            if self.special.fullmatch(entry):
                found.add(self.low)  # a day that comes
                continue
            span, slash, step = entry.partition("/")
            first, dash, last = span.partition("-")
            if slash and not (step.isdecimal() and 1 <= int(step[:4]) <= self.high):
                return None
            start = self.low if span == "*" else self.value(first)
            end = self.high if span == "*" or (slash and not dash) else self.value(last if dash else first)
            if start is None or end is None or start > end:
                return None
            found.update(range(start, end + 1, int(step) if slash else 1))
        return frozenset(found)


_MINUTE: Final = Field("minute", 0, 59, {})
_HOUR: Final = Field("hour", 0, 23, {})
_MONTH: Final = Field("month", 1, 12, {name: at for at, name in enumerate(_MONTHS, 1)})
AWS: Final = (
    _MINUTE,
    _HOUR,
    Field("day of month", 1, 31, {}, re.compile(r"LW?|(?:[1-9]|[12]\d|3[01])W")),
    _MONTH,
    Field(
        "day of week",
        1,
        7,
        {name: at for at, name in enumerate(_DAYS, 1)},
        re.compile(rf"L|(?:[1-7]|{'|'.join(_DAYS)})(?:L|#[1-5])"),
    ),
    Field("year", 1970, 2199, {}),
)
"""Fields of EventBridge and AWS Backup."""
CRONTAB: Final = (
    _MINUTE,
    _HOUR,
    Field("day of month", 1, 31, {}),
    _MONTH,
    Field("day of week", 0, 7, {name: at for at, name in enumerate(_DAYS)}),
)
"""Fields of EC2 Auto Scaling; 0 and 7 are Sunday."""


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a schedule."""

    what: str
    """What is wrong."""
    allowed: str
    """What would do."""


def flaws(text: str, fields: tuple[Field, ...], year: int) -> Iterator[Flaw]:
    """Yield what is wrong with a schedule.

    Args:
        text: Its fields, with a space between each two.
        fields: `AWS` or `CRONTAB`.
        year: Year before which nothing can run any more.
    """
    given = text.split()
    if len(given) != len(fields):
        yield Flaw(f"has {len(given)} fields", f"{', '.join(field.name for field in fields)}")
        return
    aws = fields is AWS
    of_month, of_week = given[2], given[4]
    if aws and (of_month == "?") == (of_week == "?"):
        what = "names no day" if of_month == "?" else "names both a day of month and a day of week"
        yield Flaw(what, "`?` in exactly one of the two")
    values: dict[str, frozenset[int]] = {}
    for field, part in zip(fields, given, strict=True):
        free = aws and part == "?" and field.name.startswith("day")
        found = frozenset({0}) if free else field.values(part)
        if found is None:
            yield Flaw(f"its {field.name} is {part[:20]}", f"{field.takes}, lists by commas, rising ranges, steps")
        values[field.name] = found or frozenset()
    dates = list(product(values["month"], values["day of month"]))
    if dates and of_week in ("?", "*") and not any(day <= _LENGTHS[month - 1] for month, day in dates):
        yield Flaw("names a day that no such month has, and never runs", "a day that comes")
    if aws and values["year"] and max(values["year"]) < year:
        yield Flaw(f"is over: {year} comes after its last year", f"{year} or later, or `*`")
