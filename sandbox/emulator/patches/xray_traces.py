"""X-Ray takes segments of traces, says of each what is wrong with it, and finds traces by time and filter expression.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html and xray-api-gettingdata.html (2026-11)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id, now_epoch

from sandbox.emulator.patches import stores, xray_groups
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import rest_service
from sandbox.emulator.patches.xray_api import NAME, expression, refused, routes
from sandbox.emulator.patches.xray_filters import Filter
from sandbox.emulator.patches.xray_segments import TRACE_ID, flaw, http, joined, nested, root, service, span, took

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from config.trace_filter import Node
    from sandbox.emulator.patches.service import Action, Document
    from sandbox.emulator.patches.xray_segments import Segment

_TRACES = stores.regional("xray-traces")
_MOST_AT_ONCE: Final = 5
"""Traces that are read at once."""
_SEEN: Final = {"HttpURL": "url", "HttpMethod": "method", "UserAgent": "user_agent", "ClientIp": "client_ip"}


def _put(body: Document) -> Document:
    unprocessed = []
    for text in body["TraceSegmentDocuments"]:
        code, segment = flaw(text, now_epoch())
        if not code:
            _TRACES[segment["trace_id"]] = {**_TRACES.get(segment["trace_id"], {}), segment["id"]: text}
            continue
        what = "subsegment" if segment.get("type") == "subsegment" else "segment"
        named = {"Id": str(segment["id"])} if segment.get("id") else {}
        unprocessed.append({**named, "ErrorCode": code, "Message": f"Invalid {what}. ErrorCode: {code}"})
    return {"UnprocessedTraceSegments": unprocessed}


def _segments(trace: str) -> list[Segment]:
    return joined(_TRACES[trace].values())


def _batch(body: Document) -> Document:
    wanted = list(dict.fromkeys(body["TraceIds"]))
    if not 1 <= len(wanted) <= _MOST_AT_ONCE:
        raise refused(f"TraceIds has to have 1 to {_MOST_AT_ONCE} ids")
    found = [one for one in wanted if one in _TRACES]
    return {
        "Traces": [
            {
                "Id": trace,
                "Duration": _duration(_segments(trace)),
                "LimitExceeded": False,
                "Segments": [{"Id": one, "Document": text} for one, text in _TRACES[trace].items()],
            }
            for trace in found
        ],
        "UnprocessedTraceIds": [one for one in wanted if not TRACE_ID.fullmatch(one)],
    }


def _duration(segments: Sequence[Segment]) -> float:
    begins, ends = span(segments)
    return round(ends - begins, 6)


def _summaries(body: Document) -> Document:
    begins, ends = body["StartTime"], body["EndTime"]
    if begins > ends:
        raise refused("StartTime has to be before EndTime")
    wanted = expression(body["FilterExpression"]) if body.get("FilterExpression") else None
    groups: dict[str, Node] = {
        group[key]: expression(group["FilterExpression"])
        for group in xray_groups.STORE.values()
        for key in ("GroupName", "GroupARN")
        if group.get("FilterExpression")
    }
    traces = {one: _segments(one) for one in _TRACES}
    in_time = {
        trace: segments
        for trace, segments in traces.items()
        if begins <= _time(trace, segments, body.get("TimeRangeType") or "TraceId") <= ends
    }
    found = [
        _summary(trace, segments)
        for trace, segments in in_time.items()
        if wanted is None or Filter(groups, get_account_id()).holds(wanted, segments)
    ]
    return {"TraceSummaries": found, "ApproximateTime": begins, "TracesProcessedCount": len(in_time)}


def _time(trace: str, segments: Sequence[Segment], kind: str) -> float:
    """Return the time of a trace: that in its id, or that at which it began."""
    return float(int(trace.split("-")[1], 16)) if kind == "TraceId" else span(segments)[0]


def _summary(trace: str, segments: Sequence[Segment]) -> Document:
    first, account = root(segments), get_account_id()
    seen = {name: http(first, "request", key) for name, key in _SEEN.items()}
    return {
        "Id": trace,
        "StartTime": span(segments)[0],
        "Duration": _duration(segments),
        "ResponseTime": took(first),
        "HasFault": bool(first.get("fault")),
        "HasError": bool(first.get("error")),
        "HasThrottle": bool(first.get("throttle")),
        "IsPartial": any(one.get("in_progress") for one in segments),
        "Http": {
            **{name: value for name, value in seen.items() if value is not None},
            **({"HttpStatus": status} if (status := http(first, "response", "status")) is not None else {}),
        },
        "Annotations": _annotations(segments),
        "Users": [
            {"UserName": one["user"], "ServiceIds": [service(one, account)]} for one in segments if "user" in one
        ],
        "ServiceIds": [service(one, account) for one in _services(segments)],
        "EntryPoint": service(first, account),
        "Revision": len(segments),
    }


def _services(segments: Iterable[Segment]) -> list[Segment]:
    """Return one segment of each service."""
    return list({(one["name"], one.get("origin")): one for one in segments}.values())


def _annotations(segments: Sequence[Segment]) -> Document:
    found: dict[str, list[dict[str, Any]]] = {}
    for segment in segments:
        for part in nested(segment):
            for key, value in (part.get("annotations") or {}).items():
                kind = "String" if isinstance(value, str) else "Boolean" if isinstance(value, bool) else "Number"
                row = {"AnnotationValue": {f"{kind}Value": value}, "ServiceIds": [service(segment, get_account_id())]}
                found.setdefault(key, []).append(row)
    return found


_ACTIONS: Final[dict[str, Action]] = {
    "PutTraceSegments": _put,
    "PutTelemetryRecords": lambda _body: {},
    "BatchGetTraces": _batch,
    "GetTraceSummaries": _summaries,
}

PATCH = Patch("xray-traces", "X-Ray is no service at all", lambda: rest_service(NAME, routes(_ACTIONS)))
