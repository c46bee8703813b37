"""The changed resources and what hangs on them, as a diagram that GitHub draws (mermaid)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from review.difference.compare import OPERATIONS
from review.difference.reach import Waits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.comment.gather import Reviewed
    from review.difference.compare import Changed

MOST: Final = 20
"""Boxes; more cannot be read in a comment."""
_LETTERS: Final = {"replace": "R", "delete": "D", "update": "U", "create": "C"}
_COLOURS: Final = {"replace": "#d29922", "delete": "#cf222e", "update": "#0969da", "create": "#1a7f37"}


def mermaid(reviews: Sequence[Reviewed]) -> Iterator[str]:
    """Yield the diagram's lines: what changes, by colour and letter, then who waits for it directly; none of none."""
    boxes = _boxes(reviews)
    if not boxes:
        return
    yield "flowchart LR"
    names = {(review.stack, one.resource.urn): f"n{place}" for place, (review, one) in enumerate(boxes)}
    for (review, one), name in zip(boxes, names.values(), strict=True):
        kind = one.resource.type.rpartition(":")[2]
        label = f"{_LETTERS[one.operation]} {_quoted(one.resource.name)}<br/>{kind} · {review.stack}"
        yield f'  {name}["{label}"]:::{one.operation}'
    for review, one in boxes:
        waits = Waits(review.difference.after)
        for later in waits.reach(one.resource).dependants:
            if one.resource.urn not in later.dependencies:
                continue
            key = (review.stack, later.urn)
            if key not in names and len(names) < MOST:
                names[key] = f"n{len(names)}"
                yield f'  {names[key]}["{_quoted(later.name)}"]'
            if key in names:
                yield f"  {names[review.stack, one.resource.urn]} --> {names[key]}"
    for operation in OPERATIONS:
        yield f"  classDef {operation} stroke:{_COLOURS[operation]},stroke-width:3px"


def _boxes(reviews: Sequence[Reviewed]) -> Sequence[tuple[Reviewed, Changed]]:
    """Return the changes that are drawn: those that lose or replace first, of all stacks."""
    found = [(review, one) for review in reviews for one in review.difference.changes]
    found.sort(key=lambda pair: (not pair[1].loses_data, OPERATIONS.index(pair[1].operation), pair[1].tags_only))
    return found[:MOST]


def _quoted(text: str) -> str:
    return text.replace('"', "'").replace("[", "(").replace("]", ")")
