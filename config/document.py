"""A stack file as text: its values as the Pulumi engine reads them, and the line that each of them stands on.

The engine reads YAML 1.2 (Go): `yes` and `off` are text, a whole number may be written `1e3`, a date outside quotes
becomes the text `2026-11-21 00:00:00 +0000 UTC`. PyYAML reads YAML 1.1, so only its parser is used, and scalars are
resolved here.
"""

from __future__ import annotations

import contextlib
import math
import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import yaml

from config.problems import NOTHING, Path, Problem, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_VALUES: Final = 20_000
"""Values that a stack file may hold, aliases counted as often as they are used; a guard against alias bombs."""
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE: Final = frozenset({"true", "True", "TRUE"})
_FALSE: Final = frozenset({"false", "False", "FALSE"})
_INTEGER: Final = re.compile(r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)")
_FLOAT: Final = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:e[-+]?[0-9]+)?|[-+]?\.inf|\.nan", re.IGNORECASE
)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?)?")
_MERGE: Final = "<<"
_SAFE_NESTING: Final = 1_000
"""Levels that libyaml composes without fear for the C stack; a tenth of what it has been seen to."""
SETTINGS: Final[Path] = ("config", "platform:settings")
"""Way from the root of a stack file to the typed settings."""


class Document:
    """One parsed stack file. `values` is None and `problems` not empty where the text is no YAML."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        """Name of the file, for messages."""
        self.problems: list[Problem] = []
        """What is wrong with the text itself, with lines."""
        self.values: object = None
        """The file as mappings, lists, text, numbers, truth values and None."""
        self._root: yaml.Node | None = None
        self._used = 0
        try:
            self._root = _compose(text)
            self.values = None if self._root is None else self._convert(self._root, (), ())
        except yaml.YAMLError as error:
            self._refuse_syntax(error)
        except RecursionError:
            self._add(refuse((), "nested too deeply", got=NOTHING, allowed="plain nesting", cure="flatten it"), 1)

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
            mark, node = found
            line = mark.start_mark.line + 1
        return line

    def text(self, path: Path) -> str | None:
        """Return a scalar at `path` as it was written, without its quotes; None where there is none."""
        node = self._root
        for step in path:
            found = None if node is None else _descend(node, step)
            node = None if found is None else found[1]
        return str(node.value) if isinstance(node, yaml.ScalarNode) else None

    def _refuse_syntax(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        problem = refuse(
            (),
            f"not valid YAML: {reason}",
            got=f"column {mark.column + 1}" if mark else NOTHING,
            allowed="one YAML document",
            cure="correct the text at or just above this line; look for tabs, quotes and indentation",
        )
        self._add(problem, mark.line + 1 if mark else 1)

    def _add(self, problem: Problem, line: int) -> None:
        path = problem.path[len(SETTINGS) :] if problem.path[: len(SETTINGS)] == SETTINGS else problem.path
        self.problems.append(replace(problem, path=path, file=self.file, line=line))

    def _convert(self, node: yaml.Node, path: Path, above: tuple[yaml.Node, ...]) -> object:
        self._used += 1
        line = node.start_mark.line + 1
        if node in above or self._used > _MOST_VALUES:
            what = "refers to itself" if node in above else f"has more than {_MOST_VALUES} values"
            problem = refuse(path, what, got=NOTHING, allowed="plain nesting", cure="write the values out")
            if not any(known.what == what for known in self.problems):
                self._add(problem, line)
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, (*above, node))
        if isinstance(node, yaml.SequenceNode):
            return [self._convert(item, (*path, at), (*above, node)) for at, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path, above: tuple[yaml.Node, ...]) -> dict[str, object]:
        values: dict[str, object] = {}
        own: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                problem = refuse(path, "a key is not plain text", got=NOTHING, allowed="text", cure="name the key")
                self._add(problem, line)
                continue
            key = _key(key_node)
            if _is_merge(key_node):
                for source in _merged(value_node):
                    merged = self._convert(source, path, above)
                    values = {**merged, **values} if isinstance(merged, dict) else values
                continue
            if key in own:
                problem = refuse(
                    (*path, key),
                    "key given twice",
                    got=f"first on line {own[key]}",
                    allowed="each key once",
                    cure="remove one of the two",
                )
                self._add(problem, line)
            own[key] = line
            values[key] = self._convert(value_node, (*path, key), above)
        return values


def _compose(text: str) -> yaml.Node | None:
    """Parse by libyaml where PyYAML has it, in a tenth of the time; what it refuses, PyYAML's own parser words.

    The engine's parser descends from libyaml, too, and takes some text that PyYAML's refuses, a tab after a value.

    libyaml ends the process on text nested some 20,000 deep. No text is nested deeper than its longest line is wide,
    twice (a list may stand in the column of its key), and than it has opening brackets.
    """
    nesting = 2 * max(map(len, text.splitlines()), default=0) + text.count("[") + text.count("{")
    if nesting <= _SAFE_NESTING and yaml.__with_libyaml__:
        with contextlib.suppress(yaml.YAMLError, UnicodeError):
            return yaml.compose(text, Loader=yaml.CSafeLoader)
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _is_plain(node: yaml.Node) -> bool:
    """Tell a scalar outside quotes; the two parsers say so differently."""
    return isinstance(node, yaml.ScalarNode) and not node.style


def value_at(values: object, path: Path) -> object:
    """Return the value at a path, or None where there is none."""
    for step in path:
        if isinstance(values, dict) and isinstance(step, str):
            values = values.get(step)
        elif isinstance(values, list) and isinstance(step, int) and step < len(values):
            values = values[step]
        else:
            return None
    return values


def _descend(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """Return the node that marks the line of one step, and the node of its value."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in reversed(node.value):
            if isinstance(key_node, yaml.ScalarNode) and _key(key_node) == step and not _is_merge(key_node):
                return key_node, value_node
        for key_node, value_node in node.value:
            if _is_merge(key_node):
                found = next(filter(None, (_descend(source, step) for source in _merged(value_node))), None)
                if found is not None:
                    return found
    return None


def _key(node: yaml.ScalarNode) -> str:
    """Return a key as the engine names it; keys are text, whatever they look like."""
    text = str(node.value)
    return text.lower() if _is_plain(node) and text in _TRUE | _FALSE else text


def _is_merge(node: yaml.Node) -> bool:
    return _is_plain(node) and node.value == _MERGE


def _merged(node: yaml.Node) -> Iterator[yaml.Node]:
    """Yield the mappings that a merge key names, the strongest first."""
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    else:
        yield node


def _scalar(node: yaml.Node) -> object:
    text = str(node.value)
    if not _is_plain(node):
        return text
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return _integer(text.replace("_", ""))
    if _FLOAT.fullmatch(text):
        number = float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
        return int(number) if math.isfinite(number) and number == int(number) else number
    return _instant(text)


def _integer(text: str) -> object:
    """Read a whole number; a leading zero means octal, as it does to the engine."""
    digits = text.lstrip("+-")
    octal = re.fullmatch(r"0[0-7]+", digits)
    prefixed = digits[:2].lower() in ("0b", "0o", "0x")
    return int(text, 8 if octal else 0 if prefixed else 10)


def _instant(text: str) -> str:
    """Return a date or time outside quotes as the engine hands it on, any other text as it is."""
    if not _INSTANT.fullmatch(text):
        return text
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    offset = instant.strftime("%z") or "+0000"
    return f"{instant:%Y-%m-%d %H:%M:%S} {offset} {'UTC' if offset == '+0000' else offset}"
