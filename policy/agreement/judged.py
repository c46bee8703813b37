"""Judges the fixtures, each by the rules that claim its control, through the SDK's own servicer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from policy.pack import RULES
from policy.testing.judge import judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policy.agreement.fixtures import Fixture
    from policy.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A fixture, and whether the pack says what its label says."""

    fixture: Fixture
    agrees: bool

    @property
    def unexplained(self) -> bool:
        """Whether the pack disagrees, and nobody has said why."""
        return not self.agrees and not self.fixture.why

    @property
    def stale(self) -> bool:
        """Whether a disagreement is explained that is none."""
        return self.agrees and bool(self.fixture.why)


@dataclass(frozen=True, kw_only=True)
class Score:
    """The fixtures of one control, counted."""

    control: str
    rules: Sequence[str]
    fixtures: int
    agreed: int
    explained: int
    unexplained: int
    why: Sequence[str]
    """The reasons, each once."""


@cache
def claims() -> Mapping[str, Sequence[Rule]]:
    """Return the rules that claim each control."""
    found: dict[str, list[Rule]] = {}
    for rule in RULES:
        for control in rule.controls:
            found.setdefault(control, []).append(rule)
    return found


def judged(fixtures: Sequence[Fixture]) -> list[Judged]:
    """Judge fixtures; a rule counts whatever its level, as if a profile made it mandatory."""
    return [Judged(fixture=each, agrees=_finds(each) == (each.label == "fail")) for each in fixtures]


def _finds(fixture: Fixture) -> bool:
    rules = claims().get(fixture.control, ())
    mandatory = {rule.name: "mandatory" for rule in rules}
    return bool(rules) and bool(judge(fixture.stack, rules=rules, config=mandatory))


def scores(verdicts: Sequence[Judged]) -> list[Score]:
    """Count by control, in the order of the tables."""
    by_control: dict[str, list[Judged]] = {}
    for each in verdicts:
        by_control.setdefault(each.fixture.control, []).append(each)
    return [_score(control, found) for control, found in by_control.items()]


def _score(control: str, found: Sequence[Judged]) -> Score:
    counted = Counter("agreed" if each.agrees else "explained" if each.fixture.why else "open" for each in found)
    return Score(
        control=control,
        rules=[rule.name for rule in claims().get(control, ())],
        fixtures=len(found),
        agreed=counted["agreed"],
        explained=counted["explained"],
        unexplained=counted["open"],
        why=list(dict.fromkeys(each.fixture.why for each in found if not each.agrees and each.fixture.why)),
    )
