"""A way from a loss to a recovered service: its steps, what they take, which control planes they need."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.facts.recovery import Evidence

if TYPE_CHECKING:
    from config.facts.recovery import Figure
    from config.objectives.calls import Call

MINUTE: Final = 60


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step; the steps of a way follow each other."""

    name: str
    """What happens, in a few words."""
    seconds: float
    """What it takes at most; infinity = no bound."""
    evidence: Evidence
    """What the number rests on."""
    source: str
    """Where it stands."""
    calls: tuple[Call, ...] = ()
    """Control planes it needs."""

    @classmethod
    def known(cls, name: str, figure: Figure, *calls: Call) -> Step:
        """Return the step of a known figure."""
        return cls(name=name, seconds=figure.seconds, evidence=figure.evidence, source=figure.source, calls=calls)

    @classmethod
    def given(cls, name: str, seconds: float, field: str) -> Step:
        """Return a step whose length the stack file sets."""
        return cls(name=name, seconds=seconds, evidence=Evidence.SETTING, source=field)

    @classmethod
    def endless(cls, why: str, *calls: Call) -> Step:
        """Return a step without a bound."""
        return cls(name=why, seconds=math.inf, evidence=Evidence.SETTING, source="no mechanism bounds it", calls=calls)


Steps = tuple[Step, ...]
"""Steps that follow each other; the empty way takes no time."""


def total(steps: Steps) -> float:
    """Return the seconds that a way takes."""
    return sum(step.seconds for step in steps)


def longest(*branches: Steps) -> Steps:
    """Return the branch that takes longest of those that run side by side; their times do not add up."""
    return max(branches, key=total, default=())


def duration(seconds: float) -> str:
    """Return a duration as people say it: `30 s`, `2 min`, `9.5 min`, `no bound`."""
    if math.isinf(seconds):
        return "no bound"
    if seconds < MINUTE:
        return f"{seconds:g} s"
    return f"{round(seconds / MINUTE, 1):g} min"


def arithmetic(steps: Steps) -> str:
    """Return a way as a sum in one line: `30 s detection + 1 min DNS = 1.5 min`."""
    if not steps:
        return "0 s"
    terms = [step.name if math.isinf(step.seconds) else f"{duration(step.seconds)} {step.name}" for step in steps]
    return f"{' + '.join(terms)} = {duration(total(steps))}"
