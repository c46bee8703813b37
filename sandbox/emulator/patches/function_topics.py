"""Lambda takes a topic of Kafka as the source of a function, describes the mapping, and refuses what it could not read.

ministack knows queues and streams as sources, and none else. It has no brokers, so nothing is ever delivered: the
mapping says so by name in `LastProcessingResult`.
https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html; Lambda Developer Guide, "Using Lambda
with Amazon MSK", "Configuring error handling controls for Kafka event sources", "Customizable consumer group ID in
Lambda" (2026-12)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ministack.core.arn import parse_arn
from ministack.core.responses import error_response_json
from ministack.services import lambda_svc, sqs

from config.facts.functions import POLLED_SECONDS
from sandbox.emulator.patches import kafka_state, modelled
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

Document = dict[str, Any]

_INVALID: Final = "InvalidParameterValueException"
_KEPT: Final = ("Topics", "AmazonManagedKafkaEventSourceConfig", "ProvisionedPollerConfig", "KMSKeyArn")
_CHANGED: Final = ("ProvisionedPollerConfig", "KMSKeyArn")
_PROVISIONED: Final = (
    *("MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError", "FunctionResponseTypes"),
)
"""What only pollers of its own heed."""
_OTHERS: Final = ("ParallelizationFactor", "TumblingWindowInSeconds", "ScalingConfig", "Queues")
"""What is of other sources."""
_MOST: Final = {"MinimumPollers": 200, "MaximumPollers": 2000}
_DEFAULT_POLLERS: Final = {"MinimumPollers": 1, "MaximumPollers": 200}
_DEFAULT_BATCH: Final = 100
_FILTERS: Final = 5
_DELIVERS_NOTHING: Final = "PROBLEM: the embedded AWS has no brokers of Kafka; no record of this topic is ever read."


def _is_kafka(arn: object) -> bool:
    return str(arn).startswith("arn:aws:kafka:")


def _known(original: Handler) -> Handler:
    """Take the ARN of a cluster that is there, beside those of ministack's sources."""

    def judge(arn: str) -> Any:  # noqa: ANN401 - as ministack answers
        if not _is_kafka(arn):
            return original(arn)
        if kafka_state.CLUSTERS.get(arn) is None:
            said = f"The cluster {arn} does not exist, or is of another region or account."
            return None, error_response_json(_INVALID, said, 400)
        return parse_arn(arn), None

    return judge


def _asked(data: Document) -> Iterator[str]:
    """Yield what is wrong with a mapping by itself."""
    topics = data.get("Topics") or []
    if len(topics) != 1:
        yield "Exactly one topic must be specified for an Amazon MSK event source."
    if "StartingPosition" not in data:
        yield "StartingPosition must be specified for an Amazon MSK event source."
    for name in _OTHERS:
        if data.get(name):
            yield f"Unsupported '{name[0].lower()}{name[1:]}' parameter for given event source mapping type."
    destination = str(((data.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination") or "")
    if topics and destination == f"kafka://{topics[0]}":
        yield "The on-failure destination must be another topic than the source."
    if ":sqs:" in destination and not any(
        one["attributes"].get("QueueArn") == destination for one in sqs._queues.values()
    ):
        yield f"The destination ARN {destination} is invalid."
    yield from _pollers(data)
    yield from _filters(data)


def _pollers(data: Document) -> Iterator[str]:
    pollers = data.get("ProvisionedPollerConfig")
    if not pollers:
        for name in _PROVISIONED:
            if data.get(name) not in (None, [], False, -1):
                yield f"{name} is supported for Apache Kafka event sources in provisioned mode only."
        return
    for name, most in _MOST.items():
        got = pollers.get(name, 1)
        if not 1 <= got <= most:
            yield f"{name} must be between 1 and {most}."
    if pollers.get("MinimumPollers", 1) > pollers.get("MaximumPollers", _DEFAULT_POLLERS["MaximumPollers"]):
        yield "MinimumPollers must be less than or equal to MaximumPollers."


def _filters(data: Document) -> Iterator[str]:
    found = (data.get("FilterCriteria") or {}).get("Filters") or []
    if len(found) > _FILTERS:
        yield f"Too many filters: an event source mapping has {_FILTERS} at most."
    for one in found:
        try:
            read = json.loads(one.get("Pattern", ""))
        except ValueError:
            read = None
        if not isinstance(read, dict):
            yield "Invalid filter pattern definition."
        elif set(read) - {"value"}:
            yield "Invalid filter pattern definition. Kafka event sources are filtered on the value key only."


def _function(reference: str) -> Iterator[str]:
    name, _ = lambda_svc._resolve_request_scoped_name_and_qualifier(reference)
    function = lambda_svc._functions.get(name)
    if function is not None and function["config"].get("Timeout", 0) > POLLED_SECONDS:
        yield f"Function timeout must not exceed {POLLED_SECONDS} seconds for Amazon MSK event sources."


def _joined(data: Document) -> Iterator[str]:
    group = (data.get("AmazonManagedKafkaEventSourceConfig") or {}).get("ConsumerGroupId")
    others = [one.get("AmazonManagedKafkaEventSourceConfig") or {} for one in lambda_svc._esms.values()]
    if group is not None and any(one.get("ConsumerGroupId") == group for one in others):
        yield f"The consumer group id {group} is used by another event source mapping."


def _refusal(data: Document, said: list[str]) -> Response | None:
    model = modelled.faults("lambda", "CreateEventSourceMapping", data)
    if model:
        answer: Response = error_response_json("ValidationException", "; ".join(model), 400)
    elif said:
        answer = error_response_json(_INVALID, said[0], 400)
    else:
        return None
    return answer


def _create(original: Handler) -> Handler:
    def call(data: Document) -> Response:
        answer: Response
        if not _is_kafka(data.get("EventSourceArn")):
            answer = original(data)
            return answer
        said = [*_asked(data), *_function(str(data.get("FunctionName", ""))), *_joined(data)]
        if (refused := _refusal(data, said)) is not None:
            return refused
        answer = original({"BatchSize": _DEFAULT_BATCH, **data})
        status, _, body = answer
        if status != 202:  # noqa: PLR2004 - accepted
            return answer
        made = lambda_svc._esms[json.loads(body)["UUID"]]
        made.update({name: data[name] for name in _KEPT if data.get(name)})
        if "ProvisionedPollerConfig" in made:
            made["ProvisionedPollerConfig"] = {**_DEFAULT_POLLERS, **made["ProvisionedPollerConfig"]}
        made.setdefault("AmazonManagedKafkaEventSourceConfig", {"ConsumerGroupId": made["UUID"]})
        made["LastProcessingResult"] = _DELIVERS_NOTHING
        return status, answer[1], json.dumps(lambda_svc._esm_response(made)).encode()

    return call


def _update(original: Handler) -> Handler:
    def call(uuid: str, data: Document) -> Response:
        kept = lambda_svc._esms.get(uuid)
        answer: Response
        if kept is None or not _is_kafka(kept.get("EventSourceArn")):
            answer = original(uuid, data)
            return answer
        wanted = {**{name: value for name, value in kept.items() if name in _COMPARED}, **data}
        said = [*_asked(wanted), *_function(str(data.get("FunctionName") or kept["FunctionArn"]))]
        if (refused := _refusal({"FunctionName": kept["FunctionArn"], **data}, said)) is not None:
            return refused
        kept.update({name: data[name] for name in _CHANGED if name in data})
        answer = original(uuid, data)
        return answer

    return call


_COMPARED: Final = (*_KEPT, *_PROVISIONED, *_OTHERS, "StartingPosition", "DestinationConfig", "FilterCriteria")


def _apply() -> None:
    wrap(lambda_svc, "_validate_event_source_arn", _known)
    wrap(lambda_svc, "_create_esm", _create)
    wrap(lambda_svc, "_update_esm", _update)


PATCH = Patch("lambda-topics", "a function cannot work on a topic of Kafka, and no mapping of one is refused", _apply)
