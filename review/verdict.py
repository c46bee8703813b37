"""What the policy pack says about a graph, and whether that stops a deployment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy import waivers
from policy.evaluate import Finding, PackConfig, evaluate, judging
from policy.pack import RULE_NAMES, all_rules
from policy.rule import Profile
from policy.tokens import EVERY_AWS, EVERY_KUBERNETES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from policy.rule import Rule
    from review.graph import Graph

WAIVERS: Final = Path(__file__).resolve().parent.parent / "policy" / "waivers.yaml"


@dataclass(frozen=True)
class Verdict:
    """All findings about one graph."""

    rules: int
    """Number of rules that found something to judge."""
    of: int
    """Number of rules of the pack."""
    findings: tuple[Finding, ...]
    """Worst first."""
    unread: tuple[str, ...] = ()
    """Types of the stack that no rule names; only the rules on every resource judge them."""

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Findings that stop a deployment."""
        return tuple(finding for finding in self.findings if finding.blocking)

    @property
    def passed(self) -> bool:
        """True where nothing stops a deployment."""
        return not self.blocking

    def count(self) -> Mapping[str, int]:
        """Number of findings by what they are: blocking, waived, deferred, advisory."""
        return Counter(_standing(finding) for finding in self.findings)


def judge(graph: Graph, *, environment: str, today: date) -> Verdict:
    """Judge a graph by the whole pack.

    Args:
        graph: the resources.
        environment: `identity.environment` of the stack; everything but `dev` is judged as production.
        today: day on which waivers are judged.

    Raises:
        policy.waivers.WaiverFileError: the waiver file is faulty.
    """
    granted = waivers.load(WAIVERS, RULE_NAMES, today)
    profile = profile_of(environment)
    resources = (*graph.resources, *graph.made)
    findings = evaluate(resources, PackConfig(today=today, profile=profile, waivers=granted))
    rules = all_rules(granted, today)
    asked = [rule for rule in rules if rule.level.enforcement(profile) != "disabled"]
    judged = judging(asked, (resource.type for resource in resources))
    return Verdict(rules=judged, of=len(rules), findings=tuple(findings), unread=_unread(rules, graph))


def profile_of(environment: str) -> Profile:
    """Return the profile that stacks of an environment are judged by."""
    return Profile.DEV if environment == "dev" else Profile.PROD


def _unread(rules: Sequence[Rule], graph: Graph) -> tuple[str, ...]:
    """Return the types of a graph that no rule names."""
    named = {token for rule in rules for token in rule.on if token not in (*EVERY_AWS, *EVERY_KUBERNETES, "*")}
    wild = tuple(token[:-1] for token in named if token.endswith("*"))
    types = {resource.type for resource in graph.custom() if not resource.type.startswith("pulumi:")}
    return tuple(sorted(one for one in types if one not in named and not one.startswith(wild)))


def _standing(finding: Finding) -> str:
    if finding.blocking:
        return "blocking"
    if finding.waiver is not None:
        return "waived"
    return "advisory" if finding.level != "mandatory" else "deferred"
