"""Asks the pack's server about resources, message by message, as the engine does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pulumi_policy as sdk
from google.protobuf import struct_pb2
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policy import crossguard
from policy.configuration import LEVEL
from policy.pack import PACK, all_rules
from policy.servicer import shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from policy.made import Made
    from policy.messages import Message
    from policy.rule import Rule
    from policy.waivers import Waiver

_UNKNOWN: Final = ("can't run policy", "is not known before the update")


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing that the engine would print."""

    rule: str
    urn: str
    """Resource to blame; that of the stack's own where it is nobody's."""
    message: str
    stops: bool
    """Whether it stops a deployment: mandatory, and not left to the update to judge."""
    unknown: bool
    """Whether a value is not known, rather than wrong."""


def judge(
    stack: Sequence[Made],
    *,
    rules: Sequence[Rule] | None = None,
    config: Mapping[str, Mapping[str, object] | str] | None = None,
    waivers: Sequence[Waiver] = (),
    today: date = date.min,
) -> list[Said]:
    """Return what the engine would print of a stack.

    Args:
        stack: every resource of it, its providers among them.
        rules: the rules that judge; the whole pack where there are none.
        config: levels and settings by rule, as in a file for `--policy-pack-config`.
        waivers: exceptions from rules.
        today: day on which these are judged; the default holds all of them to be in force.

    Raises:
        ConfigError: the config is faulty; a ValueError that holds every fault.
    """
    judging = tuple(rules) if rules is not None else all_rules(waivers, today)
    policies = crossguard.policies(waivers, today, rules)
    request = crossguard.configured(judging, _configuration(config or {}))
    said = answers(shared(_PolicyAnalyzerServicer), stack, policies, request)
    return [_said(each) for answer in said for each in answer.diagnostics]


def remediated(
    resource: Made, *rules: str, waivers: Sequence[Waiver] = (), today: date = date.min
) -> Mapping[str, object]:
    """Return a resource's inputs as the pack would have them, were rules set to `remediate`.

    Args:
        resource: a resource without a provider.
        rules: names of those rules.
        waivers: exceptions from rules.
        today: day on which these are judged.
    """
    policies = crossguard.policies(waivers, today)
    servicer: Any = _PolicyAnalyzerServicer(PACK, "0.1.0", policies, sdk.EnforcementLevel.MANDATORY)
    servicer.Configure(_configuration(dict.fromkeys(rules, "remediate")), None)
    said = servicer.Remediate(_request(resource, {}), None).remediations
    return MessageToDict(said[-1].properties) if said else resource.inputs


def answers(
    make: Callable[..., Any], stack: Sequence[Made], policies: Iterable[sdk.Policy], config: Message | None = None
) -> list[analyzer_pb2.AnalyzeResponse]:
    """Return what a servicer answers about each resource, and at last about the stack.

    Args:
        make: makes the servicer, as the SDK's class does.
        stack: the resources.
        policies: what it asks.
        config: the engine's message of levels and settings.
    """
    servicer = make(PACK, "0.1.0", list(policies), sdk.EnforcementLevel.MANDATORY)
    if config is not None:
        servicer.Configure(config, None)
    each, whole = requests(stack)
    return [*(servicer.Analyze(request, None) for request in each), servicer.AnalyzeStack(whole, None)]


def requests(stack: Sequence[Made]) -> tuple[list[Message], Message]:
    """Return the engine's messages about a stack: one on the inputs of each resource, one on the outputs of all."""
    providers = {each.urn: each for each in stack}
    whole = analyzer_pb2.AnalyzeStackRequest(resources=[_stack_resource(each, providers) for each in stack])
    return [_request(each, providers) for each in stack], whole


def _configuration(given: Mapping[str, Mapping[str, object] | str]) -> Message:
    config: dict[str, Message] = {}
    for name, said in given.items():
        own = {LEVEL: said} if isinstance(said, str) else dict(said)
        level = str(own.pop(LEVEL, "mandatory")).upper()
        if level not in analyzer_pb2.EnforcementLevel.keys():  # noqa: SIM118 a wrapper of protobuf, no mapping
            raise ValueError(f"{name}: no such level: {level.lower()}")
        config[name] = analyzer_pb2.PolicyConfig(
            enforcementLevel=analyzer_pb2.EnforcementLevel.Value(level), properties=_struct(own)
        )
    return analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=config)


def _said(diagnostic: Message) -> Said:
    deferred = _UNKNOWN[0] in diagnostic.message
    return Said(
        rule=diagnostic.policyName,
        urn=diagnostic.urn,
        message=diagnostic.message,
        stops=diagnostic.enforcementLevel == analyzer_pb2.MANDATORY and not deferred,
        unknown=any(words in diagnostic.message for words in _UNKNOWN),
    )


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
        properties=_struct({**each.outputs, **each.inputs, **identity}),
        propertyDependencies=links,
        **_common(each, providers),
    )
