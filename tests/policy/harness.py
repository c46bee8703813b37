"""Judges stacks every way: by the offline evaluator, by the SDK's own servicer, and by the one that shares."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

import pulumi_policy as sdk
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policy import crossguard
from policy.crossguard import policies
from policy.evaluate import Finding, Kind, PackConfig, Profile, evaluate
from policy.pack import PACK
from policy.servicer import shared
from policy.values import UNKNOWN_STRING

if TYPE_CHECKING:
    from policy.waivers import Waiver

TODAY = date(2026, 11, 21)
UNKNOWN = UNKNOWN_STRING
Diagnostic = analyzer_pb2.AnalyzeDiagnostic
Config = analyzer_pb2.ConfigureAnalyzerRequest | None
Outcome = Literal["silent", "violation", "unknown", "deferred", "broken"]


OUTCOMES: dict[Kind, Outcome] = {
    Kind.BROKEN: "broken",
    Kind.VIOLATION: "violation",
    Kind.UNKNOWN: "unknown",
    Kind.DEFERRED: "deferred",
}
"""Worst first."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A resource of a test stack; has the shape of `policy.resources.Recorded`."""

    type: str
    name: str = "it"
    inputs: Mapping[str, object] = field(default_factory=dict)
    id: str = ""
    provider: str = ""
    outputs: Mapping[str, object] = field(default_factory=dict)
    property_dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    protect: bool = False
    ignore_changes: Sequence[str] = ()

    @property
    def urn(self) -> str:
        return f"urn:pulumi:test::platform::{self.type}::{self.name}"


def altered(inputs: Mapping[str, object], path: str, value: object) -> dict[str, object]:
    """Copy of `inputs` with the value at a dotted path (numbers index lists) replaced; None removes it."""
    step, _, rest = path.partition(".")
    result = copy.deepcopy(dict(inputs))
    if rest:
        result[step] = _altered_below(result[step], rest, value)
    elif value is None:
        del result[step]
    else:
        result[step] = value
    return result


def _altered_below(below: object, path: str, value: object) -> object:
    if isinstance(below, Mapping):
        return altered(below, path, value)
    assert isinstance(below, list), f"nothing to alter at {path}"
    return list(altered(dict(enumerate_keys(below)), path, value).values())


def enumerate_keys(items: list[object]) -> Iterable[tuple[str, object]]:
    return ((str(at), item) for at, item in enumerate(items))


class ConfigFacts(TypedDict, total=False):
    profile: Profile
    rules: Mapping[str, Mapping[str, object] | str]
    waivers: Sequence[Waiver]


def findings(stack: Iterable[Made], **config: Unpack[ConfigFacts]) -> list[Finding]:
    return evaluate(list(stack), PackConfig(today=TODAY, **config))


def offline(rule: str, stack: Iterable[Made], **config: Unpack[ConfigFacts]) -> Outcome:
    """What the offline evaluator makes of one rule, under the profile that binds by most rules."""
    config.setdefault("profile", Profile.FIPS)
    kinds = {finding.kind for finding in findings(stack, **config) if finding.rule.name == rule}
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
    asked = [policy for policy in pack if rule in ("", policy.name)]
    servicer = make(PACK, "0.1.0", asked, sdk.EnforcementLevel.MANDATORY)
    if config is not None:
        servicer.Configure(config, None)
    providers = {each.urn: each for each in stack}
    whole = analyzer_pb2.AnalyzeStackRequest(resources=[_stack_resource(each, providers) for each in stack])
    return [
        *(servicer.Analyze(_request(each, providers), None) for each in stack),
        servicer.AnalyzeStack(whole, None),
    ]


@cache
def _policies(_rules: Callable[..., object]) -> Sequence[sdk.Policy]:
    """The pack's policies without waivers, made once: they keep nothing of what they have judged."""
    return policies((), TODAY)


def _struct(inputs: Mapping[str, object]) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(dict(inputs))
    return made


def _common(each: Made, providers: Mapping[str, Made]) -> dict[str, Any]:
    common: dict[str, Any] = {
        "type": each.type,
        "urn": each.urn,
        "name": each.name,
        "options": analyzer_pb2.AnalyzerResourceOptions(protect=each.protect, ignoreChanges=list(each.ignore_changes)),
    }
    if (provider := providers.get(each.provider)) is not None:
        common["provider"] = analyzer_pb2.AnalyzerProviderResource(
            type=provider.type, urn=provider.urn, name=provider.name, properties=_struct(provider.inputs)
        )
    return common


def _request(each: Made, providers: Mapping[str, Made]) -> analyzer_pb2.AnalyzeRequest:
    return analyzer_pb2.AnalyzeRequest(properties=_struct(each.inputs), **_common(each, providers))


def _stack_resource(each: Made, providers: Mapping[str, Made]) -> analyzer_pb2.AnalyzerResource:
    links = {
        key: analyzer_pb2.AnalyzerPropertyDependencies(urns=list(urns))
        for key, urns in each.property_dependencies.items()
    }
    identity = {"id": each.id} if each.id else {}
    return analyzer_pb2.AnalyzerResource(
        properties=_struct({**each.inputs, **each.outputs, **identity}),
        propertyDependencies=links,
        **_common(each, providers),
    )
