"""Keywords of X-Ray's filter expressions, and an expression as a tree, which `config.trace_parser` reads.

Source: X-Ray Developer Guide, "Using filter expressions"; read 2026-11-30.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

BOOLEANS: Final = frozenset(
    {"ok", "error", "throttle", "fault", "partial", "inferred", "first", "last", "remote", "root"}
)
"""Keywords that are true or false."""
NUMBERS: Final = frozenset({"responsetime", "duration", "http.status", "index", "coverage"})
"""Keywords that are numbers."""
STRINGS: Final = frozenset(
    {
        *("http.url", "http.method", "http.useragent", "http.clientip", "user", "name", "type", "message"),
        *("availabilityzone", "instance.id", "resource.arn", "group.name", "group.arn"),
    }
)
"""Keywords that are text."""
ANNOTATION: Final = "annotation."
"""What the keyword of an annotation begins with; its key follows."""
CAUSES: Final = frozenset(
    f"rootcause.{kind}.{part}"
    for kind, parts in {
        "fault": ("entity", "exception", "service"),
        "error": ("entity", "exception", "service"),
        "responsetime": ("entity", "service"),
    }.items()
    for part in parts
)
"""Keywords of what a trace failed for, or was slow for."""
JSON: Final = "rootcause.json"
"""Keyword of a root cause as a JSON object."""


class FilterError(ValueError):
    """A filter expression that X-Ray refuses.

    Args:
        at: Character, from 1.
        what: What is wrong there.
    """

    def __init__(self, at: int, what: str) -> None:
        super().__init__(f"character {at}: {what}")


Value: TypeAlias = "str | float | bool"


@dataclass(frozen=True)
class Compared:
    """A keyword beside a value, or alone: then it is to be true, or there."""

    keyword: str
    """In lower case, but for the key of an annotation."""
    operator: str = ""
    """In lower case; empty = none."""
    value: Value = True
    """What it is held against."""


Named: TypeAlias = "tuple[str, str, str]"
"""Name, type and account of a service; an empty one is any."""


@dataclass(frozen=True)
class Within:
    """Something that holds of one service, of one edge, or of one root cause."""

    keyword: str
    """`service`, `edge`, or one of `CAUSES`."""
    names: tuple[Named, ...]
    """The services that are meant."""
    part: Node | None
    """What holds there; None = it is there."""


@dataclass(frozen=True)
class Combined:
    """Several that all hold (`and`), or one of which holds (`or`), or one that does not (`not`)."""

    how: str
    """`and`, `or`, `not`."""
    parts: tuple[Node, ...]
    """What is combined."""


Node: TypeAlias = "Compared | Within | Combined"
