"""A difference in words, first things first; and the same as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from review.difference.compare import OPERATIONS, areas
from review.difference.flags import CONCERNS
from review.difference.forcing import pattern
from review.difference.meaning import meanings
from review.difference.reach import Waits
from review.graph import Marker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from policy.evidence.place import Place
    from review.difference.compare import Changed, Difference, Operation
    from review.difference.meaning import Meaning
    from review.difference.values import Differs

    At = Callable[[str, str], Place]

_LENGTH: Final = 60
_NAMED: Final = 12
"""Changes of an area that are named; more are counted."""


def as_text(difference: Difference, at: At | None = None) -> Iterator[str]:
    """Yield lines: what is lost, what a reviewer has to look at, what is made anew, then the rest by area.

    Args:
        difference: What differs.
        at: Leads from a URN and the path of an input to a line of the stack file; None = there is none.
    """
    yield f"{difference.stack}: {summary(difference)}"
    yield from (f"  LOSES DATA  {_line(one, at)}" for one in difference.changes if one.loses_data)
    yield from _eyes(difference, at)
    waits = Waits(difference.before)
    for one in difference.changes:
        if one.operation in ("replace", "delete") and one.before is not None:
            reach = str(waits.reach(one.before))
            yield f"  {_line(one, at)}{f'; {reach}' * bool(reach)}"
    rest = [one for one in difference.changes if one.operation in ("update", "create")]
    for area, changes in areas(difference, rest).items():
        yield from _area(area, changes, at)
    for after, before in difference.renamed.items():
        yield f"  renamed  {before.rpartition('::')[2]} is {after.rpartition('::')[2]} now"


def summary(difference: Difference) -> str:
    """Return one line: how many of each operation, and how many hold data that would be lost."""
    counts = ", ".join(f"{number} to {operation}" for operation, number in difference.counts.items())
    lost = sum(one.loses_data for one in difference.changes)
    unsure = sum(bool(one.unsure) and one.operation == "update" for one in difference.changes)
    parts = [counts or "nothing changes"]
    parts += [f"{lost} HOLD DATA that would be lost"] * bool(lost)
    parts += [f"of {unsure} only a preview knows whether they are made anew"] * bool(unsure)
    return "; ".join(parts)


def _eyes(difference: Difference, at: At | None) -> Iterator[str]:
    """Yield what opens, allows, uncovers or unprotects, then what closes, each under its concern."""
    found = [(meaning, one) for one in difference.changes for meaning in meanings(one)]
    for concern in CONCERNS:
        for worse in (True, False):
            for meaning, one in found:
                if (meaning.concern, meaning.worse) == (concern, worse):
                    mark = "!" if worse else "+"
                    yield f"  {mark} {concern}  {one.resource.name}: {meaning.text}{_place(one, meaning.path, at)}"


def _area(area: str, changes: Sequence[Changed], at: At | None) -> Iterator[str]:
    counted = Counter(one.operation for one in changes)
    counts = ", ".join(f"{counted[operation]} to {operation}" for operation in OPERATIONS if counted[operation])
    tags = sum(one.tags_only for one in changes)
    yield f"  {area}: {counts}{f', {tags} of them tags alone' * bool(tags)}"
    named = [one for one in changes if not one.tags_only]
    for one in named[:_NAMED]:
        yield f"    {_line(one, at)}"
    if len(named) > _NAMED:
        yield f"    and {len(named) - _NAMED} more"


def _line(changed: Changed, at: At | None) -> str:
    kind, name = changed.resource.type.rpartition(":")[2], changed.resource.name
    because = f", because of {', '.join(changed.because)}" if changed.because else ""
    values = "; ".join(_value(one) for one in changed.differs[:2])
    more = f"; {len(changed.differs) - 2} more" if len(changed.differs) > 2 else ""  # noqa: PLR2004 as shown above
    said = f": {values}{more}" if values and changed.operation in ("update", "replace") else ""
    kept = (
        ", protected: the update stops there"
        if changed.loses_data and changed.before and changed.before.protect
        else ""
    )
    first = changed.because[0] if changed.because else pattern(changed.differs[0].path) if changed.differs else ""
    return f"{changed.operation} {kind} {name}{because}{kept}{said}{_place(changed, first, at)}"


def _value(differs: Differs) -> str:
    return f"{pattern(differs.path)} {shown(differs.before)} -> {shown(differs.after)}"


def shown(value: Any) -> str:  # noqa: ANN401  what programs give
    """Return a value in a few words; what is secret or unknown by its name."""
    if isinstance(value, Marker):
        return f"({value.name})"
    text = "none" if value is None else value if isinstance(value, str) else repr(value)
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH]}…"


def _place(changed: Changed, path: str, at: At | None) -> str:
    if at is None or changed.operation == "delete":
        return ""
    place = at(changed.resource.urn, path.partition(" ")[0])
    return f"  [{place.file}:{place.line}{f' {place.setting}' * bool(place.setting)}]"


def as_json(difference: Difference, at: At | None = None) -> dict[str, Any]:
    """Return the same for programs."""
    waits = Waits(difference.before)
    return {
        "stack": difference.stack,
        "counts": dict(difference.counts),
        "losses": [one.resource.urn for one in difference.changes if one.loses_data],
        "changes": [_document(one, waits, at) for one in difference.changes],
        "renamed": dict(difference.renamed),
    }


def _document(changed: Changed, waits: Waits, at: At | None) -> dict[str, Any]:
    reach = waits.reach(changed.before) if changed.before is not None and _goes(changed.operation) else None
    place = at(changed.resource.urn, pattern(changed.differs[0].path) if changed.differs else "") if at else None
    return {
        "urn": changed.resource.urn,
        "type": changed.resource.type,
        "name": changed.resource.name,
        "operation": changed.operation,
        "because": list(changed.because),
        "unsure": list(changed.unsure),
        "losesData": changed.loses_data,
        "differs": [
            {"path": pattern(one.path), "before": shown(one.before), "after": shown(one.after)}
            for one in changed.differs
        ],
        "means": [_meaning(one) for one in meanings(changed)],
        "reach": None
        if reach is None
        else {
            "dependants": len(reach.dependants),
            "depth": reach.depth,
            "holdingData": reach.holding_data,
            "serving": reach.serving,
            "recovering": reach.recovering,
        },
        "at": None if place is None else {"file": place.file, "line": place.line, "setting": place.setting},
    }


def _meaning(meaning: Meaning) -> dict[str, Any]:
    return {"concern": meaning.concern, "worse": meaning.worse, "text": meaning.text, "path": meaning.path}


def _goes(operation: Operation) -> bool:
    return operation in ("replace", "delete")
