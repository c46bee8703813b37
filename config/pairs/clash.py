"""A pair of stack files, and what one says against the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from config.problems import Path, Problem, beside, dotted, refuse

if TYPE_CHECKING:
    from config.recovery import Standby
    from config.stack import StackConfig


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A standby beside the primary that it names; either may be known in part only."""

    standby: StackConfig
    """Settings of the standby."""
    primary: StackConfig
    """Settings of the primary, of its file or as it was deployed."""
    follows: Standby
    """The standby's `recovery.standby`."""


@dataclass(frozen=True, kw_only=True)
class Clash:
    """One thing that a standby's settings say against its primary's."""

    problem: Problem
    """What is reported; its path is the standby's, and the primary's stands beside it."""
    path: str
    """The path, dotted: the key in `recovery.standby.differs` that gives a reason."""
    excusable: bool
    """True where the standby can follow all the same, and the reason for a difference is enough."""


def clash(  # noqa: PLR0913 - each part of a message has its own name
    path: Path,
    what: str,
    *,
    got: object,
    primary: tuple[Path, object],
    allowed: str,
    fix: str,
    excusable: bool = False,
) -> Clash:
    """Return a clash.

    Args:
        path: Path of the value in the standby's settings.
        what: What is wrong.
        got: The standby's value, or `NOTHING`.
        primary: Path of the value in the primary's settings, and the value there.
        allowed: Values that would do in the standby.
        fix: What to do.
        excusable: True where `recovery.standby.differs` may give a reason.
    """
    name = dotted(path)
    if excusable:
        fix = f"{fix}, or say why it differs: `recovery.standby.differs: {{{name}: <reason>}}`"
    problem = refuse(path, what, got=got, allowed=allowed, fix=fix)
    return Clash(problem=replace(problem, beside=beside(*primary)), path=name, excusable=excusable)
