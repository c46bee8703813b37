"""Lambda refuses functions that it could not run, shares that leave nothing to others, and queues that are too quick.

ministack takes every size, every runtime, any role, all concurrency, and a queue whose messages come back while the
function still works.
https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html, API_PutFunctionConcurrency.html,
API_PutProvisionedConcurrencyConfig.html, API_CreateEventSourceMapping.html; Developer Guide, "Lambda runtimes" and
"Using Lambda environment variables" (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import error_response_json
from ministack.services import iam, lambda_svc, sqs

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

Document = dict[str, Any]

_BOUNDS: Final = {"MemorySize": ("memorySize", 128, 10_240), "Timeout": ("timeout", 1, 900)}
_STORAGE: Final = ("ephemeralStorage.size", 512, 10_240)
_ENDED: Final = frozenset(
    {
        *("python2.7", "python3.6", "python3.7", "python3.8", "python3.9", "python3.10", "python3.11"),
        *("nodejs12.x", "nodejs14.x", "nodejs16.x", "nodejs18.x", "nodejs20.x", "ruby2.7", "ruby3.2"),
        *("java8", "go1.x", "provided", "dotnet6", "dotnetcore3.1"),
    }
)
"""Runtimes of which no function can be made any more, on 2026-11-30."""
_KEPT: Final = frozenset(
    {
        *("_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV"),
        *("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"),
        *("AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"),
        *("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"),
    }
)
_ENVIRONMENT_BYTES: Final = 4096
_ACCOUNT: Final = 1000
_UNRESERVED: Final = 100
_LARGE_BATCH: Final = 10
_DEFAULT_TIMEOUT: Final = 3
_DEFAULT_VISIBILITY: Final = 30
_INVALID: Final = "InvalidParameterValueException"


def _sizes(data: Document) -> Iterator[tuple[str, str]]:
    asked = [(*bound, data[key]) for key, bound in _BOUNDS.items() if data.get(key) is not None]
    if (size := (data.get("EphemeralStorage") or {}).get("Size")) is not None:
        asked.append((*_STORAGE, size))
    for name, least, most, got in asked:
        if not least <= got <= most:
            bound = f"greater than or equal to {least}" if got < least else f"less than or equal to {most}"
            said = f"1 validation error detected: Value '{got}' at '{name}' failed to satisfy constraint"
            yield "ValidationException", f"{said}: Member must have value {bound}"


def _environment(data: Document) -> Iterator[tuple[str, str]]:
    said = (
        "Lambda was unable to configure your environment variables because the environment variables you have provided"
    )
    variables: dict[str, str] = (data.get("Environment") or {}).get("Variables") or {}
    if kept := sorted(_KEPT & variables.keys()):
        more = "contains reserved keys that are currently not supported for modification."
        yield _INVALID, f"{said} {more} Reserved keys used in this request: {', '.join(kept)}"
    if sum(len((key + value).encode()) for key, value in variables.items()) > _ENVIRONMENT_BYTES:
        yield _INVALID, f"{said} exceeded the 4KB limit."


def _role(data: Document) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a role of the account; of one that is not there ministack knows itself."""
    role = iam._roles.get(str(data.get("Role", "")).rpartition("/")[2])
    if role is not None and not trusts(role["AssumeRolePolicyDocument"], "lambda.amazonaws.com"):
        yield _INVALID, "The role defined for the function cannot be assumed by Lambda."


def trusts(document: str, service: str) -> bool:
    """Tell whether a trust policy lets a service assume its role."""
    statements = json.loads(document)["Statement"]
    for one in statements if isinstance(statements, list) else [statements]:
        principal = one.get("Principal")
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        if one["Effect"] == "Allow" and service in ([services] if isinstance(services, str) else services):
            return True
    return False


def _runtime(data: Document) -> Iterator[tuple[str, str]]:
    if data.get("Runtime") in _ENDED:
        said = f"The runtime parameter of {data['Runtime']} is no longer supported for creating or updating AWS Lambda"
        yield _INVALID, f"{said} functions."


def _function(data: Document) -> Iterator[tuple[str, str]]:
    for judge in (_sizes, _environment, _role, _runtime):
        yield from judge(data)


def _share(name: str, data: Document) -> Iterator[tuple[str, str]]:
    others = sum(one.get("concurrency") or 0 for other, one in lambda_svc._functions.items() if other != name)
    if _ACCOUNT - others - int(data.get("ReservedConcurrentExecutions") or 0) < _UNRESERVED:
        said = "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution"
        yield _INVALID, f"{said} below its minimum value of [{_UNRESERVED}]."
    ready = (lambda_svc._functions.get(name) or {}).get("provisioned_concurrency") or {}
    kept = sum(int(one["RequestedProvisionedConcurrentExecutions"]) for one in ready.values())
    if kept > int(data.get("ReservedConcurrentExecutions") or 0):
        yield _INVALID, f"ReservedConcurrentExecutions must be at least the {kept} that are provisioned."


def _ready(name: str, data: Document) -> Iterator[tuple[str, str]]:
    reserved = (lambda_svc._functions.get(name) or {}).get("concurrency")
    if reserved is not None and int(data.get("ProvisionedConcurrentExecutions") or 0) > reserved:
        said = (
            "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function"
        )
        yield _INVALID, said


def _source(data: Document) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a queue as the source of a function."""
    arn = str(data.get("EventSourceArn", ""))
    if ":sqs:" not in arn:
        return
    if int(data.get("BatchSize") or 0) > _LARGE_BATCH and not data.get("MaximumBatchingWindowInSeconds"):
        said = "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        yield _INVALID, said
    hidden, timeout = _hidden(arn), _timeout(str(data.get("FunctionName", "")))
    if hidden is not None and timeout is not None and hidden < timeout:
        said = f"Queue visibility timeout: {hidden} seconds is less than Function timeout: {timeout} seconds"
        yield _INVALID, f"Invalid request provided: {said}"


def _hidden(arn: str) -> int | None:
    found = (one for one in sqs._queues.values() if one["attributes"].get("QueueArn") == arn)
    queue = next(found, None)
    return None if queue is None else int(queue["attributes"].get("VisibilityTimeout", _DEFAULT_VISIBILITY))


def _timeout(reference: str) -> int | None:
    name, _ = lambda_svc._resolve_request_scoped_name_and_qualifier(reference)
    function = lambda_svc._functions.get(name)
    return None if function is None else int(function["config"].get("Timeout", _DEFAULT_TIMEOUT))


def _update(uuid: str, data: Document) -> Iterator[tuple[str, str]]:
    kept = lambda_svc._esms.get(uuid)
    if kept is not None:
        yield from _source({**kept, "FunctionName": kept["FunctionArn"], **data})


def _refusing(judge: Handler) -> Handler:
    """Return what puts a judgement before a call: of its body, and of the name where the judge asks for it."""
    wanted = len(signature(judge).parameters)

    def around(original: Handler) -> Handler:
        def call(*given: Any) -> Response:  # noqa: ANN401 - handed on
            about = given[-1:] if wanted == 1 else (given[0], given[-1])
            answer: Response
            for code, message in judge(*about):
                answer = error_response_json(code, message, 400)
                return answer
            answer = original(*given)
            return answer

        return call

    return around


def _apply() -> None:
    for name, judge in (
        ("_create_function", _function),
        ("_update_config", _function),
        ("_put_function_concurrency", _share),
        ("_put_provisioned_concurrency", _ready),
        ("_create_esm", _source),
        ("_update_esm", _update),
    ):
        wrap(lambda_svc, name, _refusing(judge))


PATCH = Patch("lambda-limits", "a function that Lambda would refuse is made, and fails in the account only", _apply)
