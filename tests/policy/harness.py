"""Judges stacks every way: by the offline evaluator, by the SDK's own servicer, and by the one that shares."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policy import crossguard
from policy.crossguard import policies
from policy.evaluate import Finding, Kind, PackConfig, Profile, evaluate
from policy.judging import judge_resource, judge_stack
from policy.made import Made
from policy.pack import RULES
from policy.resources import adapt
from policy.rule import Level, Settings
from policy.servicer import shared
from policy.testing.judge import answers as ask
from policy.testing.values import UNKNOWN, altered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pulumi_policy as sdk

    from policy.waivers import Waiver

__all__ = ("UNKNOWN", "Made", "altered")

TODAY = date(2026, 11, 21)
Diagnostic = analyzer_pb2.AnalyzeDiagnostic
Config = analyzer_pb2.ConfigureAnalyzerRequest | None
Outcome = Literal["silent", "violation", "unknown", "deferred", "broken"]


SWITCHED_ON = {rule.name: "mandatory" for rule in RULES if rule.level is Level.OFF}
"""A pack config that has every rule judge under the strictest profile."""
OUTCOMES: dict[Kind, Outcome] = {
    Kind.BROKEN: "broken",
    Kind.VIOLATION: "violation",
    Kind.UNKNOWN: "unknown",
    Kind.DEFERRED: "deferred",
}
"""Worst first."""


class ConfigFacts(TypedDict, total=False):
    profile: Profile
    rules: Mapping[str, Mapping[str, object] | str]
    waivers: Sequence[Waiver]


def findings(stack: Iterable[Made], **config: Unpack[ConfigFacts]) -> list[Finding]:
    return evaluate(list(stack), PackConfig(today=TODAY, **config))


def offline(rule: str, stack: Iterable[Made], **config: Unpack[ConfigFacts]) -> Outcome:
    """What the offline evaluator makes of one rule, under the profile that binds by most rules, each switched on."""
    config.setdefault("profile", Profile.FIPS)
    config.setdefault("rules", SWITCHED_ON)
    kinds = {finding.kind for finding in findings(stack, **config) if finding.rule.name == rule}
    return next((outcome for kind, outcome in OUTCOMES.items() if kind in kinds), "silent")


def alone(rule: str, stack: Sequence[Made], **settings: object) -> Outcome:
    """What one rule says of a stack, without the rest of the pack: for cases by the hundred."""
    asked = next(each for each in RULES if each.name == rule)
    judged, given = adapt(stack), Settings(asked.settings, settings)
    found = [*judge_stack(asked, judged, given)]
    found += [one for each in judged.resources for one in judge_resource(asked, each, given)]
    kinds = {one.kind for one in found}
    return next((outcome for kind, outcome in OUTCOMES.items() if kind in kinds), "silent")


def engine(rule: str, stack: Sequence[Made], *, waivers: Sequence[Waiver] = ()) -> Outcome:
    """What the engine would hear from the SDK's servicer about one rule."""
    bound = analyzer_pb2.ConfigureAnalyzerRequest(
        policyConfig={rule: analyzer_pb2.PolicyConfig(enforcementLevel=analyzer_pb2.MANDATORY)}
    )
    said = [d.message for d in diagnostics(stack, waivers=waivers, rule=rule, config=bound)]
    if any("the rule itself failed" in text or "cannot judge" in text for text in said):
        return "broken"
    if any("can't run policy" not in text and "is not known before the update" not in text for text in said):
        return "violation"
    if any("is not known before the update" in text for text in said):
        return "unknown"
    return "deferred" if said else "silent"


def diagnostics(
    stack: Sequence[Made], *, waivers: Sequence[Waiver] = (), config: Config = None, rule: str = ""
) -> list[Diagnostic]:
    """Diagnostics of the pack, or of one rule, once the pinned SDK's own servicer and the one that shares agree."""
    own = answers(_PolicyAnalyzerServicer, stack, waivers=waivers, config=config, rule=rule)
    sharing = answers(shared(_PolicyAnalyzerServicer), stack, waivers=waivers, config=config, rule=rule)
    assert sharing == own, "a message converted once must be judged as one converted for each policy"
    return [said for answer in sharing for said in answer.diagnostics]


def answers(
    make: Callable[..., Any],
    stack: Sequence[Made],
    *,
    waivers: Sequence[Waiver] = (),
    config: Config = None,
    rule: str = "",
) -> list[analyzer_pb2.AnalyzeResponse]:
    """What a servicer of the pack, or of one rule, answers about each resource, and at last about the stack."""
    pack = policies(waivers, TODAY) if waivers else _policies(vars(crossguard)["all_rules"])
    return ask(make, stack, [policy for policy in pack if rule in ("", policy.name)], config)


@cache
def _policies(_rules: Callable[..., object]) -> Sequence[sdk.Policy]:
    """The pack's policies without waivers, made once: they keep nothing of what they have judged."""
    return policies((), TODAY)
