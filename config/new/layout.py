"""Where each value, key and comment of a YAML text stands, and edits by these places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml

from config.tree import Scalar as Plain
from config.tree import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from config.problems import Path

Place: TypeAlias = tuple[int, int]
"""Line and column, from 0."""
Node: TypeAlias = Any
"""A node of PyYAML's; its stubs know neither marks nor kinds of values."""
_LOADER: Final[Any] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment of the text."""

    at: Place
    """Where its `#` stands."""
    text: str
    """What stands behind the `#`, without the space."""
    alone: bool
    """Whether it has a line of its own."""


class Layout:
    """A YAML text that can be read and has one document, as nodes with their places, and edits of it."""

    def __init__(self, text: str) -> None:
        self.lines: list[str] = text.rstrip("\n").split("\n")
        """Lines of the text."""
        self.root: Node = yaml.compose(text, Loader=_LOADER)
        """The whole."""
        self._edits: list[tuple[Place, Place, str]] = []
        self._gone: set[int] = set()
        self._more: dict[int, list[str]] = {}

    def replace(self, start: Place, end: Place, text: str) -> None:
        """Put a text in the place of what stands between two places."""
        self._edits.append((start, end, text))

    def insert_below(self, line: int, lines: Iterable[str]) -> None:
        """Put lines below one, whether that stays or not, and below what was put there before."""
        self._more.setdefault(line, []).extend(lines)

    def remove_lines(self, first: int, last: int) -> None:
        """Remove whole lines; edits on them are void."""
        self._gone.update(range(first, last + 1))

    def gone(self, line: int) -> bool:
        """Tell whether a line is removed."""
        return line in self._gone

    def edited(self) -> str:
        """Return the text with all edits."""
        lines: list[str | None] = list(self.lines)
        for start, end, text in sorted(self._edits, reverse=True):
            before, after = lines[start[0]], lines[end[0]]
            if start[0] in self._gone or before is None or after is None:
                continue
            lines[start[0] : end[0] + 1] = [
                f"{before[: start[1]]}{text}{after[end[1] :]}".rstrip(),
                *[None] * (end[0] - start[0]),
            ]
        left: list[str] = []
        for at, line in enumerate(lines):
            left += [line] if line is not None and at not in self._gone else []
            left += self._more.get(at, [])
        return "\n".join(left) + "\n"

    def comments(self) -> list[Comment]:
        """Return all comments, in the order of the text."""
        inside: dict[int, list[tuple[int, int]]] = {}
        for _, node in self.scalars():
            (first, begin), (last, end) = start_of(node), end_of(node)
            for line in range(first, last + 1):
                span = (begin if line == first else 0, end if line == last else len(self.lines[line]))
                inside.setdefault(line, []).append(span)
        found: list[Comment] = []
        for at, words in enumerate(self.lines):
            marks = [column for column, letter in enumerate(words) if letter == "#"]
            free = [one for one in marks if not any(a <= one < b for a, b in inside.get(at, ()))]
            column = next((one for one in free if one == 0 or words[one - 1] == " "), None)
            if column is not None:
                text = words[column + 1 :].removeprefix(" ")
                found.append(Comment(at=(at, column), text=text, alone=not words[:column].strip()))
        return found

    def alias(self) -> int | None:
        """Return the line, from 1, of the first anchor that an alias names; None = each value stands for itself."""
        seen: set[int] = set()
        for node in _nodes(self.root):
            if id(node) in seen:
                return start_of(node)[0] + 1
            seen.add(id(node))
        return None

    def scalars(self) -> Iterator[tuple[Path, Node]]:
        """Yield every scalar with its path; a key has the path of its value."""
        yield from _scalars(self.root, ())


def children(node: Node) -> list[tuple[str, Node, Node]]:
    """Return name, key and value of each entry of a mapping."""
    return [(name_of(key), key, value) for key, value in node.value]


def name_of(key: Node) -> str:
    """Return a key as the engine names it."""
    return key_of(Plain(0, str(key.value), plain=key.style is None))


def start_of(node: Node) -> Place:
    """Return where a node begins."""
    return node.start_mark.line, node.start_mark.column


def end_of(node: Node) -> Place:
    """Return where a node ends; of a block, where its last entry does, not where the parser noticed."""
    if is_block(node) and node.value:
        last = node.value[-1]
        return end_of(last[1] if isinstance(last, tuple) else last)
    return node.end_mark.line, node.end_mark.column


def is_mapping(node: Node) -> bool:
    """Tell a mapping."""
    return isinstance(node, yaml.MappingNode)


def is_block(node: Node) -> bool:
    """Tell a mapping or list whose entries stand on lines of their own."""
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _nodes(node: Node) -> Iterator[Node]:
    """Yield every node, one that aliases name as often as they do, and what is in it once."""
    known: set[int] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, yaml.CollectionNode) and id(one) not in known:
            known.add(id(one))
            waiting += [part for entry in one.value for part in (entry if isinstance(entry, tuple) else (entry,))]


def _scalars(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    if isinstance(node, yaml.ScalarNode):
        yield path, node
    elif is_mapping(node):
        for name, key, value in children(node):
            yield (*path, name), key
            yield from _scalars(value, (*path, name))
    else:
        for at, item in enumerate(node.value):
            yield from _scalars(item, (*path, at))
