"""Judges resources without the engine: an offline recording, a preview's JSON, a state file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from policy.configuration import resolve
from policy.judging import Kind, Verdict, judge_resource, judge_stack
from policy.pack import all_rules
from policy.resources import Recorded, adapt
from policy.rule import Profile, Rule, Severity
from policy.waivers import Excuses, Waiver

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

__all__ = ("Finding", "Kind", "PackConfig", "Profile", "Recorded", "Severity", "Waiver", "evaluate")

_ORDER: Final = {Severity.CRITICAL: 0, Severity.HIGH: 1, Severity.MEDIUM: 2, Severity.LOW: 3}


@dataclass(frozen=True, kw_only=True)
class PackConfig:
    """How the pack judges one stack."""

    today: date
    """Day on which waivers are judged; there is no clock in the pack."""
    profile: Profile = Profile.PROD
    """Which rules bind. Default prod, the strictest."""
    rules: Mapping[str, Mapping[str, object] | str] = field(default_factory=dict)
    """Settings and enforcement levels by rule, in the format of `--policy-pack-config` (`policy.configuration`)."""
    waivers: Sequence[Waiver] = ()
    """Exceptions in force or expired."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing the pack has to say about a stack."""

    rule: Rule
    kind: Kind
    level: str
    """`mandatory` or `advisory`."""
    urn: str
    """Resource to blame; empty for the stack."""
    problem: str
    """What is wrong: input, value got, allowed."""
    message: str
    """Rule, resource, problem and remediation in one line."""
    waiver: Waiver | None
    """The exception that excuses it."""
    path: str = ""
    """The input that is not known, where that is what is wrong."""

    @property
    def blocking(self) -> bool:
        """Whether it stops a deployment: mandatory, not excused, and not left to the update to judge."""
        return self.level == "mandatory" and self.waiver is None and self.kind is not Kind.DEFERRED


def evaluate(resources: Sequence[Recorded], config: PackConfig) -> list[Finding]:
    """Judge a stack.

    Args:
        resources: every resource of the stack, its providers among them.
        config: profile, settings, waivers and the day.

    Returns:
        All findings, worst first; excused and deferred ones too.

    Raises:
        ConfigError: the config is faulty; a ValueError that holds every fault.
    """
    excuses = Excuses(config.waivers, config.today)
    rules = all_rules(excuses, config.today)
    configured = resolve(rules, config.rules, config.profile)
    stack = adapt(resources)
    findings: list[Finding] = []
    for rule in rules:
        own = configured[rule.name]
        if own.level == "disabled":
            continue
        types = rule.among(stack.by_type) if rule.judge else ()
        if not types and not rule.judge_stack:
            continue
        covered = (each for type_ in types for each in stack.by_type[type_])
        found = [verdict for resource in covered for verdict in judge_resource(rule, resource, own.settings)]
        found += judge_stack(rule, stack, own.settings)
        findings += _findings(found, "mandatory" if own.stops else "advisory", excuses)
    return sorted(findings, key=lambda f: (not f.blocking, _ORDER[f.rule.severity], f.rule.name, f.urn, f.problem))


def judging(rules: Sequence[Rule], types: Iterable[str]) -> int:
    """Return how many of the rules judge something: those on whole stacks, and those that cover one of the types."""
    there = frozenset(types)
    return sum(1 for rule in rules if rule.judge_stack or any(rule.covers(each) for each in there))


def _findings(verdicts: Sequence[Verdict], level: str, excuses: Excuses) -> Iterator[Finding]:
    for verdict in verdicts:
        yield Finding(
            rule=verdict.rule,
            kind=verdict.kind,
            level=level,
            urn=verdict.urn,
            problem=verdict.problem,
            message=verdict.message,
            waiver=excuses.cover(verdict),
            path=verdict.path,
        )
