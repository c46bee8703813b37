"""The text of a stack file that extends bases as one that extends nothing, with its comments and its way of writing.

Tests exchange texts in it as a person edits a file. It takes the YAML that this project writes: keys that are indented
by two spaces, braces and brackets on lines of their own or behind their key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from config.allowed import schema_at
from config.bases import EXTENDS
from config.document import SETTINGS, Document
from config.reading import project_of
from config.shape import settings_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path as File

    from config.problems import Path

_STEP: Final = "  "
_TOP: Final = 2
"""Depth of the settings in a stack file."""
_KEY: Final = re.compile(r'(?P<key>"[^"]*"|[^\s#{\[\-"\'][^\s:]*(?::[^\s:]+)*):(?: +(?P<rest>.*))?')
_HEAD: Final = re.compile(r"\A(?:#.*\n)+\n")
"""What a base says of itself, up to the first empty line."""
_NULL: Final = ("", "null", "~")


@dataclass
class _Entry:
    """A key with its value: a block of entries, or text."""

    key: str
    above: list[str] = field(default_factory=list)
    """Lines of comments before it."""
    text: str = ""
    """The value behind the key."""
    note: str = ""
    """The comment behind it."""
    more: list[str] = field(default_factory=list)
    """Lines of the value below the key, each a step further in than the key."""
    block: list[_Entry] = field(default_factory=list)

    @property
    def braces(self) -> str | None:
        """The value in braces, behind the key or on the lines below."""
        found = self.text or " ".join(line.strip() for line in self.more)
        return found if found.startswith("{") and found.endswith("}") else None

    @property
    def null(self) -> bool:
        """Whether the value takes a key away."""
        return self.text in _NULL and not self.more and not self.block


def flat(path: File) -> str:
    """Return a stack file with what its bases say."""
    text = path.read_text(encoding="utf-8")
    values: Any = Document(text, path.name).values
    head, settings = re.split(rf"(?<={SETTINGS[1]}:\n)", text)
    files = [project_of(path) / base for base in values[SETTINGS[0]][SETTINGS[1]].get(EXTENDS, [])]
    layers = [_entries(_HEAD.sub("", file.read_text(encoding="utf-8")).splitlines()) for file in files]
    own = _entries([line.removeprefix(_STEP * _TOP) for line in settings.splitlines()])
    made = reduce(_over, (*layers, [one for one in own if one.key != EXTENDS]))
    if layers:
        _sort(made, ())
    return head + "".join(f"{line}\n".replace(" \n", "\n") for line in _lines(made, _TOP))


def _sort(entries: list[_Entry], path: Path) -> None:
    """Put the keys of each section in the order of its model; names that a file gives keep the order of the files."""
    known = list(schema_at(settings_schema(), path).get("properties", ()))
    entries.sort(key=lambda one: known.index(one.key) if one.key in known else len(known))
    for one in entries:
        _sort(one.block, (*path, one.key))


def _entries(lines: list[str]) -> list[_Entry]:
    """Return the entries of a block whose keys are not indented."""
    found: list[_Entry] = []
    above: list[str] = []
    for line in lines:
        if line.startswith(_STEP):
            found[-1].more.append(line.removeprefix(_STEP))
        elif entry := _KEY.fullmatch(line):
            text, note = _apart(entry["rest"] or "")
            found.append(_Entry(entry["key"], above, text, note))
            above = []
        else:
            above.append(line)
    for one in found:
        first = next((line for line in one.more if not line.startswith("#")), "")
        if not one.text and _KEY.fullmatch(first):
            one.block, one.more = _entries(one.more), []
    return found


def _apart(rest: str) -> tuple[str, str]:
    """Return a value and the comment behind it."""
    found = re.match(r"""((?:"[^"]*"|'[^']*'|[^"'#]|(?<! )#)*?)(?:(?:^| +)(#.*))?$""", rest)
    assert found is not None, rest
    return found[1].strip(), found[2] or ""


def _over(lower: list[_Entry], upper: list[_Entry]) -> list[_Entry]:
    """Return what two blocks say together."""
    made = {one.key: one for one in lower}
    for one in upper:
        if one.key not in made:
            made[one.key] = one
        elif one.null:
            del made[one.key]
        else:
            made[one.key] = _together(made[one.key], one)
    return list(made.values())


def _together(lower: _Entry, upper: _Entry) -> _Entry:
    above, note = upper.above or lower.above, upper.note or lower.note
    if not (lower.block or lower.braces) or not (upper.block or upper.braces):
        return replace(upper, above=above, note=note)
    both = _over(_opened(lower), _opened(upper))
    if lower.block or upper.block:
        return _Entry(upper.key, above, note=note, block=both)
    written = f"{{{', '.join(f'{one.key}: {one.text}' for one in both)}}}"
    return replace(lower, above=above, note=note, **({"text": written} if lower.text else {"more": [written]}))


def _opened(entry: _Entry) -> list[_Entry]:
    """Return the entries of a block, or of what stands in braces."""
    if entry.block or entry.braces is None:
        return entry.block
    depth, parts = 0, [""]
    for token in re.findall(r""""[^"]*"|'[^']*'|.""", entry.braces[1:-1]):
        depth += (token in "{[") - (token in "}]")
        if token == "," and not depth:
            parts.append("")
        else:
            parts[-1] += token
    pairs = [part.strip().partition(": ") for part in parts if part.strip()]
    return [_Entry(key, text=value) for key, _, value in pairs]


def _lines(entries: list[_Entry], depth: int) -> Iterator[str]:
    for one in entries:
        yield from (f"{_STEP * depth}{line}" for line in one.above)
        yield f"{_STEP * depth}{' '.join(part for part in (f'{one.key}:', one.text, one.note) if part)}"
        yield from (f"{_STEP * (depth + 1)}{line}" for line in one.more)
        yield from _lines(one.block, depth + 1)
