"""A finding, and how bad it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from config.problems import Path, dotted

if TYPE_CHECKING:
    from collections.abc import Iterable


class Level(StrEnum):
    """How bad a finding is, the worst first."""

    STOPS = "stops"
    """`up` fails at it, or waits until it gives up."""
    SPOILS = "spoils"
    """`up` ends well, and something does less than the stack file says, at once or as it grows."""
    UNASKED = "could not ask"
    """The account did not answer: denied, unknown, or too late. It may be either of the two above."""
    BY_HAND = "by hand"
    """Nothing is wrong. A person has to do it during `up` or after it, because no program can."""


FAULTS = (Level.STOPS, Level.SPOILS, Level.UNASKED)
"""What makes the exit status 1."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that the account and the stack do not agree on."""

    level: Level
    """How bad it is."""
    what: str
    """What was looked at."""
    found: str
    """What the account says."""
    needed: str
    """What the stack needs."""
    fix: str
    """What to do."""
    path: Path = ()
    """Path of the setting behind it, from `platform:settings`; empty = no single one."""
    region: str = ""
    """Region that was asked; empty = a matter of the account."""
    check: str = ""
    """Name of the check; the runner sets it."""
    file: str = ""
    """Stack file; the runner sets it."""
    line: int | None = None
    """Line of the setting in the stack file; the runner sets it."""

    def __str__(self) -> str:
        """Return `file:line: path: what (region); found: ...; needed: ...; do: ...`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        what = f"{self.what} ({self.region})" if self.region else self.what
        parts = f"{what}; found: {self.found}; needed: {self.needed}; do: {self.fix}"
        return ": ".join(part for part in (place, dotted(self.path), parts) if part)


def faults(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that are something wrong."""
    return [finding for finding in findings if finding.level in FAULTS]


_SHOWN: Final = 8


def offered(versions: Iterable[str]) -> str:
    """Return the newest of the versions that AWS offers, at most eight, as a finding shows them."""
    newest = sorted(versions, key=_order, reverse=True)[:_SHOWN]
    return f"offered: {', '.join(newest)}" if newest else "none offered"


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def choose(listing: str, region: str) -> str:
    """Return the advice to choose among what a command lists."""
    return f"choose one that is offered (`{listing} --region {region}`)"
