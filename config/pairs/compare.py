"""The rows of the table, held against a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.base import IncompleteError
from config.pairs.clash import Clash, Pair, clash
from config.pairs.table import ROWS
from config.problems import NOTHING, Path, show
from config.walk import expand, gap, plain, value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.pairs.row import Row


def compared(pair: Pair) -> Iterator[Clash]:
    """Yield every row that a standby's settings break; a path is reported once, and what is missing as a whole once."""
    reported: set[Path] = set()
    for row in ROWS:
        for path in _paths(row, pair):
            if any(path[:length] in reported for length in range(1, len(path) + 1)):
                continue
            found = _judged(row, path, pair)
            if found is not None:
                reported.add(found.problem.path)
                yield found


def _paths(row: Row, pair: Pair) -> list[Path]:
    try:
        return list(expand(pair.primary, row.pattern))
    except IncompleteError:
        return []


def _judged(row: Row, path: Path, pair: Pair) -> Clash | None:
    try:
        there, lacking = value(pair.primary, path), gap(pair.standby, path)
        here = NOTHING if lacking else value(pair.standby, path)
    except IncompleteError:  # unsound or unknown, which is reported where it stands
        return None
    bound = row.bound == "always" or (row.bound == "redis" and pair.follows.redis is not None)
    excusable = not bound or lacking not in (None, path)  # a section that is missing as a whole is another matter
    if lacking:
        primary = (lacking, plain(value(pair.primary, lacking)))
        fix = "add it here" if excusable else "add it here, or take it out of the primary's file"
        what = f"missing here: {row.why}" if lacking == path else "missing here, and the primary has one"
        return clash(
            lacking, what, got=NOTHING, primary=primary, allowed="an entry, as the primary has one", fix=fix,
            excusable=excusable,
        )  # fmt: skip
    if row.kind == "there" or row.holds(here, there):
        return None
    least = row.kind == "at least"
    what = f"{'less than' if least else 'not'} the primary's: {row.why}"
    allowed = _least(there) if least else show(plain(there))
    fix = f"write {allowed}" if excusable else "write the primary's value, or change both files"
    return clash(
        path, what, got=plain(here), primary=(path, plain(there)), allowed=allowed, fix=fix, excusable=excusable
    )


def _least(there: object) -> str:
    """Say what is not less than the primary's."""
    if isinstance(there, dict):
        return f"{len(there)} entries or more"
    return f"all of {show(plain(there))}" if isinstance(there, tuple) else f"{show(plain(there))} or more"
