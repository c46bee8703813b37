"""Runs a rule and turns whatever happens into verdicts; the engine's pack and the offline evaluator share it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from policy.rule import WhenUnknown
from policy.values import UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Rule, Settings


class Kind(Enum):
    """What became of a rule on a resource."""

    VIOLATION = "violation"
    UNKNOWN = "unknown"
    """A guarded value is not known and the rule does not wait: a violation until it is."""
    DEFERRED = "deferred"
    """The rule waits for the update, which judges it again before the resource is made."""
    BROKEN = "broken"
    """The rule itself raised; it counts as a violation, for a rule that cannot judge guards nothing."""


@dataclass(frozen=True)
class Verdict:
    """One thing that a rule found."""

    rule: Rule
    kind: Kind
    urn: str
    """Empty blames the stack."""
    name: str
    """Logical name, for the message."""
    problem: str
    path: str = ""
    """The input that is not known, for UNKNOWN and DEFERRED."""

    @property
    def message(self) -> str:
        """The finding as a reviewer reads it: rule, resource, what is wrong, remediation."""
        return f"{self.rule.name}: {self.name}: {self.advice}"

    @property
    def advice(self) -> str:
        """What is wrong and the remediation, for output that names rule and resource already."""
        return f"{self.problem}. Remediation: {self.rule.remediation}."


def judge_resource(rule: Rule, resource: Resource, settings: Settings) -> list[Verdict]:
    """Run a resource rule on one resource; a type that it does not cover yields nothing."""
    judge = rule.judge
    if judge is None or not rule.covers(resource.type):
        return []
    found: list[Verdict] = []
    try:
        for problem in judge(resource, settings):
            found.append(_verdict(rule, Kind.VIOLATION, resource, problem))  # noqa: PERF401 kept where it then raises
    except Exception as error:  # noqa: BLE001 whatever a rule raises, the deployment must hear of it as a violation
        found += _raised(rule, error, resource)
    return found


def judge_stack(rule: Rule, stack: Stack, settings: Settings) -> list[Verdict]:
    """Run a stack rule on a whole stack."""
    judge = rule.judge_stack
    if judge is None:
        return []
    found: list[Verdict] = []
    try:
        for breach in judge(stack, settings):
            found.append(_verdict(rule, Kind.VIOLATION, breach.resource, breach.problem))  # noqa: PERF401 as above
    except Exception as error:  # noqa: BLE001 as above
        found += _raised(rule, error, None)
    return found


def _raised(rule: Rule, error: Exception, subject: Resource | None) -> Iterator[Verdict]:
    """Yield what it means that a rule raised: a value is not known, or the rule itself broke."""
    if not isinstance(error, UnknownValueError):
        yield _verdict(rule, Kind.BROKEN, subject, f"the rule itself failed with {type(error).__name__}: {error}")
    elif rule.when_unknown is WhenUnknown.FAIL:
        problem = f"{error.path} is not known before the update; the program must give it a value"
        yield _verdict(rule, Kind.UNKNOWN, subject, problem, error.path)
    elif rule.when_unknown is WhenUnknown.DEFER:
        problem = f"{error.path} is not known before the update, which will judge it"
        yield _verdict(rule, Kind.DEFERRED, subject, problem, error.path)


def _verdict(rule: Rule, kind: Kind, resource: Resource | None, problem: str, path: str = "") -> Verdict:
    urn, name = (resource.urn, resource.origin.name) if resource else ("", "stack")
    return Verdict(rule, kind, urn, name, problem, path)
