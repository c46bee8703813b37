"""Judges resources without the engine: an offline recording, a preview's JSON, a state file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from policy.judging import Kind, Verdict, judge_resource, judge_stack
from policy.pack import all_rules
from policy.resources import Recorded, adapt
from policy.rule import Profile, Rule, Settings, Severity
from policy.waivers import Waiver, excuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

__all__ = ("Finding", "Kind", "PackConfig", "Profile", "Recorded", "Severity", "Waiver", "evaluate")

_LEVEL: Final = "enforcementLevel"
_ORDER: Final = {Severity.CRITICAL: 0, Severity.HIGH: 1, Severity.MEDIUM: 2, Severity.LOW: 3}


@dataclass(frozen=True, kw_only=True)
class PackConfig:
    """How the pack judges one stack."""

    today: date
    """Day on which waivers are judged; there is no clock in the pack."""
    profile: Profile = Profile.PROD
    """Which rules bind. Default prod, the strictest."""
    rules: Mapping[str, Mapping[str, object] | str] = field(default_factory=dict)
    """Settings and enforcement levels by rule, in the format of `--policy-pack-config`; `all` sets every level."""
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
        ValueError: the config names a rule or a setting that does not exist.
    """
    rules = all_rules(config.waivers, config.today)
    _refuse_strange_names(rules, config)
    stack = adapt(resources)
    findings: list[Finding] = []
    for rule in rules:
        level, settings = _configured(rule, config)
        if level == "disabled":
            continue
        covered = (each for type_, alike in stack.by_type.items() if rule.covers(type_) for each in alike)
        found = [verdict for resource in covered for verdict in judge_resource(rule, resource, settings)]
        found += judge_stack(rule, stack, settings)
        findings += _findings(found, level, config)
    return sorted(findings, key=lambda f: (not f.blocking, _ORDER[f.rule.severity], f.rule.name, f.urn, f.problem))


def judging(rules: Sequence[Rule], types: Iterable[str]) -> int:
    """Return how many of the rules judge something: those on whole stacks, and those that cover one of the types."""
    there = frozenset(types)
    return sum(1 for rule in rules if rule.judge_stack or any(rule.covers(each) for each in there))


def _findings(verdicts: Sequence[Verdict], level: str, config: PackConfig) -> Iterator[Finding]:
    for verdict in verdicts:
        yield Finding(
            rule=verdict.rule,
            kind=verdict.kind,
            level=level,
            urn=verdict.urn,
            problem=verdict.problem,
            message=verdict.message,
            waiver=excuse(verdict, config.waivers, config.today),
        )


def _configured(rule: Rule, config: PackConfig) -> tuple[str, Settings]:
    given = _as_object(config.rules.get(rule.name, {}))
    overall = _as_object(config.rules.get("all", {}))
    level = given.get(_LEVEL) or overall.get(_LEVEL) or rule.level.enforcement(config.profile)
    return str(level), Settings(rule.settings, {key: value for key, value in given.items() if key != _LEVEL})


def _as_object(entry: Mapping[str, object] | str) -> Mapping[str, object]:
    return {_LEVEL: entry} if isinstance(entry, str) else entry


def _refuse_strange_names(rules: Sequence[Rule], config: PackConfig) -> None:
    strange = sorted(set(config.rules) - {rule.name for rule in rules} - {"all"})
    if strange:
        raise ValueError(f"policy config names no rule of the pack: {', '.join(strange)}")
