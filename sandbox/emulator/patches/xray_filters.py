"""Whether a trace is one that a filter expression of X-Ray means. Pure.

Keywords by themselves ask the segment that the trace begins with, those of `service` and `edge` any that they name, as
X-Ray's developer guide says ("Using filter expressions", 2026-11). Root causes are not known here.
"""

from __future__ import annotations

from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any, Final

from config.trace_filter import ANNOTATION, CAUSES, JSON, Combined, Compared, Within
from sandbox.emulator.patches.xray_api import refused
from sandbox.emulator.patches.xray_segments import http, nested, root, span, took

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from config.trace_filter import Named, Node
    from sandbox.emulator.patches.xray_segments import Segment

_HTTP: Final = {
    "http.status": ("response", "status"),
    "http.url": ("request", "url"),
    "http.method": ("request", "method"),
    "http.useragent": ("request", "user_agent"),
    "http.clientip": ("request", "client_ip"),
}
_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "contains": lambda text, part: part in text,
    "beginswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
}
_INFERRED: Final = ("aws", "remote")
"""Namespaces of subsegments that stand for a service which sends no segment of its own."""


class Filter:
    """A filter expression that traces are held against.

    Args:
        groups: Name or ARN of a group -> its filter expression as a tree.
        account: Whose traces they are.
    """

    def __init__(self, groups: Mapping[str, Node], account: str) -> None:
        self._groups = groups
        self._account = account

    def holds(self, node: Node, segments: Sequence[Segment]) -> bool:
        """Whether an expression holds of a trace, or of what of it is given."""
        if isinstance(node, Combined):
            if node.how == "not":
                return not self.holds(node.parts[0], segments)
            return (all if node.how == "and" else any)(self.holds(part, segments) for part in node.parts)
        if isinstance(node, Within):
            return self._within(node, segments)
        if node.keyword.startswith("group."):
            return self._of_group(node, segments)
        if node.keyword == JSON:
            raise refused("The sandbox does not know root causes")
        return _compared(node, segments)

    def _within(self, node: Within, segments: Sequence[Segment]) -> bool:
        if node.keyword in CAUSES:
            raise refused("The sandbox does not know root causes")
        found = _services(segments) if node.keyword == "service" else _edges(segments)
        return any(
            all(self._is(one, named) for one, named in zip(there, node.names, strict=False))
            and (node.part is None or self.holds(node.part, [there[-1]]))
            for there in found
        )

    def _is(self, segment: Segment, named: Named) -> bool:
        there = (segment.get("name"), segment.get("origin"), self._account)
        return all(one in ("", value) for one, value in zip(named, there, strict=True))

    def _of_group(self, node: Compared, segments: Sequence[Segment]) -> bool:
        filters = dict(self._groups)
        group = filters.pop(str(node.value), None)  # a group that names itself means nothing
        found = group is not None and Filter(filters, self._account).holds(group, segments)
        return found is not (node.operator == "!=")


def _services(segments: Sequence[Segment]) -> Iterator[tuple[Segment]]:
    """Yield each node of the trace's map: segments, and what subsegments call that sends none."""
    for segment in segments:
        yield (segment,)
    for _, inferred in _inferred(segments):
        yield (inferred,)


def _edges(segments: Sequence[Segment]) -> Iterator[tuple[Segment, Segment]]:
    """Yield who calls and who is called."""
    owners = {part.get("id"): segment for segment in segments for part in nested(segment)}
    for segment in segments:
        if segment.get("parent_id") in owners:
            yield owners[segment["parent_id"]], segment
    yield from _inferred(segments)


def _inferred(segments: Sequence[Segment]) -> Iterator[tuple[Segment, Segment]]:
    called = {segment.get("parent_id") for segment in segments}
    for segment in segments:
        for part in nested(segment):
            if part.get("namespace") in _INFERRED and part.get("id") not in called:
                yield segment, part


def _compared(node: Compared, segments: Sequence[Segment]) -> bool:
    if node.keyword.startswith(ANNOTATION):
        key = node.keyword.removeprefix(ANNOTATION)
        parts = [part.get("annotations") or {} for one in segments for part in nested(one)]
        return _any([one[key] for one in parts if key in one], node)
    if node.keyword == "user":
        return _any([one["user"] for one in segments if one.get("user")], node)
    return _any([value for value in [_value(node.keyword, segments)] if value is not None], node)


def _any(values: Sequence[object], node: Compared) -> bool:
    """Whether one of the values is meant; of none only what is not equal is."""
    if not node.operator:
        return any(value is not False for value in values)
    if not values:
        return node.operator == "!="
    return any(_fits(value, node) for value in values)


def _fits(value: object, node: Compared) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    alike = number if isinstance(node.value, float) else type(value) is type(node.value)
    return _OPERATORS[node.operator](value, node.value) if alike else node.operator == "!="


def _value(keyword: str, segments: Sequence[Segment]) -> object:
    """Return what a keyword stands for; None = the trace does not say."""
    first = root(segments)
    status = http(first, "response", "status")
    if keyword in _HTTP:
        return http(first, *_HTTP[keyword])
    ec2 = (first.get("aws") or {}).get("ec2") or {}
    begins, ends = span(segments)
    known: dict[str, object] = {
        "ok": isinstance(status, int) and 200 <= status < 300,  # noqa: PLR2004 - status codes
        "error": bool(first.get("error")),
        "throttle": bool(first.get("throttle")),
        "fault": bool(first.get("fault")),
        "partial": any(one.get("in_progress") for one in segments),
        "inferred": any(True for _ in _inferred(segments)),
        "root": not first.get("parent_id"),
        "responsetime": took(first),
        "duration": round(ends - begins, 6),
        "name": first.get("name"),
        "type": first.get("origin"),
        "availabilityzone": ec2.get("availability_zone"),
        "instance.id": ec2.get("instance_id"),
    }
    return known.get(keyword)
