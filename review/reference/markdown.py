"""Tables of Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: int = 0) -> str:
    """Return a table.

    Args:
        head: Names of the columns.
        rows: Cells by row; breaks of lines in them become blanks.
        right: Number of columns from the right that hold numbers.
    """
    marks = ["---"] * (len(head) - right) + ["---:"] * right
    return "".join(f"| {' | '.join(_cell(cell) for cell in row)} |\n" for row in (head, marks, *rows))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
