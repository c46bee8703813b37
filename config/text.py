"""The bytes of a stack file as text that a YAML parser takes, and every character in them that the engine refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML 1.2 does not take, and the three that it counts as line breaks and editors do not."""
REPLACEMENT: Final = "\ufffd"
"""Stands for a character that cannot be read."""
_MOST: Final = 20
"""Lines with such characters that are named; a file that is no text has them everywhere."""
_ESCAPED_BYTE: Final = 0xDC00
"""Python's `surrogateescape` adds this to a byte that is no UTF-8."""
_BYTE_ORDER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """A character that cannot be read."""

    line: int
    """Line of the file, from 1."""
    character: str
    """How people name it: `U+0000` or `byte 0xff`."""


def decode(raw: bytes) -> tuple[str, list[Flaw]]:
    """Return a file as text whose only line break is the line feed, and what in it cannot be read.

    Args:
        raw: The file. A byte-order mark at its beginning, and any of the three usual line ends, are no flaw.
    """
    text = raw.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNREADABLE.sub(REPLACEMENT, text), list(_flaws(text))


def is_utf_16(raw: bytes) -> bool:
    """Tell a file in UTF-16, as some editors on Windows save one, by the mark that it begins with."""
    return raw.startswith(_BYTE_ORDER_MARKS)


def name_of(character: str) -> str:
    """Return how people name a character that cannot be shown."""
    code = ord(character)
    if _ESCAPED_BYTE + 0x80 <= code <= _ESCAPED_BYTE + 0xFF:
        return f"byte 0x{code - _ESCAPED_BYTE:02x}"
    return f"U+{code:04X}"


def _flaws(text: str) -> Iterator[Flaw]:
    """Yield the first flaw of each line, of as many lines as are named."""
    line, start = 1, 0
    named: set[int] = set()
    for found in UNREADABLE.finditer(text):
        line, start = line + text.count("\n", start, found.start()), found.start()
        if line not in named:
            yield Flaw(line=line, character=name_of(found.group()))
            named.add(line)
        if len(named) == _MOST:
            return
