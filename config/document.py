"""A stack file as text: its values as the Pulumi engine reads them, and the line that each of them stands on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from config.problems import HIDDEN, NOTHING, Path, Problem, refuse, show
from config.scalar import resolve
from config.secrecy import looks_secret
from config.syntax import Mistake
from config.text import REPLACEMENT, UNREADABLE, decode, name_of
from config.tree import MOST_VALUES, Mapping, Scalar, Sequence, is_merge, key_of, merged, parse

if TYPE_CHECKING:
    from config.tree import Node

SETTINGS: Final[Path] = ("config", "platform:settings")
"""Path from the root of a stack file to the typed settings."""
_LONGEST: Final = 4096
"""Characters of the longest text that a setting may be; AWS takes no longer ones in what the settings become."""


class Document:
    """One parsed stack file. `values` is None and `problems` not empty where the text is no YAML."""

    def __init__(self, source: str | bytes, file: str) -> None:
        self.file = file
        """Name of the file, for messages."""
        self.problems: list[Problem] = []
        """What is wrong with the text itself, with lines."""
        self.values: object = None
        """The file as mappings, lists, text, numbers, truth values and None."""
        self.unread: set[Path] = set()
        """Ways to the values among `values` that are not what stands in the file, since that cannot be read."""
        self._used = 0
        text, flaws = decode(source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source)
        for flaw in flaws:
            what, fix = f"{flaw.character} cannot be read", "remove it; save the file as UTF-8"
            self._refuse((), Mistake(line=flaw.line, what=what, fix=fix))
        tree = parse(text)
        self._root = tree.root
        for mistake in tree.mistakes:
            self._refuse((), mistake)
        self._spoilt = {flaw.line for flaw in flaws} | {mistake.line for mistake in tree.mistakes}
        if self._root is not None:
            self.values = self._convert(self._root, (), ())

    def line(self, path: Path) -> int | None:
        """Return the line of the value at `path`, of its nearest parent that exists, or None in an empty file.

        A value inside a mapping stands where its key stands; one that an alias stands for, where its anchor is.
        """
        node, line = self._root, 1
        if node is None:
            return None
        for step in path:
            found = _descend(node, step)
            if found is None:
                break
            line, node = found[0].line, found[1]
        return line

    def written(self, path: Path) -> str | None:
        """Return a scalar outside quotes as it was written; None where there is none at `path`."""
        node = self._root
        for step in path:
            found = None if node is None else _descend(node, step)
            node = None if found is None else found[1]
        return node.text if isinstance(node, Scalar) and node.plain else None

    def _refuse(self, path: Path, mistake: Mistake) -> None:
        inside = path[len(SETTINGS) :] if path[: len(SETTINGS)] == SETTINGS else path
        problem = refuse(inside, mistake.what, got=NOTHING, allowed=mistake.allowed, fix=mistake.fix)
        self.problems.append(replace(problem, got=mistake.got, file=self.file, line=mistake.line))

    def _convert(self, node: Node, path: Path, above: tuple[Node, ...]) -> object:
        self._used += 1
        if node in above or self._used > MOST_VALUES:
            what = "refers to itself" if node in above else f"has more than {MOST_VALUES} values"
            if not any(known.what == what for known in self.problems):
                allowed, fix = "plain nesting", "write the values out"
                self._refuse(path, Mistake(line=node.line, what=what, allowed=allowed, fix=fix))
            self.unread.add(path)
            return None
        if isinstance(node, Mapping):
            return self._mapping(node, path, (*above, node))
        if isinstance(node, Sequence):
            return [self._convert(item, (*path, at), (*above, node)) for at, item in enumerate(node.items)]
        text = self._text(node, path)
        return resolve(text) if node.plain else text

    def _text(self, node: Scalar, path: Path) -> str:
        """Return the text of a scalar; notes the way to it, where that is not what stands in the file."""
        text = self._clean(node.text, node.line, path)
        reported = node.line in self._spoilt and ("\\" in text or REPLACEMENT in text)
        if text != node.text or reported:
            self.unread.add(path)
        return text

    def _clean(self, text: str, line: int, path: Path) -> str:
        """Return a text without what an escape in quotes smuggled in, and no longer than a setting can be."""
        found = UNREADABLE.search(text)
        if found is not None:
            what, allowed = f"holds {name_of(found.group())}", "text that can be read"
            self._refuse(path, Mistake(line=line, what=what, allowed=allowed, fix="remove the escape"))
        if len(text) > _LONGEST:
            what, allowed = f"text of {len(text)} characters", f"{_LONGEST} characters at most"
            self._refuse(path, Mistake(line=line, what=what, allowed=allowed, fix="shorten it"))
        return text[:_LONGEST] if found is None else UNREADABLE.sub(REPLACEMENT, text[:_LONGEST])

    def _mapping(self, node: Mapping, path: Path, above: tuple[Node, ...]) -> dict[str, object]:
        values: dict[str, object] = {}
        first: dict[str, int] = {}
        for key_node, value_node in node.pairs:
            if not isinstance(key_node, Scalar):
                what, fix = "a key is not plain text", "name the key"
                self._refuse(path, Mistake(line=key_node.line, what=what, allowed="text", fix=fix))
                continue
            key = self._clean(key_of(key_node), key_node.line, path)
            if key in first:
                self._refuse((*path, key), _twice(first[key], key_node.line))
            first[key] = key_node.line
            if is_merge(key_node):
                values = {**self._merged(value_node, path, above), **values}
            else:
                values[key] = self._convert(value_node, (*path, key), above)
        return values

    def _merged(self, node: Node, path: Path, above: tuple[Node, ...]) -> dict[str, object]:
        """Return what a merge key brings in."""
        values: dict[str, object] = {}
        for source in merged(node):
            one = self._convert(source, path, above)
            if isinstance(one, dict):
                values = {**one, **values}
            else:
                allowed, fix = "a mapping, or a list of them", "name the anchor of a mapping"
                what = "a merge of what is no mapping"
                self._refuse(path, Mistake(line=node.line, what=what, allowed=allowed, fix=fix))
        return values


def _twice(first: int, line: int) -> Mistake:
    got, fix = f"first on line {first}", "remove one of the two"
    return Mistake(line=line, what="key given twice", got=got, allowed="each key once", fix=fix)


def value_at(values: object, path: Path) -> object:
    """Return the value at a path, or None where there is none."""
    found = find(values, path)
    return None if found is NOTHING else found


def find(values: Any, path: Path) -> object:  # noqa: ANN401 - whatever the file holds
    """Return the value at a path, or `NOTHING`."""
    for step in path:
        known = values if isinstance(values, dict) else range(len(values)) if isinstance(values, list) else ()
        if step not in known:
            return NOTHING
        values = values[step]
    return values


def as_written(value: object, written: str | None) -> str:
    """Return a value as it stands in the file, and as it is read where that is another matter."""
    read = show(value)
    if not written or isinstance(value, dict | list) or looks_secret(written):
        return read
    same = value == written if isinstance(value, str) else read == written
    return read if same else f"{show(written)[1:-1]} (read as {read})"


def _descend(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """Return the node that marks the line of one step, and the node of its value."""
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step], node.items[step]
    if not isinstance(node, Mapping):
        return None
    if step == HIDDEN:
        return next((pair for key, pair in node.own.items() if looks_secret(key)), None)
    if step in node.own:
        return node.own[str(step)]
    sources = (source for key, value in node.pairs if is_merge(key) for source in merged(value))
    return next(filter(None, (_descend(source, step) for source in sources)), None)
