"""Residency of a pair: what a standby has of its primary has left the primary's region, whose file decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.outlets import arrivals
from config.pairs.clash import Clash, Pair, clash
from config.problems import NOTHING, dotted
from config.rules.residency import RESIDENCY as SECTION
from config.rules.residency import called, unexcused
from config.walk import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def stays(pair: Pair) -> Iterator[Clash]:
    """Nothing of the primary comes to the standby's region without a place or an exception in the primary's file."""
    residency, region = pair.primary.residency, pair.primary.identity.region
    if residency is None:
        return
    for one in arrivals(pair.standby):
        path = dotted(one.path)
        places = tuple(place for place in one.places if place != region)
        left = unexcused(residency, one.outlet.data, path, places, pair.primary.as_of)
        if left:
            data = called(residency, one.outlet.data)
            yield clash(
                one.path, f"{one.outlet.what}: leaves {region} for {', '.join(left)}, data of {data}",
                got=plain(one.value), primary=(SECTION, plain(residency)),
                allowed=", ".join([region, *sorted(residency.places(one.outlet.data))]),
                fix=f"leave it out, or write an exception with `of: {path}` in both files",
            )  # fmt: skip


def alike(pair: Pair) -> Iterator[Clash]:
    """Both files say the same of residency: the pack judges each stack by its own."""
    here, there = pair.standby.residency, pair.primary.residency
    if here != there:
        yield clash(
            SECTION, "not the primary's: where data may be is decided once", got=plain(here),
            primary=(SECTION, NOTHING if there is None else plain(there)),
            allowed="the same section in both files", fix="write it in a base that both name in `extends`",
        )  # fmt: skip


RESIDENCY: Final[tuple[Callable[[Pair], Iterator[Clash]], ...]] = (stays, alike)
