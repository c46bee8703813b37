"""Lambda: supported runtimes, no secrets in the environment, no URL for everyone, and nothing lost that fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Level, Rule, Setting, Severity, WhenUnknown, resource_rule, stack_rule
from policy.secrets_in_text import secret_in
from policy.table import at_least, be, be_own_key, be_set, check, only
from policy.tokens import (
    EVENT_SOURCES,
    FUNCTION_PERMISSIONS,
    FUNCTION_URLS,
    FUNCTIONS,
    INVOKE_CONFIGS,
    QUEUES,
)
from policy.values import number, plain, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_GUIDE: Final = "https://docs.aws.amazon.com/lambda/latest/dg"
SUPPORTED: Final = (
    "dotnet10", "java17", "java21", "java25", "nodejs22.x", "nodejs24.x", "provided.al2023", "python3.11", "python3.12",
    "python3.13", "python3.14", "ruby3.3", "ruby3.4",
)  # fmt: skip
"""Runtimes that are supported for another half year (Lambda developer guide, runtimes; 2026-11)."""
_TIMES: Final = 6
"""Visibility of a queue in time-outs of the function that reads it (Lambda developer guide, Amazon SQS)."""
_ASYNCHRONOUS: Final = tuple(
    f"{name}.amazonaws.com" for name in ("codecommit", "config", "events", "iot", "logs", "s3", "ses", "sns")
)
"""Services that call a function and wait for no answer (Lambda developer guide, integrating other services)."""
_DEFAULT_TIMEOUT: Final = 3
_DEFAULT_VISIBILITY: Final = 30


@resource_rule(
    "lambda-runtime-supported",
    on=FUNCTIONS,
    severity=Severity.MEDIUM,
    controls=("Lambda.2", "CKV_AWS_363"),
    remediation="use a runtime that AWS supports, or an image",
    settings={
        "runtimes": Setting(
            list(SUPPORTED), {"type": "array", "items": {"type": "string"}}, "runtimes that may be used"
        )
    },
    guards=("runtime",),
)
def runtime_supported(function: Resource, settings: Settings) -> Iterator[str]:
    """Functions run on a runtime that AWS still mends.

    A function of an image names none; its image is its own runtime.
    """
    runtime = function.get("runtime")
    if runtime is not None and runtime not in settings.strings("runtimes"):
        yield f"runtime is {show(runtime)}; allowed: {', '.join(settings.strings('runtimes'))}"


@resource_rule(
    "lambda-env-no-secrets",
    on=FUNCTIONS,
    severity=Severity.CRITICAL,
    controls=("CKV_AWS_45", "NIST-IA-5"),
    url=f"{_GUIDE}/configuration-envvars.html",
    when_unknown=WhenUnknown.PASS,
    remediation="keep it in Secrets Manager and give the function its ARN",
    guards=("environment",),
)
def environment_without_secrets(function: Resource, _settings: Settings) -> Iterator[str]:
    """The environment of functions holds no secrets.

    Whoever may read a function's configuration reads its environment. What is not known yet comes from a resource.
    """
    variables = plain(function.get("environment.variables"))
    for name, value in variables.items() if isinstance(variables, Mapping) else ():
        if isinstance(text := plain(value), str) and (found := secret_in(text, str(name))):
            yield f"environment.variables.{name} holds {found}; allowed: the ARN of a secret"


def _keeps_variables(function: Resource) -> bool:
    return function.has("environment.variables")


def _is_in_vpc(function: Resource) -> bool:
    return function.has("vpcConfig.subnetIds")


@resource_rule(
    "lambda-in-vpc-multi-az",
    on=FUNCTIONS,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("Lambda.5",),
    remediation="give it subnets in two zones or more",
    guards=("vpcConfig",),
)
def several_subnets(function: Resource, _settings: Settings) -> Iterator[str]:
    """Functions in a VPC have subnets to choose from."""
    subnets = function.list("vpcConfig.subnetIds") if _is_in_vpc(function) else ()
    if len(subnets) == 1:
        yield "vpcConfig.subnetIds names one subnet; allowed: two or more, in different zones"


@stack_rule(
    "sqs-visibility-vs-lambda",
    on=EVENT_SOURCES,
    severity=Severity.MEDIUM,
    controls=("NIST-SI-17",),
    url=f"{_GUIDE}/services-sqs-configure.html",
    when_unknown=WhenUnknown.PASS,
    remediation="set visibility_timeout_seconds to six times the function's time-out",
)
def hidden_long_enough(stack: Stack, _settings: Settings) -> Iterable[Breach]:
    """Messages stay hidden for six time-outs of the function that reads them.

    Else the queue hands out a message a second time while the first function is still at it.
    """
    queues, functions = stack.of(QUEUES), stack.of(FUNCTIONS)
    for source in stack.of(EVENT_SOURCES):
        queue = next((one for one in queues if source.refers_to(one, "eventSourceArn")), None)
        function = next((one for one in functions if source.refers_to(one, "functionName")), None)
        if queue is None or function is None:
            continue
        hidden, longest = queue.get("visibilityTimeoutSeconds"), function.get("timeout")
        given, timeout = number(hidden), number(longest)
        seconds = _DEFAULT_VISIBILITY if given is None else given
        least = _TIMES * (_DEFAULT_TIMEOUT if timeout is None else timeout)
        if seconds < least:
            yield Breach(queue, f"visibilityTimeoutSeconds is {show(hidden)}; allowed: at least {show(least)}")


def _reads_a_stream(source: Resource) -> bool:
    return source.has("startingPosition")


def _reads_kafka(source: Resource) -> bool:
    return source.has("topics")


@stack_rule(
    "lambda-failed-calls-kept",
    on=FUNCTION_PERMISSIONS,
    severity=Severity.MEDIUM,
    controls=("CKV_AWS_116", "NIST-SI-17"),
    url=f"{_GUIDE}/invocation-async-retain-records.html",
    when_unknown=WhenUnknown.PASS,
    remediation="add a FunctionEventInvokeConfig with a destination on failure, or a dead_letter_config",
)
def failed_calls_kept(stack: Stack, _settings: Settings) -> Iterable[Breach]:
    """Calls that nobody waits for are kept when they fail.

    Lambda tries a call of such a service three times, and drops it without a word.
    """
    keeping = [one for one in stack.of(INVOKE_CONFIGS) if one.has("destinationConfig.onFailure.destination")]
    for permission in stack.of(FUNCTION_PERMISSIONS):
        if permission.get("principal") not in _ASYNCHRONOUS:
            continue
        called = [one for one in stack.of(FUNCTIONS) if permission.refers_to(one, "function")]
        for function in called:
            kept = any(one.refers_to(function, "functionName") for one in keeping)
            if not kept and not function.has("deadLetterConfig.targetArn"):
                caller = show(permission.get("principal"))
                yield Breach(function, f"{caller} calls it and waits for no answer; nothing keeps a call that fails")


RULES: Final[tuple[Rule, ...]] = (
    runtime_supported,
    environment_without_secrets,
    check(
        "lambda-url-auth", "URLs of functions ask who calls", "authorizationType", be("AWS_IAM"),
        on=FUNCTION_URLS, severity=Severity.HIGH, controls=("CKV_AWS_258",),
        url=f"{_GUIDE}/urls-auth.html", remediation="set authorization_type to AWS_IAM",
    ),
    only(_keeps_variables, check(
        "lambda-env-cmk", "The environment of functions is encrypted by a key of ours", "kmsKeyArn", be_own_key(),
        on=FUNCTIONS, severity=Severity.LOW, level=Level.REGULATED_ONLY, controls=("CKV_AWS_173",),
        url=f"{_GUIDE}/configuration-envvars-encryption.html", remediation="set kms_key_arn",
    )),
    check(
        "lambda-code-signing", "Functions run signed code only", "codeSigningConfigArn", be_set(),
        on=FUNCTIONS, severity=Severity.LOW, level=Level.REGULATED_ONLY, controls=("CKV_AWS_272",),
        url=f"{_GUIDE}/configuration-codesigning.html", remediation="set code_signing_config_arn",
    ),
    check(
        "lambda-reserved-concurrency", "Functions have a share of the account's concurrency",
        "reservedConcurrentExecutions", at_least(0),
        on=FUNCTIONS, severity=Severity.LOW, level=Level.REGULATED_ONLY, controls=("CKV_AWS_115",),
        url=f"{_GUIDE}/configuration-concurrency.html", remediation="set reserved_concurrent_executions",
    ),
    check(
        "lambda-tracing", "Functions are traced", "tracingConfig.mode", be("Active"),
        on=FUNCTIONS, severity=Severity.LOW, level=Level.REGULATED_ONLY, controls=("CKV_AWS_50",),
        url=f"{_GUIDE}/services-xray.html", remediation="set tracing_config to Active",
    ),
    only(_reads_a_stream, check(
        "lambda-stream-failures-kept", "What a function cannot read of a stream is kept",
        "destinationConfig.onFailure.destinationArn", be_set(),
        why="A record that fails stands in the way of its shard until it is too old, and is gone then.",
        on=EVENT_SOURCES, severity=Severity.MEDIUM, controls=("NIST-SI-17",),
        url=f"{_GUIDE}/services-dynamodb-errors.html", remediation="set a destination_config on failure",
    )),
    only(_reads_kafka, check(
        "lambda-topic-gives-up", "What a function cannot read of a topic is given up some time", "maximumRetryAttempts",
        at_least(0), why="Without a bound a record that fails is tried until it expires, and its partition waits.",
        on=EVENT_SOURCES, severity=Severity.MEDIUM, controls=("NIST-SI-17",),
        url=f"{_GUIDE}/kafka-retry-configurations.html",
        remediation="set maximum_retry_attempts, beside provisioned_poller_config",
    )),
    several_subnets,
    failed_calls_kept,
    hidden_long_enough,
)  # fmt: skip
