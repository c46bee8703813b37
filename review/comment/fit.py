"""Fits a comment into what GitHub takes: the least important parts go first, with a count of what is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT: Final = 60_000
"""Characters of a comment; GitHub takes 65,536."""
_LINE: Final = 1_000
"""Characters of one line; a longer one is cut, as no reader reads it."""
_NOTE: Final = 90
"""Characters of the line that counts what was left out, with room."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the comment."""

    title: str
    """Heading; empty for the beginning, which has none."""
    lines: tuple[str, ...]
    """Lines of Markdown, each whole by itself."""
    rank: int
    """Importance; 0 is the most, and is never left out."""
    opening: tuple[str, ...] = ()
    """What stands before the lines, whatever is left out of them, such as the opening of a fence."""
    closing: tuple[str, ...] = ()
    """What stands behind them, such as its end."""
    folded: bool = False
    """True = shown when a reader opens it."""
    whole: bool = False
    """True = either all of its lines or none, as of a picture."""
    left_out: int = 0
    """Lines that were left out."""

    def text(self) -> str:
        """Return the section as Markdown; what was left out is counted below."""
        more = (
            ("", f"_{self.left_out} more lines are left out; `make comment` prints them all._") if self.left_out else ()
        )
        body = "\n".join((*self.opening, *self.lines, *self.closing, *more))
        if not self.title:
            return body
        if self.folded:
            return f"<details><summary>{self.title}</summary>\n\n{body}\n\n</details>"
        return f"### {self.title}\n\n{body}"


def fit(sections: Sequence[Section], limit: int = LIMIT) -> str:
    """Return the sections as one text of at most so many characters.

    Lines go from the end of the least important section first. Headings, openings and closings stay as long as a line
    does, so that no fence and no fold is left open.

    Raises:
        ValueError: What is never left out does not fit by itself.
    """
    kept = [replace(one, lines=tuple(_cut(line, fenced=bool(one.opening)) for line in one.lines)) for one in sections]
    kept = [one for one in kept if one.lines]
    for place in sorted(range(len(kept)), key=lambda place: (-kept[place].rank, -place)):
        over = len(_joined(kept)) - limit
        if over <= 0:
            break
        if kept[place].rank:
            kept[place] = _shortened(kept[place], over)
    if len(found := _joined(kept)) > limit:
        raise ValueError(f"what is never left out takes {len(found)} characters, and {limit} are there")
    return found


def _shortened(section: Section, over: int) -> Section:
    """Return a section without as many of its last lines as there are characters too many; at the end without any."""
    lines = [] if section.whole else list(section.lines)
    over += _NOTE
    while lines and over > 0:
        over -= len(lines.pop()) + 1
    gone = len(section.lines) - len(lines)
    if lines:
        return replace(section, lines=tuple(lines), left_out=gone)
    return replace(section, lines=(), opening=(), closing=(), folded=False, left_out=gone)


def _joined(sections: Sequence[Section]) -> str:
    return "\n\n".join(one.text() for one in sections) + "\n"


def _cut(line: str, *, fenced: bool) -> str:
    """Return a line that is one, of a length that somebody reads, and that ends no fence."""
    plain = line.replace("\n", " ")
    plain = plain.replace("`", "'") if fenced else plain
    return plain if len(plain) <= _LINE else f"{plain[:_LINE]}…"
