"""Calls of models as Bedrock takes them: of models that there are, through the guardrail, and recorded where asked.

ministack answers for any model, calls models by InvokeModel past the guardrail that the request names, and records
nothing; it takes records to a log that is not there, by a role that Bedrock may not have.
https://docs.aws.amazon.com/bedrock/latest/userguide/ (2026-11-30): model-invocation-logging.html,
guardrails-use-invoke-api.html, inference-profiles-use.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id, get_region
from ministack.services import bedrock, bedrock_runtime, cloudwatch_logs, iam

from config.facts.inference import GEOGRAPHIES, MODELS, geography
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap
from sandbox.emulator.patches.modelled import faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    Document = dict[str, Any]

STREAM: Final = "aws/bedrock/modelinvocations"
_OK: Final = 300
_IDENTIFIER: Final = "x-amzn-bedrock-guardrailidentifier"
_VERSION: Final = "x-amzn-bedrock-guardrailversion"
_OPERATIONS: Final[Mapping[str, str]] = {
    "_converse": "Converse",
    "_converse_stream": "ConverseStream",
    "_invoke_model": "InvokeModel",
    "_invoke_model_with_response_stream": "InvokeModelWithResponseStream",
}
"""Function of ministack -> operation of AWS."""


def unknown(model_id: str) -> str | None:
    """Return what AWS says of a model that there is none of, or that only a profile leads to; None = it is called.

    ARNs, which ministack judges by itself, and models of its own list that the facts do not have, are taken.
    """
    if model_id.startswith("arn:"):
        return None
    place = geography(model_id)
    plain = model_id.partition(".")[2] if place else model_id
    known, region = MODELS.get(plain), get_region()
    if known is None:
        return None if bedrock._find_model(plain) else "The provided model identifier is invalid."
    if place is not None:
        there = region in known.profile and any(region.startswith(begin) for begin in _called_in(place))
        return None if there else "The provided model identifier is invalid."
    if region in known.alone:
        return None
    if region in known.profile:
        return (
            f"Invocation of model ID {model_id} with on-demand throughput isn't supported. Retry your request with "
            "the ID or ARN of an inference profile that contains this model."
        )
    return "The provided model identifier is invalid."


def _called_in(place: str) -> tuple[str, ...]:
    """Return what regions begin with that call profiles of a geography; some call those of another one."""
    others = tuple(begin for begin in ("af-", "il-", "me-", "mx-", "sa-", "ca-"))
    return (*GEOGRAPHIES[place], *others)


def _called(original: Handler, operation: str) -> Handler:
    """Refuse models that there are none of, and record the call."""

    def call(model_id: str, headers: Mapping[str, str], body: bytes) -> Response:
        if wrong := unknown(model_id):
            refused: Response = bedrock_runtime._error("ValidationException", wrong, 400)
            return refused
        answer: Response = original(model_id, headers, body)
        if answer[0] < _OK:
            _record(operation, model_id, body, answer)
        return answer

    return call


def _guarded(original: Handler) -> Handler:
    """Hold what InvokeModel is asked, and answers, against the guardrail that the request names."""

    def call(model_id: str, headers: Mapping[str, str], body: bytes) -> Response:
        named = {key.lower(): value for key, value in headers.items()}
        if _IDENTIFIER not in named:
            answer: Response = original(model_id, headers, body)
            return answer
        guardrail = bedrock_runtime._resolve_guardrail(named[_IDENTIFIER], named.get(_VERSION, "DRAFT"))
        if guardrail is None:
            missing: Response = bedrock_runtime._guardrail_not_found(named[_IDENTIFIER])
            return missing
        family = bedrock_runtime._family(model_id)
        prompt = bedrock_runtime._extract_prompt_from_invoke_body(family, json.loads(body or b"{}"))
        if bedrock_runtime._evaluate_guardrail(guardrail, "INPUT", prompt)["blocked"]:
            return _blocked(model_id, family, prompt, guardrail["BlockedInputMessaging"])
        status, more, said = original(model_id, headers, body)
        if status >= _OK:
            return status, more, said
        text = said.decode()
        found = bedrock_runtime._evaluate_guardrail(guardrail, "OUTPUT", text)
        if found["blocked"]:
            return _blocked(model_id, family, prompt, guardrail["BlockedOutputsMessaging"])
        document = json.loads(found["masked_text"] if found["anonymized"] else text)
        document["amazon-bedrock-guardrailAction"] = "INTERVENED" if found["anonymized"] else "NONE"
        return status, more, json.dumps(document).encode()

    return call


def _blocked(model_id: str, family: str, prompt: str, message: str) -> Response:
    document = bedrock_runtime._build_invoke_response_body(family, model_id, prompt, message)
    document["amazon-bedrock-guardrailAction"] = "INTERVENED"
    return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()


def _record(operation: str, model_id: str, body: bytes, answer: Response) -> None:
    """Write the record of a call to the log that the account has named, without text unless it asks for it."""
    settings = bedrock._invocation_logging_config.get("config") or {}
    group = (settings.get("cloudWatchConfig") or {}).get("logGroupName")
    if group is None:
        return
    record: Document = {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "accountId": get_account_id(),
        "region": get_region(),
        "requestId": str(uuid.uuid4()),
        "operation": operation,
        "modelId": model_id,
        "input": {"inputContentType": "application/json"},
        "output": {"outputContentType": answer[1].get("Content-Type", "")},
    }
    for side, key in (("input", "inputTokenCount"), ("output", "outputTokenCount")):
        count = answer[1].get(f"x-amzn-bedrock-{side}-token-count")
        if count is not None:
            record[side][key] = int(count)
    if settings.get("textDataDeliveryEnabled", True):
        record["input"]["inputBodyJson"] = json.loads(body or b"{}")
        if answer[1].get("Content-Type") == "application/json":
            record["output"]["outputBodyJson"] = json.loads(answer[2])
    cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": STREAM})
    event = {"timestamp": int(time.time() * 1000), "message": json.dumps(record)}
    cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": STREAM, "logEvents": [event]})


def _logging(original: Handler) -> Handler:
    """Refuse records to a log that is not there, or by a role that Bedrock may not have."""

    def put(body: bytes) -> Response:
        asked, error = bedrock._parse_body(body)
        found = [] if error else faults("bedrock", "PutModelInvocationLoggingConfiguration", asked)
        settings = {} if error or found else asked["loggingConfig"].get("cloudWatchConfig") or {}
        if settings and not found:
            found = list(_unwritable(settings))
        if found:
            refused: Response = bedrock._validation("; ".join(found))
            return refused
        answer: Response = original(body)
        return answer

    return put


def _unwritable(settings: Document) -> list[str]:
    group, role = settings["logGroupName"], iam._roles.get(settings["roleArn"].rpartition("/")[2])
    trust = json.dumps((role or {}).get("AssumeRolePolicyDocument", ""))
    if group in cloudwatch_logs._log_groups and "bedrock.amazonaws.com" in trust:
        return []
    return [f"Failed to validate permissions for log group: {group}, with role: {settings['roleArn']}."]


def _apply() -> None:
    wrap(bedrock_runtime, "_invoke_model", _guarded)
    for name, operation in _OPERATIONS.items():
        original = getattr(bedrock_runtime, name)
        setattr(bedrock_runtime, name, _called(original, operation))
    wrap(bedrock, "_put_logging_config", _logging)


PATCH = Patch(
    name="bedrock-model-calls",
    symptom="Models that there are none of answer, InvokeModel goes past its guardrail, and no call is recorded.",
    apply=_apply,
)
