"""CloudWatch alarms are kept and read back whole, whatever protocol asks: metric math, descriptions, dimensions.

ministack drops the metrics of an expression, gives every alarm the statistic Average, and answers the query protocol,
which the Terraform provider speaks, with part of an alarm. Here a query is read by the service's own model, served as
JSON, and the answer is written by the model again.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast
from xml.sax.saxutils import escape

from ministack.services import cloudwatch

from sandbox.emulator.patches import modelled
from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.model import ListShape, Shape, StructureShape

_OK: Final = 200
_OF_ONE_METRIC: Final = ("Dimensions", "ExtendedStatistic", "MetricName", "Namespace", "Period", "Statistic", "Unit")
_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "boolean": lambda text: text == "true",
    "integer": int,
    "double": float,
}

Document = dict[str, Any]


def _by_model(action: str, original: Handler) -> Handler:
    """Serve a query as JSON; other protocols, and what is refused, are left as they are."""

    def answer(params: Params, data: Document, is_cbor: bool, is_json: bool = False) -> Response:  # noqa: FBT001, FBT002
        if is_cbor or is_json:
            return cast("Response", original(params, data, is_cbor, is_json))
        operation = modelled.model("cloudwatch").operation_model(action)
        asked = _read(operation.input_shape, {key: cloudwatch._p(params, key) for key in params}, "")
        status, headers, body = cast("Response", original(params, asked, False, True))
        if status != _OK:
            return cast("Response", original(params, data, False, False))
        output = operation.output_shape
        inner = _written(output, json.loads(body)) if output is not None else ""
        del headers
        return cast("Response", cloudwatch._xml(_OK, f"{action}Response", f"<{action}Result>{inner}</{action}Result>"))

    return answer


def _read(shape: Shape, params: dict[str, str], at: str) -> Any:  # noqa: ANN401 - as the shape says
    """Return what the parameters under a prefix say."""
    if shape.type_name == "structure":
        members = cast("StructureShape", shape).members
        prefix = f"{at}." if at else ""
        named = {name: f"{prefix}{name}" for name in members}
        there = {name: key for name, key in named.items() if _any(params, key)}
        return {name: _read(members[name], params, key) for name, key in there.items()}
    if shape.type_name == "list":
        found, number = [], 1
        while _any(params, key := f"{at}.member.{number}"):
            found.append(_read(cast("ListShape", shape).member, params, key))
            number += 1
        return found
    return _READERS.get(shape.type_name, str)(params[at])


def _any(params: dict[str, str], key: str) -> bool:
    return any(name == key or name.startswith(f"{key}.") for name in params)


def _written(shape: Shape, value: Any) -> str:  # noqa: ANN401 - as the shape says
    """Return a value as the elements that its shape asks for."""
    if shape.type_name == "structure":
        members = cast("StructureShape", shape).members
        there = {name: value[name] for name in members if value.get(name) is not None}
        return "".join(f"<{name}>{_written(members[name], each)}</{name}>" for name, each in there.items())
    if shape.type_name == "list":
        member = cast("ListShape", shape).member
        return "".join(f"<member>{_written(member, each)}</member>" for each in value)
    if shape.type_name == "timestamp" and isinstance(value, int | float):
        return str(cloudwatch._ts_iso(value))
    return escape(str(value).lower() if isinstance(value, bool) else str(value))


def _put(original: Handler) -> Handler:
    """Keep what the request says, and nothing that it does not."""

    def put(params: Params, data: Document, is_cbor: bool, is_json: bool = False) -> Response:  # noqa: FBT001, FBT002
        answer = cast("Response", original(params, data, is_cbor, is_json))
        if answer[0] == _OK:
            alarm = cloudwatch._alarms[data["AlarmName"]]
            if "ExtendedStatistic" in data:
                alarm.pop("Statistic", None)
            if "Metrics" in data:
                alarm["Metrics"] = data["Metrics"]
                for field in _OF_ONE_METRIC:
                    alarm.pop(field, None)
        return answer

    return put


def _apply() -> None:
    wrap(cloudwatch, "_put_metric_alarm", _put)
    wrap(cloudwatch, "_put_metric_alarm", partial(_by_model, "PutMetricAlarm"))
    wrap(cloudwatch, "_describe_alarms", partial(_by_model, "DescribeAlarms"))


PATCH = Patch("cloudwatch-alarms", "every second deployment changes every alarm, and replaces composite ones", _apply)
