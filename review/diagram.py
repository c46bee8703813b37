"""Draws the view of a stack as SVG, without a library or a browser: boxes on a grid of zones and tiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.plan_view import Cell, View

MARGIN: Final = 24
COLUMN: Final = 330
LABEL: Final = 124
LINE: Final = 19
SIDE: Final = 350
TOP: Final = 96
HEAD: Final = 52
_FONT: Final = 'font-family="Helvetica, Arial, sans-serif"'
_COLOURS: Final = (
    ("#e8f5e9", "#2e7d32"),
    ("#e3f2fd", "#1565c0"),
    ("#fff3e0", "#ef6c00"),
    ("#f3e5f5", "#7b1fa2"),
    ("#eceff1", "#455a64"),
)
"""Filling and line of the tiers by their names, so that pictures of stacks alike agree; a sixth name begins anew."""
_PLAIN: Final = 'fill="#212121"'
_BOLD: Final = 'fill="#212121" font-weight="bold"'
_GREY: Final = 'fill="#455a64"'


def draw(view: View) -> str:
    """Return the picture as an SVG document; its size follows from what it shows."""
    rows = list(_rows(view))
    grid = sum(height for _, height in rows)
    side = sum(_panel_height(lines) for _, lines in view.regional)
    height = max(TOP + grid, HEAD + side) + MARGIN * 2
    width = MARGIN * 3 + LABEL + COLUMN * len(view.zones) + SIDE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {_FONT} role="img">',
        f"<title>{escape(view.title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(MARGIN, 36, view.title, 20, _BOLD),
        *(_vpc(view, grid) if view.vpc else ()),
        *_cells(view, rows),
        *_side(view),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _rows(view: View) -> Iterator[tuple[str, int]]:
    for tier, cells in view.tiers.items():
        most = max(len(cell.things) for cell in cells.values())
        yield tier, LINE * (most + 1) + 34


def _vpc(view: View, grid: int) -> Iterator[str]:
    width = LABEL + COLUMN * len(view.zones) + MARGIN // 2
    yield _box(MARGIN, HEAD, width, grid + TOP - 40, "#fafafa", "#90a4ae")
    yield _text(MARGIN + 12, 72, f"VPC {view.vpc}", 13, _BOLD)
    for at, zone in enumerate(view.zones):
        yield _text(MARGIN + LABEL + COLUMN * at + 8, 88, zone, 13, _GREY)


def _cells(view: View, rows: list[tuple[str, int]]) -> Iterator[str]:
    y = TOP
    names = sorted({tier.split()[-1] for tier, _ in rows}, reverse=True)
    for tier, height in rows:
        fill, line = _COLOURS[names.index(tier.split()[-1]) % len(_COLOURS)]
        for place, word in enumerate(tier.split()):
            yield _text(MARGIN + 12, y + 24 + LINE * place, word, 14, f'font-weight="bold" fill="{line}"')
        for at, zone in enumerate(view.zones):
            if (cell := view.tiers[tier].get(zone)) is not None:
                yield from _cell(cell, MARGIN + LABEL + COLUMN * at, y, height - 10, (fill, line))
        y += height


def _cell(cell: Cell, x: int, y: int, height: int, colours: tuple[str, str]) -> Iterator[str]:
    fill, line = colours
    yield _box(x, y, COLUMN - 10, height, fill, line)
    yield _text(x + 10, y + 20, cell.cidr, 12, f'fill="{line}"')
    for at, thing in enumerate(cell.things):
        yield _text(x + 10, y + 20 + LINE * (at + 1), thing, 12)


def _side(view: View) -> Iterator[str]:
    x = MARGIN * 2 + LABEL + COLUMN * len(view.zones) + 8
    y = HEAD
    for heading, lines in view.regional:
        height = _panel_height(lines)
        yield _box(x, y, SIDE - 8, height - 10, "#f5f5f5", "#b0bec5")
        yield _text(x + 10, y + 20, heading, 13, _BOLD)
        for at, words in enumerate(lines):
            yield _text(x + 10, y + 20 + LINE * (at + 1), words, 12)
        y += height


def _panel_height(lines: tuple[str, ...]) -> int:
    return LINE * (len(lines) + 1) + 24


def _box(x: int, y: int, width: int, height: int, *colours: str) -> str:
    fill, line = colours
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="{fill}" stroke="{line}"/>'


def _text(x: int, y: int, words: str, size: int, style: str = _PLAIN) -> str:
    style = f'font-size="{size}" {style}'
    return f'<text x="{x}" y="{y}" {style}>{escape(words)}</text>'
