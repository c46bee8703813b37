"""Reasons for differences: `recovery.standby.differs` excuses what a standby may lack, and nothing else."""

from __future__ import annotations

import difflib
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from config.base import IncompleteError
from config.problems import NOTHING, Problem, beside, refuse
from config.walk import plain, value, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.pairs.clash import Clash, Pair


def without_excused(pair: Pair, found: Sequence[Clash]) -> Iterator[Problem]:
    """Yield the clashes that no reason excuses, and every reason that excuses nothing.

    A standby that serves is compared with nobody: only what ties it to its primary is reported.
    """
    active, reasons = pair.follows.active, pair.follows.differs
    bound = {one.path for one in found if not one.excusable}
    excused = {one.path for one in found if one.excusable} - bound
    for one in found:
        if not (one.excusable and (active or one.path in reasons)):
            yield one.problem
    known = whole(pair.standby) and whole(pair.primary)  # else a difference may only not be seen
    for path, reason in reasons.items() if known and not active else ():
        if path not in excused:
            problem = _idle(path, reason, sorted(excused), bound=path in bound)
            keys = tuple(path.split("."))
            yield replace(problem, beside=beside(keys, _there(pair, keys)))


def _idle(path: str, reason: str, excused: Sequence[str], *, bound: bool) -> Problem:
    close = difflib.get_close_matches(path, excused, n=1, cutoff=0.8)
    what = "no reason excuses this difference" if bound else "excuses nothing: the standby does not differ there"
    fix = f"did you mean `{close[0]}`?" if close else "drop the line"
    place = ("recovery", "standby", "differs", path)
    return refuse(place, what, got=reason, allowed=", ".join(excused) or "no reason at all", fix=fix)


def _there(pair: Pair, path: tuple[str, ...]) -> object:
    with suppress(LookupError, IncompleteError):
        return plain(value(pair.primary, path))
    return NOTHING
