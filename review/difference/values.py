"""Where two values of one input differ, by path."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]
"""Steps from a resource's inputs to a value: names, and places in lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """A value that is another one than before."""

    path: Path
    """Where it stands."""
    before: Any = None
    """What it was; None = it was not there."""
    after: Any = None
    """What it is; None = it is not there any more."""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Differs]:
    """Yield each value that differs, as deep as both sides have the same shape.

    Lists of texts and numbers differ as a whole, without regard to their order: they are sets nearly everywhere in AWS.
    A text that is a JSON document on both sides, such as a policy, differs where the documents do.
    """
    yield from _objects((), before, after)


def _objects(path: Path, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Differs]:
    for name in dict.fromkeys((*before, *after)):
        yield from _values((*path, name), before.get(name), after.get(name))


def _values(path: Path, before: Any, after: Any) -> Iterator[Differs]:  # noqa: ANN401  what programs give
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _objects(path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(path, before, after)
    elif (documents := _documents(before, after)) is not None:
        yield from _values(path, *documents)
    else:
        yield Differs(path=path, before=before, after=after)


def _lists(path: Path, before: list[Any], after: list[Any]) -> Iterator[Differs]:
    if not any(isinstance(one, (dict, list)) for one in (*before, *after)):
        if sorted(map(repr, before)) != sorted(map(repr, after)):
            yield Differs(path=path, before=before, after=after)
        return
    gone = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    if len(gone) == len(new):  # each was changed where it stands
        for was, now in zip(gone, new, strict=True):
            yield from _values((*path, after.index(now)), was, now)
        return
    for was in gone:
        yield Differs(path=(*path, before.index(was)), before=was)
    for now in new:
        yield Differs(path=(*path, after.index(now)), after=now)


def _documents(before: Any, after: Any) -> tuple[Any, Any] | None:  # noqa: ANN401  what programs give
    found = [_document(one) for one in (before, after)]
    return None if None in found else (found[0], found[1])


def _document(value: Any) -> Any:  # noqa: ANN401  what programs give
    if not isinstance(value, str) or not value.startswith(("{", "[")):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None
