"""Models of Bedrock: named, called through a guardrail, and every call recorded where this stack can vouch for it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from policy.reading.harm import CALLS
from policy.reading.models import called, unguarded, wide
from policy.reading.patterns import matches
from policy.reading.permissions import everything, taken
from policy.reading.profiles import bare
from policy.rule import Breach, Level, Rule, Setting, Severity, WhenUnknown, resource_rule, stack_rule
from policy.rules.identity import HOLDERS, permissions
from policy.table import be_own_key, check
from policy.tokens import BUCKETS, CALL_LOGGINGS, GUARDRAILS, LOG_GROUPS
from policy.values import Mark, UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from policy.reading.statement import Statement
    from policy.resources import Resource, Stack
    from policy.rule import Settings

_GUIDE: Final = "https://docs.aws.amazon.com/bedrock/latest/userguide"
_GUARDS: Final = ("policy", "inlinePolicies", "inlinePolicy")
_STRINGS: Final = {"type": "array", "items": {"type": "string"}}
_LOG: Final = "cloudwatchConfig.logGroupName"
_DESTINATIONS: Final = (
    (_LOG, LOG_GROUPS),
    ("s3Config.bucketName", BUCKETS),
    ("cloudwatchConfig.largeDataDeliveryS3Config.bucketName", BUCKETS),
)
_CONFIG: Final = "loggingConfig"


@resource_rule(
    "iam-models-named",
    on=HOLDERS,
    severity=Severity.MEDIUM,
    controls=("NIST-AC-6",),
    url=f"{_GUIDE}/security_iam_id-based-policy-examples.html",
    when_unknown=WhenUnknown.DEFER,
    remediation="name the models, or their inference profiles, by their ids",
    settings={
        "models": Setting(
            [], _STRINGS, "ids of models that may be called, with * for any part; default: each that is named whole"
        )
    },
    guards=_GUARDS,
)
def models_named(holder: Resource, settings: Settings) -> Iterator[str]:
    """Policies that let their holder call models name each.

    By its id, or that of its inference profile; an id with a wildcard is many models, of any price. The pack's
    configuration may say which ones. What calls any model there is breaks iam-no-data-on-all alone.
    """
    allowed = settings.strings("models")
    for document in permissions(holder):
        if everything(document.statements) or any(taken(document.statements, CALLS)):
            continue
        models = [one for one in called(document.statements) if not _is_allowed(one, allowed)]
        if models:
            named = ", ".join(allowed) or "models by their ids"
            yield f"{document.where} allows calls of {', '.join(models)}; allowed: {named}"


def _is_allowed(model: str, allowed: Sequence[str]) -> bool:
    if not allowed:
        return not wide(model)
    return any(matches(pattern, each) for pattern in allowed for each in (model, bare(model)))


@stack_rule(
    "iam-models-guarded",
    on=HOLDERS,
    severity=Severity.HIGH,
    controls=("NIST-AC-6",),
    url=f"{_GUIDE}/guardrails-permissions-id.html",
    when_unknown=WhenUnknown.PASS,
    remediation="add the condition StringEquals bedrock:GuardrailIdentifier with the ARN of the guardrail",
    guards=_GUARDS,
)
def models_guarded(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Where a stack has a guardrail, models are called through one.

    A guardrail is a parameter of the call: who leaves it out is not guarded, unless IAM asks for it. Batches and the
    API of bedrock-mantle know none.
    """
    if stack.of(GUARDRAILS):
        for holder, where, actions in _each(stack, unguarded):
            allowed = "under the condition bedrock:GuardrailIdentifier"
            yield Breach(holder, f"{where} allows {', '.join(actions)} without a guardrail; allowed: {allowed}")


def _each(
    stack: Stack, read: Callable[[Sequence[Statement]], Iterator[str]]
) -> Iterator[tuple[Resource, str, Sequence[str]]]:
    """Yield what is read in each policy that is known, with its holder and its path."""
    for holder in stack.of(HOLDERS):
        with suppress(UnknownValueError):
            for document in permissions(holder):
                if not everything(document.statements) and (found := tuple(read(document.statements))):
                    yield holder, document.where, found


@stack_rule(
    "bedrock-calls-logged",
    on=HOLDERS,
    severity=Severity.MEDIUM,
    level=Level.PRODUCTION,
    controls=("NIST-AU-2", "NIST-AU-12"),
    url=f"{_GUIDE}/model-invocation-logging.html",
    when_unknown=WhenUnknown.PASS,
    remediation="add an InvocationLoggingConfiguration with a log group or a bucket of the stack",
    settings={
        "regions": Setting([], _STRINGS, "regions in which another stack of the account records calls; default: none")
    },
    guards=_GUARDS,
)
def calls_logged(stack: Stack, settings: Settings) -> Iterator[Breach]:
    """A stack that calls models records who calls which.

    An account has one such setting in a region: where another stack makes it, the pack's configuration says so.
    """
    made = {one.region for one in stack.of(CALL_LOGGINGS)}
    elsewhere = settings.strings("regions")
    callers = () if made else _each(stack, called)
    for holder, where, models in callers:
        if holder.region not in elsewhere:
            yield Breach(
                holder, f"{where} allows calls of {', '.join(models)}; no InvocationLoggingConfiguration records them"
            )
            return


@stack_rule(
    "bedrock-log-own",
    on=CALL_LOGGINGS,
    severity=Severity.MEDIUM,
    level=Level.PRODUCTION,
    controls=("NIST-AU-9",),
    url=f"{_GUIDE}/model-invocation-logging.html",
    remediation="name a log group or a bucket of the stack",
    guards=(_CONFIG,),
)
def log_own(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Records of calls of models go to a log group or a bucket of the stack.

    There logs-kms and the rules on buckets hold their encryption. Of others nobody knows here whose they are.
    """
    for config in stack.of(CALL_LOGGINGS):
        named = [(path, value, kinds) for path, kinds in _DESTINATIONS for value in _values(config, path)]
        if not named:
            yield Breach(config, f"{_CONFIG} names neither a log group nor a bucket; allowed: one of the stack")
        for path, value, kinds in named:
            if not any(_is(config, value, one) for one in stack.of(kinds)):
                if value is Mark.UNKNOWN:
                    raise UnknownValueError(f"{config.origin.name}: {_CONFIG}.{path}")
                yield Breach(config, f"{_CONFIG}.{path} is {value}; allowed: one of the stack")


def _values(config: Resource, path: str) -> list[object]:
    return [value for _, value in config.each(f"{_CONFIG}.{path}") if value not in (Mark.ABSENT, "")]


def _is(config: Resource, value: object, target: Resource) -> bool:
    """Tell whether a destination is a resource of the stack: by value, or by dependency where either is not known."""
    if isinstance(value, str) and value in target.identities:
        return True
    return target.urn in (config.origin.property_dependencies or {}).get(_CONFIG, ())


RULES: Final[tuple[Rule, ...]] = (
    check(
        "bedrock-guardrail-cmk", "Guardrails are encrypted by a key of ours", "kmsKeyArn", be_own_key(),
        why="Its topics, words and expressions say what a business keeps to itself.",
        on=GUARDRAILS, severity=Severity.LOW, level=Level.PRODUCTION, controls=("NIST-SC-12",),
        url=f"{_GUIDE}/guardrails-permissions-kms.html",
        remediation="set kms_key_arn to the key of the data domain",
    ),
    models_named,
    models_guarded,
    calls_logged,
    log_own,
)  # fmt: skip
