"""Objectives: none tighter than what the settings can keep, and no more availability than the parts promise."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from config.objectives import availability, binding, bound, cheapest, cheapest_tier, has
from config.objectives.step import MINUTE
from config.problems import Path, refuse
from config.rules.until_incomplete import until_incomplete
from config.walk import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.problems import Problem
    from config.recovery import Objective, ServiceName
    from config.stack import StackConfig

OBJECTIVES: Final[Path] = ("recovery", "objectives")
AVAILABILITY: Final[Path] = ("recovery", "availability_percent")
_NONE_FASTER: Final = "no mechanism of this program is faster"
_PARTS: Final[Mapping[ServiceName, str]] = {
    "cluster": "cluster",
    "containers": "containers.services",
    "instances": "instances",
    "beanstalk": "beanstalk",
    "queues": "messaging.queues",
    "postgres": "data.postgres",
    "redis": "data.redis",
    "streaming": "streaming",
    "buckets": "data.buckets",
    "secrets": "data.postgres or data.redis",
    "images": "registry",
}
"""Service -> part of a stack file that makes a stack have it."""


def objectives_hold(config: StackConfig) -> Iterator[Problem]:
    """No objective is tighter than the bound that the mechanisms in the file give, nor of what the stack lacks."""
    for service, objective in config.recovery.objectives.items() if config.recovery else ():
        yield from until_incomplete(_judged(service, objective, config))


def _judged(service: ServiceName, objective: Objective, config: StackConfig) -> Iterator[Problem]:
    if has(service, config):
        yield from _holds(service, objective, config)
    else:
        what, part = "promises something of what this stack does not have", _PARTS.get(service, "anything")
        path, allowed = (*OBJECTIVES, service), f"nothing without {part}"
        yield refuse(path, what, got=plain(objective), allowed=allowed, fix=f"drop it, or add {part}")


def _holds(service: ServiceName, objective: Objective, config: StackConfig) -> Iterator[Problem]:
    found = bound(service, objective.scope, config)
    for side in found.breaks(objective):
        seconds = found.seconds(side)
        minutes = objective.rto_minutes if side == "rto" else objective.rpo_minutes
        binds = binding(objective.scope, config)[side] if service == "system" else service
        mechanism = bound(binds, objective.scope, config).mechanism
        least = None if math.isinf(seconds) else math.ceil(seconds / MINUTE)
        advice = cheapest(service, objective, config)
        tier = cheapest_tier(service, objective, config) if objective.scope == "region" else None
        raised = f"; recovery.tier {tier} is the cheapest that keeps it" if tier else ""
        declare = f"declare {least}" if least is not None else "drop the objective"
        yield refuse(
            (*OBJECTIVES, service, f"{side}_minutes"),
            f"tighter than {binds} ({mechanism}) can keep: {found.arithmetic(side)}",
            got=minutes,
            allowed=f"{least} or more" if least is not None else "no number, as nothing bounds it",
            fix=f"{advice.words}{raised}; or {declare}" if advice else f"{declare}; {_NONE_FASTER}",
        )


def availability_holds(config: StackConfig) -> Iterator[Problem]:
    """No more availability is promised than the product of what AWS promises."""
    declared = config.recovery.availability_percent if config.recovery else None
    if declared is None:
        return
    reckoned = availability(config)
    if not reckoned.parts:
        what, fix = "nothing in this stack serves a request", "drop it"
        yield refuse(AVAILABILITY, what, got=declared, allowed="nothing", fix=fix)
    elif Decimal(str(declared)) > reckoned.percent:
        yield refuse(
            AVAILABILITY,
            f"the parts in series promise less: {reckoned.arithmetic()}",
            got=declared,
            allowed=f"{reckoned.percent} at most",
            fix=f"declare that, or replace the weakest part, {reckoned.weakest.part}",
        )


RULES: Final = (objectives_hold, availability_holds)
