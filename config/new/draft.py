"""The settings of a stack in the making: values of another stack, what changes of them, and why."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.document import find
from config.problems import NOTHING, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Path

Values = dict[str, Any]
"""Settings as a stack file holds them: mappings, lists, text, numbers, truth values."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One value that differs from the other stack's."""

    path: Path
    """Way to it from `platform:settings`."""
    why: str
    """The reason, which the new file keeps as a comment; empty = the value says it itself."""
    value: object = NOTHING
    """The new value; `NOTHING` = left out."""

    def __str__(self) -> str:
        """Return path and reason."""
        return f"{dotted(self.path)}: {self.why}"


class Draft:
    """Values that are changed by their paths; each change is kept with its reason."""

    def __init__(self, values: Values) -> None:
        self.values = copy.deepcopy(values)
        """The settings as they stand."""
        self.changes: dict[Path, Change] = {}
        """What was changed, by path; the last change of a path counts."""

    def fork(self) -> Draft:
        """Return a copy that can be changed by itself."""
        other = Draft(self.values)
        other.changes = dict(self.changes)
        return other

    def get(self, *path: str | int) -> Any:  # noqa: ANN401 - whatever stands there
        """Return the value at a path; None where there is none."""
        found = find(self.values, path)
        return None if found is NOTHING else found

    def set(self, path: Path, value: object, why: str = "") -> None:
        """Change a value, whose parent exists; nothing happens where it is the same."""
        if find(self.values, path) == value:
            return
        self.get(*path[:-1])[path[-1]] = value
        self.changes[path] = Change(path=path, why=why, value=value)

    def drop(self, path: Path, why: str) -> bool:
        """Leave a value out if it is there, and its parent with it where nothing else is left there.

        Returns:
            Whether it was there.
        """
        if find(self.values, path) is NOTHING:
            return False
        del self.get(*path[:-1])[path[-1]]
        if len(path) > 1 and not self.get(*path[:-1]):
            return self.drop(path[:-1], why)
        self.changes[path] = Change(path=path, why=why)
        return True

    def matching(self, pattern: str) -> list[Path]:
        """Return the paths of a dotted pattern, in which `*` stands for any key, that lead to a value."""
        found: list[Path] = [()]
        for step in pattern.split("."):
            above = [(path, self.get(*path)) for path in found]
            keys = [(path, list(value) if step == "*" else [step]) for path, value in above if isinstance(value, dict)]
            found = [(*path, key) for path, names in keys for key in names if key in self.get(*path)]
        return found

    def leaves(self) -> list[tuple[Path, Any]]:
        """Return every value that is no mapping and no list, with its path."""
        return list(_leaves(self.values, ()))


def _leaves(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    if isinstance(value, dict | list):
        for step, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(child, (*path, step))
    else:
        yield path, value
