"""What follows from a choice of region: address blocks wide enough, and alarms that are not passed from the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.ceilings import CEILINGS
from config.examine import examined
from config.facts.metrics import METRICS
from config.layers import Layers
from config.new.addresses import place
from config.new.region import move
from config.problems import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection
    from ipaddress import IPv4Network

    from config.new.draft import Draft
    from config.problems import Path, Problem
    from config.stack import StackConfig

_WIDENINGS: Final = 8
"""Times that blocks are doubled before the rules have the last word."""


def moved(draft: Draft, region: str, taken: Collection[IPv4Network] = ()) -> tuple[Draft, list[Problem]]:
    """Return a stack in another region, and what still stands against it there.

    Args:
        draft: The stack as it is.
        region: Code of the region.
        taken: Address blocks that are in use elsewhere; where the stack's own meet none, they stay.
    """
    move(draft, region)
    return settled(draft, taken)


def settled(draft: Draft, taken: Collection[IPv4Network]) -> tuple[Draft, list[Problem]]:
    """Return a draft with address blocks and thresholds that suit it, and what still stands against it."""
    widened: dict[Path, int] = {}
    found: Draft = draft
    problems: list[Problem] = []
    for _ in range(_WIDENINGS):
        found = draft.fork()
        try:
            place(found, taken, widened)
        except ConfigError as error:
            return found, list(error.problems)
        config, problems = examined(Layers(found.values, None, ""))
        lowered = [_lower(found, config, problem) for problem in problems]
        if any(lowered):
            config, problems = examined(Layers(found.values, None, ""))
        narrow = {one.path[:4] for one in problems if one.path[1:2] == ("tiers",) and one.path[3:4] == ("cidrs",)}
        if not narrow:
            break
        widened.update({path: widened.get(path, 0) + 1 for path in narrow})
    return found, problems


def _lower(draft: Draft, config: StackConfig, problem: Problem) -> bool:
    """Lower a threshold that would be passed from the start, such as one on nodes where fewer zones have fewer."""
    if problem.path[:2] != ("observability", "alarms") or problem.path[-1] != "threshold":
        return False
    source = draft.get(*problem.path[:-1], "source")
    fact = METRICS.get(source)
    bounds = [one for one in CEILINGS[source](config) if one.reached] if source in CEILINGS else []
    if fact is None or not fact.low or not bounds:
        return False
    lowest = min(bounds, key=lambda one: one.value)
    draft.set(problem.path, int(lowest.value), lowest.of)
    return True
