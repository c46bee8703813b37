"""The picture of a drill: a bar per step over the time it took, a line per moment that counts. Plain SVG."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.drill.evidence import Evidence, Step

WIDTH: Final = 1000
LEFT: Final = 210
"""Room for the names of the steps."""
RIGHT: Final = 70
"""Room for the duration behind the last bar."""
ROW: Final = 24
TOP: Final = 92
"""Room for the names of the moments, which are written one below the other."""
LINE: Final = 15
LEVELS: Final = 5
"""Heights at which the names of moments stand, so that close ones do not cover each other."""
TICKS: Final = 6

WORDS: Final = {
    "lost": "region lost",
    "detected": "health check fails",
    "traffic": "users reach the standby",
    "decided": "failover decided",
    "serving": "standby serves alone",
    "fenced": "primary fenced off",
    "healed": "region back",
    "answers": "primary answers, users stay",
    "cut-over": "cut-over",
    "home": "users back",
}
"""Moment -> what is written beside it."""


def svg(evidence: Evidence) -> str:
    """Return the picture of a drill."""
    height = TOP + ROW * len(evidence.steps) + 2 * LINE
    parts = [*ticks(evidence, height), *bars(evidence), *moments(evidence, height)]
    label = f"timeline of the drill, {evidence.seconds:.0f} seconds"
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def across(evidence: Evidence, seconds: float) -> float:
    """Return how far right a time is."""
    return round(LEFT + (WIDTH - LEFT - RIGHT) * seconds / max(evidence.seconds, 1.0), 1)


def ticks(evidence: Evidence, height: int) -> Iterator[str]:
    """Draw the axis."""
    for number in range(TICKS + 1):
        seconds = evidence.seconds * number / TICKS
        x = across(evidence, seconds)
        yield f'<line class="tick" x1="{x}" y1="{TOP - 4}" x2="{x}" y2="{height - 2 * LINE}"/>'
        yield f'<text class="axis" x="{x}" y="{height - LINE}" text-anchor="middle">{seconds:.0f} s</text>'


def bars(evidence: Evidence) -> Iterator[str]:
    """Draw the steps."""
    for number, step in enumerate(evidence.steps):
        y = TOP + ROW * number
        begin, end = across(evidence, step.begun), across(evidence, step.begun + step.seconds)
        width = max(2.0, round(end - begin, 1))
        yield f'<text class="name" x="{LEFT - 10}" y="{y + LINE}" text-anchor="end">{escape(step.name)}</text>'
        yield f'<rect class="{kind(step)}" x="{begin}" y="{y + 3}" width="{width}" height="{ROW - 8}" rx="3"/>'
        yield f'<text class="axis" x="{begin + width + 5}" y="{y + LINE}">{step.seconds:.1f} s</text>'


def kind(step: Step) -> str:
    """Return the class of a bar."""
    return "good" if step.ok else "bad"


def moments(evidence: Evidence, height: int) -> Iterator[str]:
    """Draw the moments that count; lines first, so that none crosses a name."""
    placed = [
        (name, seconds, across(evidence, seconds), LINE * (1 + number % LEVELS))
        for number, (name, seconds) in enumerate(sorted(evidence.marks.items(), key=lambda item: item[1]))
    ]
    for _, _, x, y in placed:
        yield f'<line class="mark" x1="{x}" y1="{y - 10}" x2="{x}" y2="{height - 2 * LINE}"/>'
    for name, seconds, x, y in placed:
        anchor, nudge = ("end", -5) if x > WIDTH / 2 else ("start", 5)
        said = escape(f"{WORDS.get(name, name)}, {seconds:.1f} s")
        yield f'<text class="said" x="{x + nudge}" y="{y}" text-anchor="{anchor}">{said}</text>'
