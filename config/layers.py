"""What a stack file and its bases say together, each value with the file and the line that it comes from (ADR 0035).

Mappings merge key by key, and the later file wins: bases in the order of `extends`, the stack file last. A list or a
single value replaces what was there as a whole; null takes a key away that an earlier file has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from config.bases import EXTENDS, NONE, Bases, base_problems
from config.document import SETTINGS, Document, find, value_at
from config.problems import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Path, Problem


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What one file says."""

    values: object
    """Its settings as plain values; those of a stack as the engine has them, where it runs."""
    document: Document | None
    """The file, for lines."""
    root: Path = ()
    """Path of the settings from the root of the file."""
    origin: str
    """Name for the place of values that do not stand in the file."""

    def place(self, path: Path) -> tuple[str, int | None]:
        """Return file and line of the value at a path, or of its nearest parent that exists."""
        if self.document is None:
            return self.origin, None
        here, there = value_at(self.values, path), value_at(value_at(self.document.values, self.root), path)
        if here is there or here == there:
            return self.document.file, self.document.line((*self.root, *path))
        return self.origin, None

    def placed(self, problem: Problem) -> Problem:
        """Return a problem with the file and line of what it is about."""
        return problem.at(*self.place(problem.path))

    def has(self, path: Path) -> bool:
        """Tell whether a value stands at a path."""
        return find(self.values, path) is not NOTHING

    def written(self, path: Path) -> str | None:
        """Return a scalar outside quotes as it was written; None where there is none."""
        return None if self.document is None else self.document.written((*self.root, *path))

    def unread(self) -> Iterator[Path]:
        """Yield the paths of values that are not what stands in the file, since that cannot be read."""
        yield from (path[len(self.root) :] for path in (self.document.unread if self.document else ()))


class Layers:
    """A stack file and its bases.

    Args:
        values: The settings of the stack file as plain values, `extends` among them.
        document: The stack file; None where the engine has its values from elsewhere.
        origin: Name for the place of values that do not stand in the document.
        bases: What the stack file extends.
    """

    def __init__(self, values: object, document: Document | None, origin: str, bases: Bases = NONE) -> None:
        self.stack = Layer(values=values, document=document, root=SETTINGS, origin=origin)
        """The stack file."""
        self.bases = tuple(
            Layer(values=_settings(one.values), document=one, origin=one.file)
            for one in bases.documents
            if isinstance(one.values, dict)
        )
        """Its bases, the weakest first."""
        self.complete = bases.complete
        """Whether every base was read; if not, nobody knows what is missing."""
        nothing: dict[str, object] = {}
        self.below = reduce(_together, (one.values for one in self.bases if isinstance(one.values, dict)), nothing)
        """What the bases say together, as plain values."""
        self.settings = _over(self.below, _settings(values)) if self.bases else _settings(values)
        """The settings, merged, as plain values."""
        self._listed = bases

    def __iter__(self) -> Iterator[Layer]:
        """Yield the layers, the weakest first."""
        return iter((*self.bases, self.stack))

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the text of the files, and with the list of bases."""
        yield from self.stack.document.problems if self.stack.document else ()
        yield from map(self.stack.placed, self._listed.problems)
        yield from self._listed.unreadable
        for document in self._listed.documents:
            yield from document.problems
            for problem in base_problems(document):
                yield problem.at(document.file, document.line(problem.path) or 1)

    def owner(self, path: Path) -> Layer:
        """Return the layer that the value at a path comes from, or its nearest parent that exists.

        A mapping that several files write comes from the last of them.
        """
        while path and not self.has(path):
            path = path[:-1]
        return next((one for one in (self.stack, *reversed(self.bases)) if one.has(path)), self.stack)

    def place(self, path: Path) -> tuple[str, int | None]:
        """Return file and line of the value at a path, or of its nearest parent that exists."""
        return self.owner(path).place(path)

    def placed(self, problem: Problem) -> Problem:
        """Return a problem with the file and line of what it is about."""
        return self.owner(problem.path).placed(problem)

    def has(self, path: Path) -> bool:
        """Tell whether a file has a value at a path."""
        return find(self.settings, path) is not NOTHING

    def written(self, path: Path) -> str | None:
        """Return a scalar outside quotes as it was written; None where there is none at `path`."""
        return self.owner(path).written(path)

    def unread(self) -> set[Path]:
        """Return the paths of values that are not what stands in their file, since that cannot be read."""
        return {path for layer in self for path in layer.unread() if self.owner(path) is layer}


def alone(document: Document) -> Layers:
    """Return a stack file that is judged without bases."""
    return Layers(value_at(document.values, SETTINGS), document, document.file)


def _settings(values: object) -> object:
    """Return what a file says without the bases that it names."""
    return {key: one for key, one in values.items() if key != EXTENDS} if isinstance(values, dict) else values


def _over(lower: object, upper: object) -> object:
    """Return what two layers say together; what they say is not changed."""
    return _together(lower, upper) if isinstance(lower, dict) and isinstance(upper, dict) else upper


def _together(lower: dict[str, object], upper: dict[str, object]) -> dict[str, object]:
    both = dict(lower)
    for key, value in upper.items():
        if key not in both:
            both[key] = value
        elif value is None:
            del both[key]
        else:
            both[key] = _over(both[key], value)
    return both
