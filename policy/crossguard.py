"""The pack in CrossGuard's terms: our rules as policies of the SDK.

The SDK hands out proxies that raise on unknowns, and lets a preview pass when they do. Here a rule sees plain values,
and what it could not judge is a violation unless the rule says that the update will judge it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pulumi_policy as sdk
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy.deserialize import serialize_properties
from pulumi_policy.proxy import UnknownValueError

from policy import waivers as waiver_files
from policy.configuration import LEVEL, resolve
from policy.judging import Kind, Verdict, judge_resource, judge_stack
from policy.pack import PACK, RULE_NAMES, all_rules
from policy.remediation import REMEDIATIONS, remediated
from policy.resources import Origin, Resource, Stack
from policy.rule import Profile, Rule, Settings
from policy.servicer import ResourcePolicy, install, judged
from policy.values import UNKNOWN_STRING, Block
from policy.waivers import Excuses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from policy.messages import Message
    from policy.waivers import Waiver

BOUND_SECONDS: Final = 60.0
"""Longest time that the pack may take over one message of the engine; over 1,000 resources it takes about 1 s."""


def serve(waiver_file: Path, today: date) -> None:
    """Start the policy server; never returns.

    Raises:
        WaiverFileError: the waiver file is faulty; the engine then refuses to run, rather than run without the pack.
    """
    excuses = Excuses(waiver_files.load(waiver_file, RULE_NAMES, today), today)
    rules = all_rules(excuses, today)
    install(lambda request: configured(rules, request), BOUND_SECONDS)
    sdk.PolicyPack(PACK, _policies(rules, excuses), enforcement_level=sdk.EnforcementLevel.MANDATORY)


def policies(waivers: Sequence[Waiver], today: date, rules: Sequence[Rule] | None = None) -> list[sdk.Policy]:
    """Return rules, by default all, as policies of the SDK, at their levels for a production stack.

    A pack config may lower these.
    """
    excuses = Excuses(waivers, today)
    return _policies(all_rules(excuses, today) if rules is None else rules, excuses)


def configured(rules: Sequence[Rule], request: Message) -> Message:
    """Return the engine's config of the pack as the pack takes it: what lowers every rule lowers no critical one.

    Raises:
        ConfigError: the config is faulty; the engine then refuses to run.
    """
    given = {
        name: {**MessageToDict(each.properties), LEVEL: sdk_level(each.enforcementLevel).lower()}
        for name, each in request.policyConfig.items()
    }
    amended = type(request)()
    amended.CopyFrom(request)
    for name, own in resolve(rules, given, Profile.PROD).items():
        if name in given:
            amended.policyConfig[name].enforcementLevel = analyzer_pb2.EnforcementLevel.Value(own.level.upper())
    return amended


def sdk_level(number: int) -> str:
    """Return the name of a level in the engine's messages; of one that is not known, its number."""
    known = dict(zip(analyzer_pb2.EnforcementLevel.values(), analyzer_pb2.EnforcementLevel.keys(), strict=True))
    return str(known.get(number, number))


def _policies(rules: Sequence[Rule], excuses: Excuses) -> list[sdk.Policy]:
    return [_policy(rule, excuses) for rule in rules]


def _policy(rule: Rule, excused: Excuses) -> sdk.Policy:
    common: dict[str, Any] = {
        "name": rule.name,
        "description": rule.title,
        "enforcement_level": sdk.EnforcementLevel(rule.level.enforcement(Profile.PROD)),
        "config_schema": _schema(rule),
        "severity": sdk.Severity(rule.severity.value),
        "tags": list(rule.controls),
        "remediation_steps": rule.remediation,
        "url": rule.url,
    }
    if rule.judge is not None:
        fix = {"remediate": _remediate(rule, excused)} if rule.name in REMEDIATIONS else {}
        return ResourcePolicy(rule.covers, validate=_validate_resource(rule, excused), **fix, **common)
    return sdk.StackValidationPolicy(validate=_validate_stack(rule, excused), **common)


def _schema(rule: Rule) -> sdk.PolicyConfigSchema | None:
    if not rule.settings:
        return None
    return sdk.PolicyConfigSchema(
        {
            name: {**setting.schema, "default": setting.default, "description": setting.what}
            for name, setting in rule.settings.items()
        }
    )


def _validate_resource(
    rule: Rule, excused: Excuses
) -> Callable[[sdk.ResourceValidationArgs, sdk.ReportViolation], None]:
    def validate(args: sdk.ResourceValidationArgs, report: sdk.ReportViolation) -> None:
        if not rule.covers(args.resource_type):
            args.not_applicable()
        _report(rule, args, report, excused, lambda given: judge_resource(rule, _resource(args), given))

    return validate


def _remediate(rule: Rule, excused: Excuses) -> Callable[[sdk.ResourceValidationArgs], Mapping[str, object] | None]:
    """Return what the SDK asks for better inputs, where a config sets the rule to `remediate`.

    What is not known is left for the validation to refuse, and what a waiver excuses stays as it is.
    """

    def remediate(args: sdk.ResourceValidationArgs) -> Mapping[str, object] | None:
        if not rule.covers(args.resource_type):
            args.not_applicable()
        try:
            resource = _resource(args)
            verdicts = judge_resource(rule, resource, Settings(rule.settings, args.get_config()))
            broken = any(each.kind is Kind.VIOLATION and excused.cover(each) is None for each in verdicts)
            return remediated(rule, resource.inputs) if broken else None
        except Exception as error:  # the engine ends its run with this text, which names no rule by itself
            raise RuntimeError(
                f"{rule.name}: the remediation itself failed with {type(error).__name__}: {error}. "
                "Remediation: set the rule to mandatory in the pack config, or correct policy/remediation.py"
            ) from error

    return remediate


def _validate_stack(rule: Rule, excused: Excuses) -> Callable[[sdk.StackValidationArgs, sdk.ReportViolation], None]:
    def validate(args: sdk.StackValidationArgs, report: sdk.ReportViolation) -> None:
        _report(rule, args, report, excused, lambda given: judge_stack(rule, _stack(args), given))

    return validate


def _report(
    rule: Rule,
    args: sdk.ResourceValidationArgs | sdk.StackValidationArgs,
    report: sdk.ReportViolation,
    excused: Excuses,
    judge: Callable[[Settings], list[Verdict]],
) -> None:
    """Report each verdict that no waiver covers; a deferred one becomes the SDK's own "can't run policy"."""
    try:
        verdicts = judge(Settings(rule.settings, args.get_config()))
    except Exception as error:  # noqa: BLE001 anything else that escapes would abort the whole preview
        report(
            f"{rule.name}: cannot judge: {type(error).__name__}: {error}. Remediation: correct the pack or its config.",
            None,
        )
        return
    for verdict in verdicts:
        if verdict.kind is not Kind.DEFERRED and excused.cover(verdict) is None:
            report(verdict.advice, verdict.urn or None)
    for verdict in verdicts:
        if verdict.kind is Kind.DEFERRED and excused.cover(verdict) is None:
            raise UnknownValueError(UNKNOWN_STRING, verdict.path.split("."))


def _resource(args: sdk.ResourceValidationArgs) -> Resource:
    if isinstance(shared := judged.get(), Resource):
        return shared
    return Resource(_origin(args, None), _plain(args.props), provider=_provider(args.provider))


def _stack(args: sdk.StackValidationArgs) -> Stack:
    if isinstance(shared := judged.get(), Stack):
        return shared
    return Stack(
        Resource(
            _origin(each, {key: tuple(r.urn for r in behind) for key, behind in each.property_dependencies.items()}),
            _plain(each.props),
            provider=_provider(each.provider),
        )
        for each in args.resources
    )


def _origin(
    args: sdk.ResourceValidationArgs | sdk.PolicyResource, links: Mapping[str, tuple[str, ...]] | None
) -> Origin:
    return Origin(
        type=args.resource_type,
        urn=args.urn,
        name=args.name,
        protect=args.opts.protect,
        ignore_changes=tuple(args.opts.ignore_changes),
        property_dependencies=links,
    )


def _provider(provider: sdk.PolicyProviderResource | None) -> Block | None:
    return Block(_plain(provider.props), "provider") if provider else None


def _plain(props: Mapping[str, object]) -> Mapping[str, object]:
    """Take the SDK's proxies off; unknowns stay as the marks that `policy.values` knows."""
    return serialize_properties(props)
