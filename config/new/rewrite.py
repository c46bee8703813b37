"""The text of a stack file, made to hold other values: what stays keeps its place, its form and its comments."""

from __future__ import annotations

import json
import re
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from config.document import SETTINGS
from config.new.layout import Layout, children, end_of, is_block, is_mapping, start_of
from config.scalar import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from config.new.draft import Change, Values
    from config.new.layout import Comment, Node
    from config.problems import Path

_PLAIN: Final = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./@:+-]*")
"""Text that YAML takes for itself without quotes, within brackets too, unless it is a number or the like."""
_WIDTH: Final = 120
_STEP: Final = 2
"""Columns by which a block is indented."""


def literal(value: object) -> str:
    """Return a value as it is written in YAML, on one line."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(one)}' for key, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    plain = isinstance(value, str) and _PLAIN.fullmatch(value) and not value.endswith(":") and resolve(value) == value
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


class Rewriting:
    """One pass over the text."""

    def __init__(self, text: str, changes: Mapping[Path, Change]) -> None:
        self._layout = Layout(text)
        self._changes = changes
        self._comments = {comment.at[0]: comment for comment in self._layout.comments()}
        self._reasons: dict[int, list[str]] = {}

    def run(self, old: Values, new: Values, holds: Callable[[str], str | None]) -> str:
        """Return the text with the new values.

        Args:
            old: Settings that the text holds.
            new: Settings that it shall hold.
            holds: Returns a comment as it is true of the new values, or None.
        """
        node = self._layout.root
        for step in SETTINGS:
            node = next(value for name, _, value in children(node) if name == step)
        self._mapping(node, old, new, ())
        self._explain()
        self._keep_true(holds)
        return self._layout.edited()

    def _value(self, node: Node, old: object, new: object, path: Path) -> None:
        if old == new and type(old) is type(new):
            return
        if isinstance(old, dict) and isinstance(new, dict) and old.keys() & new.keys() and is_mapping(node):
            self._mapping(node, old, new, path)
            return
        if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            for at, item in enumerate(node.value):
                self._value(item, old[at], new[at], (*path, at))
        else:
            self._layout.replace(start_of(node), end_of(node), literal(new))
        self._note(node, path)

    def _note(self, node: Node, path: Path) -> None:
        if path in self._changes and self._changes[path].why:
            self._reasons.setdefault(end_of(node)[0], []).append(self._changes[path].why)

    def _mapping(self, node: Node, old: Values, new: Values, path: Path) -> None:
        entries = children(node)
        last = max(at for at, (name, _, _) in enumerate(entries) if name in new)
        for at, (name, key, value) in enumerate(entries):
            if name in new:
                if is_block(value) and not (isinstance(new[name], dict | list) and new[name]):
                    line, column = end_of(key)  # a block becomes a word behind its key
                    self._layout.replace((line, column + 1), end_of(value), f" {literal(new[name])}")
                    self._note(value, (*path, name))
                else:
                    self._value(value, old[name], new[name], (*path, name))
            elif is_block(node):
                self._layout.remove_lines(self._first_line(start_of(key)), end_of(value)[0])
            elif at < last:
                self._layout.replace(start_of(key), start_of(entries[at + 1][1]), "")
        if not is_block(node) and last + 1 < len(entries):
            self._layout.replace(end_of(entries[last][2]), end_of(entries[-1][2]), "")
        more = {name: value for name, value in new.items() if name not in old}
        if more:
            self._add(node, more, path)

    def _add(self, node: Node, more: Values, path: Path) -> None:
        """Add entries behind the last of a mapping."""
        end = end_of(node)
        if not is_block(node):
            text = ", ".join(f"{literal(name)}: {literal(value)}" for name, value in more.items())
            before = (end[0], end[1] - 1)
            self._layout.replace(before, before, f", {text}")
            return
        self._layout.insert_below(end[0], self._lines(more, path, start_of(node)[1]))

    def _lines(self, values: Values, path: Path, indent: int) -> Iterator[str]:
        """Yield the lines of new entries, a mapping in a block of its own."""
        for name, value in values.items():
            key = f"{' ' * indent}{literal(name)}:"
            change = self._changes.get((*path, name))
            why = f" # {change.why}" if change is not None and change.why else ""
            if isinstance(value, dict) and value:
                yield f"{key}{why}"
                yield from self._lines(value, (*path, name), indent + _STEP)
            else:
                yield f"{key} {literal(value)}{why}"

    def _first_line(self, key: tuple[int, int]) -> int:
        """Return the first line of the comment right above a key, which speaks of it; else the key's own."""
        first = key[0]
        while (above := self._comments.get(first - 1)) is not None and above.alone and above.at[1] == key[1]:
            first -= 1
        return first

    def _explain(self) -> None:
        """Write each reason behind its value, in the place of what was said there before."""
        for line, reasons in self._reasons.items():
            text = "; ".join(dict.fromkeys(reasons))
            own_line = self._layout.lines[line].lstrip().startswith(("{", "["))  # below `key: # what it is`
            at = line - 1 if own_line else line
            old = self._comments.pop(at, None)
            end = (at, len(self._layout.lines[at]))
            self._layout.replace(end if old is None else old.at, end, f"# {text}" if old is not None else f" # {text}")

    def _keep_true(self, holds: Callable[[str], str | None]) -> None:
        """Judge the comments that are left; lines that follow each other are one."""
        block: list[Comment] = []
        for comment in [one for one in self._comments.values() if not self._layout.gone(one.at[0])]:
            if block and not (comment.alone and comment.at == (block[-1].at[0] + 1, block[-1].at[1])):
                self._judge(block, holds)
                block = []
            if comment.alone:
                block.append(comment)
            else:
                self._judge([comment], holds)
        self._judge(block, holds)

    def _judge(self, block: list[Comment], holds: Callable[[str], str | None]) -> None:
        if not block:
            return
        said = " ".join(comment.text for comment in block)
        true = holds(said)
        if true == said:
            return
        for comment in block[1:] if true is not None else block:
            self._drop(comment)
        if true is not None:
            line, column = block[0].at
            width = _WIDTH - column - len("# ") if block[0].alone else len(true)
            text = f"\n{' ' * column}".join(f"# {one}" for one in wrap(true, width, break_long_words=False))
            self._layout.replace((line, column), (line, len(self._layout.lines[line])), text)

    def _drop(self, comment: Comment) -> None:
        line, column = comment.at
        if comment.alone:
            self._layout.remove_lines(line, line)
        else:
            self._layout.replace((line, column), (line, len(self._layout.lines[line])), "")


def rewritten(
    text: str, values: tuple[Values, Values], changes: Mapping[Path, Change], holds: Callable[[str], str | None]
) -> str:
    """Return a stack file's text that holds other settings.

    Args:
        text: The stack file, without aliases.
        values: The settings that it holds, and those that it shall hold.
        changes: Reasons of what differs, by path; each stands as a comment in the text.
        holds: Returns a comment as it is true of the new settings, or None.
    """
    old, new = values
    return Rewriting(text, changes).run(old, new, holds)
