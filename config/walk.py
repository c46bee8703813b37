"""Places in settings: every path that a pattern means, and what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import IncompleteError, Section, fields_of
from config.problems import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Path

ABSENT: Final = object()
"""Stands for an entry or an optional section that is not there."""
ANY: Final = "*"
"""Step of a pattern that means every entry of a mapping, or every field of a section."""


def expand(settings: object, pattern: str) -> Iterator[Path]:
    """Yield every path of a dotted pattern whose parents are there.

    Raises:
        IncompleteError: A part that the pattern leads through is not known.
    """
    yield from _expand(settings, tuple(pattern.split(".")), ())


def _expand(here: object, steps: tuple[str, ...], path: Path) -> Iterator[Path]:
    if not steps:
        yield path
        return
    for name in _names(here) if steps[0] == ANY else (steps[0],):
        value = _step(here, name)
        if value is not ABSENT and not (value is None and len(steps) > 1):
            yield from _expand(value, steps[1:], (*path, name))


def value(settings: object, path: Path) -> object:
    """Return what stands at a path; `ABSENT` where that or a parent of it is not there."""
    for step in path:
        settings = _step(settings, str(step))
        if settings is ABSENT:
            return ABSENT
    return settings


def gap(settings: object, path: Path) -> Path | None:
    """Return the first part of a path that is not there, None where all of it is; an empty value at its end is."""
    here = settings
    for place, step in enumerate(path, 1):
        here = _step(here, str(step))
        if here is ABSENT or (here is None and place < len(path)):
            return path[:place]
    return None


def whole(found: object) -> bool:
    """Return whether every part of settings is known; one that was refused or never given is not there."""
    if isinstance(found, Section):
        return all(name in found.__dict__ and whole(found.__dict__[name]) for name in fields_of(type(found)))
    return all(map(whole, found.values())) if isinstance(found, dict) else True


def plain(found: object) -> object:
    """Return a value as a stack file would have it."""
    if found is ABSENT or found is None:
        return NOTHING
    if isinstance(found, Section):
        return found.model_dump(mode="json", exclude_defaults=True)
    if isinstance(found, tuple):
        return [plain(one) for one in found]
    return found


def _names(here: object) -> tuple[str, ...]:
    if isinstance(here, dict):
        return tuple(here)
    return tuple(fields_of(type(here))) if isinstance(here, Section) else ()


def _step(here: object, name: str) -> object:
    if isinstance(here, dict):
        return here.get(name, ABSENT)
    if isinstance(here, Section):
        if name in here.__dict__:
            return here.__dict__[name]
        if name not in fields_of(type(here)):
            raise LookupError(f"{type(here).__name__} has no field {name!r}")
        return getattr(here, name)
    if here is None:
        return ABSENT
    raise IncompleteError(name)
