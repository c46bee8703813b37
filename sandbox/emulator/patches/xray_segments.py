"""Segment documents of X-Ray: what is wrong with one, and what it says. Pure.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html (2026-11)
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from config.facts.tracing import SEGMENT_BYTES, TRACE_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Segment: TypeAlias = dict[str, Any]
"""A segment, or a subsegment, as its document says."""
TRACE_ID: Final = re.compile(r"1-([0-9a-f]{8})-[0-9a-f]{24}")
_ID: Final = re.compile(r"[0-9a-f]{16}")
_NAME: Final = re.compile(r"[\w\s.:/%&#=+\\@-]{1,200}")
_DAY: Final = 86_400
_NEEDED: Final = {"id": "MissingId", "trace_id": "MissingTraceId", "name": "MissingName"}


def flaw(text: str, now: float) -> tuple[str, Segment]:
    """Return X-Ray's code for what is wrong with a document, empty where nothing is, and the document as far as read.

    `InvalidTraceId`, also for a trace that is too old, is as AWS documents it; the others are formed alike.
    """
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return "ParseError", {}
    if len(text.encode()) > SEGMENT_BYTES:
        return "SegmentTooLarge", found
    missing = [code for key, code in _NEEDED.items() if not found.get(key)]
    return (missing or [*_flaws(found, now), ""])[0], found


def _flaws(found: Segment, now: float) -> Iterator[str]:
    trace = TRACE_ID.fullmatch(str(found["trace_id"]))
    if trace is None or not now - TRACE_DAYS * _DAY <= int(trace[1], 16) <= now + _DAY:
        yield "InvalidTraceId"
    if not _ID.fullmatch(str(found["id"])):
        yield "InvalidId"
    if not _NAME.fullmatch(str(found["name"])):
        yield "InvalidName"
    if not _is_time(found.get("start_time")):
        yield "MissingStartTime"
    if not _is_time(found.get("end_time")) and found.get("in_progress") is not True:
        yield "MissingEndTime"
    if found.get("type") == "subsegment" and not found.get("parent_id"):
        yield "MissingParentId"


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def joined(texts: Iterable[str]) -> list[Segment]:
    """Return the segments of documents, each with the subsegments that were sent by themselves."""
    found: list[Segment] = [json.loads(text) for text in texts]
    parts = {part.get("id"): part for segment in found for part in nested(segment)}
    whole = []
    for one in found:
        parent = parts.get(one.get("parent_id")) if one.get("type") == "subsegment" else None
        if parent is None:
            whole.append(one)
        else:
            parent["subsegments"] = [*(parent.get("subsegments") or []), one]
    return whole


def nested(segment: Segment) -> Iterator[Segment]:
    """Yield a segment, then the subsegments in it."""
    yield segment
    for one in segment.get("subsegments") or []:
        if isinstance(one, dict):
            yield from nested(one)


def root(segments: Sequence[Segment]) -> Segment:
    """Return the segment that a trace begins with: without a parent, else the earliest."""
    return min(segments, key=lambda one: (bool(one.get("parent_id")), _times(one)[0]))


def span(segments: Sequence[Segment]) -> tuple[float, float]:
    """Return when segments begin, and when the last of them ends."""
    found = [_times(one) for one in segments]
    return min(begins for begins, _ in found), max(ends for _, ends in found)


def took(segment: Segment) -> float:
    """Return the seconds that a segment took; none while it is in progress."""
    begins, ends = _times(segment)
    return round(ends - begins, 6)


def _times(segment: Segment) -> tuple[float, float]:
    """Return when a segment begins and ends; a subsegment in it may say neither."""
    begins = segment.get("start_time") or 0.0
    return float(begins), float(segment.get("end_time") or begins)


def http(segment: Segment, part: str, key: str) -> Any:  # noqa: ANN401 - as the document says
    """Return what a segment says of its request or response; None where it does not."""
    return ((segment.get("http") or {}).get(part) or {}).get(key)


def service(segment: Segment, account: str) -> Segment:
    """Return the service of a segment, as summaries name it."""
    found = {"Name": segment["name"], "Names": [segment["name"]], "AccountId": account}
    return found | ({"Type": segment["origin"]} if segment.get("origin") else {})
