"""The recovery tier: a standby's file has what its tier asks for, and no word of it is less than what stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.objectives import TIERS, lacking, standing
from config.problems import NOTHING, refuse
from config.walk import ABSENT, plain, value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Path, Problem
    from config.recovery import Tier
    from config.stack import StackConfig

TIER: Final[Path] = ("recovery", "tier")


def tier_stands(config: StackConfig) -> Iterator[Problem]:
    """The tier that a standby's file names is the one that it amounts to."""
    tier = config.recovery.tier if config.recovery else None
    if tier is None:
        return
    if config.identity.role == "primary":
        fix = "write it in the file of the standby that follows this stack"
        yield refuse(TIER, "a primary knows nothing of its standbys", got=tier, allowed="nothing", fix=fix)
        return
    present(present(config.recovery).standby)
    yield from _lacking(tier, config)
    yield from _more(tier, config)


def _lacking(tier: Tier, config: StackConfig) -> Iterator[Problem]:
    """What the tier asks for is there."""
    for demand in lacking(tier, config):
        now = standing(config)
        lower = f"; or write recovery.tier: {now}" if now else ""
        yield refuse(
            demand.path,
            f"recovery.tier {tier} asks for more than stands here",
            got=_found(demand.path, config),
            allowed=f"what a {tier.replace('_', ' ')} has",
            fix=f"{demand.fix}{lower}",
        )


def _found(path: Path, config: StackConfig) -> object:
    found = value(config, path)
    return NOTHING if found is None or found is ABSENT else plain(found)


def _more(tier: Tier, config: StackConfig) -> Iterator[Problem]:
    """Nothing is paid for that the tier does not say."""
    now = standing(config)
    if now is not None and TIERS.index(now) > TIERS.index(tier):
        yield refuse(
            TIER,
            f"what stands here is more: a {now.replace('_', ' ')}, and is paid for as one",
            got=tier,
            allowed=now,
            fix=f"write {now}, or take away what a {tier.replace('_', ' ')} does not have",
        )


RULES: Final = (tier_stands,)
