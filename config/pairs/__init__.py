"""A standby judged beside its primary: what contradicts, and what it could not carry after a failover (ADR 0030)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from config.base import IncompleteError
from config.pairs.clash import Clash, Pair
from config.pairs.compare import compared
from config.pairs.differs import without_excused
from config.pairs.peers import PEERS
from config.pairs.residency import RESIDENCY
from config.pairs.serving import SERVING
from config.pairs.ties import TIES
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.problems import Problem
    from config.recovery import Standby
    from config.stack import StackConfig

CHECKS: Final[tuple[Callable[[Pair], Iterator[Clash]], ...]] = (*TIES, *PEERS, *RESIDENCY, compared, *SERVING)
"""Everything that is held against a pair."""

__all__ = ["CHECKS", "Pair", "follows", "judge_pair"]


def follows(config: StackConfig) -> Standby | None:
    """Return how a stack follows its primary; None for a primary, and where that part is unsound or names none."""
    with suppress(IncompleteError):
        how = config.recovery.standby if config.recovery else None
        return how if how is None or how.primary else None
    return None


def judge_pair(standby: StackConfig, primary: StackConfig) -> list[Problem]:
    """Return what is wrong with a standby beside its primary, each with the primary's value, without files or lines.

    Args:
        standby: Settings of a stack with `recovery.standby`, or what is sound of them.
        primary: Settings of the stack that it names, or what is known of them.
    """
    how = follows(standby)
    if how is None:
        return []
    pair = Pair(standby=standby, primary=primary, follows=how)
    found = [clash for check in CHECKS for clash in until_incomplete(check(pair))]
    return list(until_incomplete(without_excused(pair, found)))
