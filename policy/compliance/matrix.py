"""The compliance matrix: how far the pack holds each requirement, and what a stack says of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from policy.compliance.frameworks import FSBP, frameworks
from policy.rule import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from policy.compliance.frameworks import Framework, Requirement
    from policy.evaluate import Finding
    from policy.rule import Rule


class Coverage(Enum):
    """How far the pack holds a requirement."""

    ENFORCED = "enforced"
    """It is a check of resources, and a rule that holds it stops a deployment. Criteria of SOC 2, ISO 27001 and NIST,
    FIPS 140-3 and laws ask for more than any check of resources: partly is the most for them."""
    PARTLY = "partly"
    """Rules hold a part of it, or it is advice."""
    PROCESS = "process"
    """It asks something of people, not of resources: its source names nothing that a program could hold."""
    NOT_COVERED = "not covered"
    """Its source names something, and no rule holds any of it."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One requirement."""

    framework: Framework
    requirement: Requirement
    coverage: Coverage
    held: Sequence[str]
    """Checks of the source that rules hold; empty where the source names none."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A requirement in one stack."""

    row: Row
    resources: int
    """Resources of the types that its rules judge."""
    verdict: str
    """`holds`, `broken by N`, `waived for N`, `left to the update for N`, `nothing to judge` or `no rule`."""


def rows(profile: Profile = Profile.PROD, only: Framework | None = None) -> Iterator[Row]:
    """Yield all requirements as they bind stacks of a profile."""
    for framework in frameworks() if only is None else (only,):
        for requirement in framework.requirements:
            held = [check for check, rules in requirement.checks.items() if any(_stops(one, profile) for one in rules)]
            yield Row(framework=framework, requirement=requirement, coverage=_coverage(requirement, profile), held=held)


def _stops(rule: Rule, profile: Profile) -> bool:
    return rule.level.enforcement(profile) == "mandatory"


def _coverage(requirement: Requirement, profile: Profile) -> Coverage:
    if requirement.whole and any(_stops(rule, profile) for rule in requirement.claims):
        return Coverage.ENFORCED
    if any(rule.level.enforcement(profile) != "disabled" for rule in requirement.rules):
        return Coverage.PARTLY
    if requirement.by_hand or not (requirement.rules or requirement.checks or requirement.whole):
        return Coverage.PROCESS
    return Coverage.NOT_COVERED


def judged(types: Iterable[str], findings: Iterable[Finding], profile: Profile = Profile.PROD) -> Iterator[Judged]:
    """Yield what a stack says of every requirement.

    Args:
        types: type of each resource of the stack.
        findings: what the pack found.
        profile: that of the stack.
    """
    counted = Counter(types)
    found: dict[str, list[Finding]] = {}
    for each in findings:
        found.setdefault(each.rule.name, []).append(each)
    covered: dict[str, frozenset[str]] = {}
    for row in rows(profile):
        judging = [rule for rule in row.requirement.rules if rule.level.enforcement(profile) != "disabled"]
        for rule in judging:
            if rule.name not in covered:
                covered[rule.name] = frozenset(filter(rule.covers, counted))
        there = frozenset().union(*(covered[rule.name] for rule in judging))
        number = sum(counted[type_] for type_ in there)
        about = [one for rule in judging for one in found.get(rule.name, ())]
        yield Judged(row=row, resources=number, verdict=_verdict(judging, number, about))


def _verdict(rules: Sequence[Rule], resources: int, about: Sequence[Finding]) -> str:
    if not rules:
        return "no rule"
    deferred = sum(one.kind.value == "deferred" and one.waiver is None for one in about)
    waived = sum(one.waiver is not None for one in about)
    if broken := len(about) - deferred - waived:
        return f"broken by {broken}"
    if deferred:
        return f"left to the update for {deferred}"
    if waived:
        return f"waived for {waived}"
    return "holds" if resources else "nothing to judge"


def document(all_: Iterable[Judged]) -> list[dict[str, Any]]:
    """Return rows for programs."""
    return [
        {
            "framework": one.row.framework.name,
            "source": one.row.framework.source,
            "requirement": one.row.requirement.id,
            "coverage": one.row.coverage.value,
            "controls": controls(one.row),
            "rules": [rule.name for rule in one.row.requirement.rules],
            "checks": {"held": list(one.row.held), "of": len(one.row.requirement.checks)},
            "resources": one.resources,
            "verdict": one.verdict,
        }
        for one in all_
    ]


def controls(row: Row) -> list[str]:
    """Return the public controls that stand between a requirement and its rules: AWS's and CIS's ids, once each."""
    said = (one for rule in row.requirement.rules for one in rule.controls)
    return list(dict.fromkeys(one for one in said if one in _known()))


def count(all_: Iterable[Row]) -> Mapping[Coverage, int]:
    """Return how many rows there are of each coverage."""
    counted = Counter(row.coverage for row in all_)
    return {each: counted[each] for each in Coverage}


@cache
def _known() -> frozenset[str]:
    fsbp = next(each for each in frameworks() if each.name == FSBP)
    return frozenset(one.id for one in fsbp.requirements)
