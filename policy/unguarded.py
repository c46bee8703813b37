"""Reads `unguarded.txt`: deciding inputs that no rule judges, and types that need no rule or hold data, with reasons.

A line is a kind of entry, globs, two spaces, and the reason:

    input KIND TOKEN PATH  reason      such inputs need no rule
    type TOKEN  reason                 the type holds nothing, though an input looks as if it did
    holds TOKEN  reason                the type holds data, though no input says so
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy.deciding import Input

LIST: Final = Path(__file__).resolve().parent / "unguarded.txt"
_FIELDS: Final = {"input": 3, "type": 1, "holds": 1}


class Entry(NamedTuple):
    """One line of the list."""

    what: str
    globs: tuple[str, ...]
    reason: str


@cache
def entries() -> Sequence[Entry]:
    """Return the lines of the list.

    Raises:
        ValueError: a line is none, or has no reason.
    """
    found = []
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            globs, _, reason = line.partition("  ")
            what, *rest = globs.split()
            if len(rest) != _FIELDS.get(what) or not reason.strip():
                raise ValueError(f"{LIST.name}: not an entry with a reason: {line!r}")
            found.append(Entry(what, tuple(rest), reason.strip()))
    return tuple(found)


def excused(one: Input) -> str:
    """Return why an input needs no rule; empty where nothing says so."""
    return _reason("input", one.kind, one.token, one.path)


@cache
def needs_no_rule(token: str) -> str:
    """Return why a type needs no rule of its own; empty where nothing says so."""
    return _reason("type", token)


@cache
def holds_by_hand(token: str) -> str:
    """Return what a type holds whose inputs do not say so; empty for any other."""
    return _reason("holds", token)


def _reason(what: str, *values: str) -> str:
    return next(
        (
            entry.reason
            for entry in entries()
            if entry.what == what and all(map(fnmatchcase, values, entry.globs))
        ),
        "",
    )  # fmt: skip
