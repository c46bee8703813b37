"""What a standby could not carry once it serves alone, beyond values of one path: nodes, objectives of its region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.objectives import availability, bound, services
from config.pairs.clash import Clash, Pair, clash
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.cluster import NodeGroup
    from config.problems import Path
    from config.stack import StackConfig

GROUPS: Final[Path] = ("cluster", "node_groups")


def nodes(pair: Pair) -> Iterator[Clash]:
    """No group ends at fewer nodes than the primary's, nor begins with fewer when the standby serves."""
    for name, there in present(pair.primary.cluster).node_groups.items():
        here = present(pair.standby.cluster).node_groups.get(name)
        if here is not None:
            yield from until_incomplete(_most(pair, name, here, there))
            yield from until_incomplete(_least(pair, name, here, there))


def _most(pair: Pair, name: str, here: NodeGroup, there: NodeGroup) -> Iterator[Clash]:
    per, path = _per(here, pair.standby), (*GROUPS, name, "scaling", "max")
    most = there.scaling.max * _per(there, pair.primary)
    if here.scaling.max * per < most:
        yield clash(
            path,
            f"{here.scaling.max * per} nodes at most, and the primary's group has up to {most}",
            got=here.scaling.max,
            primary=(path, there.scaling.max),
            allowed=_or_more(most, per),
            fix="raise it",
            excusable=True,
        )


def _least(pair: Pair, name: str, here: NodeGroup, there: NodeGroup) -> Iterator[Clash]:
    per, least = _per(here, pair.standby), there.scaling.min * _per(there, pair.primary)
    fewest = here.active.min if here.active else here.scaling.min
    if fewest * per < least:
        yield clash(
            (*GROUPS, name, *(("active", "min") if here.active else ("scaling", "min"))),
            f"{fewest * per} nodes at least while this stack serves, and the primary's group has {least}",
            got=fewest,
            primary=((*GROUPS, name, "scaling", "min"), there.scaling.min),
            allowed=_or_more(least, per),
            fix="raise it" if here.active else "give the group `active` counts",
            excusable=True,
        )


def _per(group: NodeGroup, config: StackConfig) -> int:
    """Return by what the counts of a group are multiplied."""
    return len(present(config.network).zones) if group.scaling.per == "zone" else 1


def _or_more(nodes_needed: int, per: int) -> str:
    return f"{-(-nodes_needed // per)} or more"


def objectives(pair: Pair) -> Iterator[Clash]:
    """What the primary promises for the loss of a zone, the standby could keep as well once it serves."""
    promised = pair.primary.recovery.objectives if pair.primary.recovery else {}
    here = services(pair.standby)
    for service, objective in promised.items():
        if objective.scope != "zone" or service not in here:
            continue
        kept = bound(service, "zone", pair.standby)
        for side in kept.breaks(objective):
            minutes = objective.rto_minutes if side == "rto" else objective.rpo_minutes
            yield clash(
                ("recovery", "objectives", service, f"{side}_minutes"),
                f"a lost zone would cost more while this stack serves ({kept.mechanism}): {kept.arithmetic(side)}",
                got=kept.mechanism,
                primary=(("recovery", "objectives", service, f"{side}_minutes"), minutes),
                allowed=f"settings that keep {minutes} min",
                fix="give it the primary's mechanism",
                excusable=True,
            )


def availability_kept(pair: Pair) -> Iterator[Clash]:
    """The parts of the standby promise the availability that the primary declares."""
    declared = pair.primary.recovery.availability_percent if pair.primary.recovery else None
    reckoned = availability(pair.standby)
    if declared is not None and reckoned.parts and float(reckoned.percent) < declared:
        yield clash(
            ("recovery", "availability_percent"),
            f"the parts of this stack promise less: {reckoned.arithmetic()}",
            got=float(reckoned.percent),
            primary=(("recovery", "availability_percent"), declared),
            allowed=f"parts that promise {declared}",
            fix=f"replace the weakest part, {reckoned.weakest.part}",
            excusable=True,
        )


SERVING: Final[tuple[Callable[[Pair], Iterator[Clash]], ...]] = (nodes, objectives, availability_kept)
