"""Is there a fence: are users kept from a primary that returns, as long as its standby serves?

Looked at in what is published and in what load balancers hold, not in the program: a rule or a record that somebody
took out of the standby is missed here, before a region is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.drill import rules
from sandbox.drill.checks import Check, holds, same
from sandbox.drill.health import Calculated
from sandbox.drill.resolver import PRIMARY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.drill.sides import Pair
    from sandbox.drill.zone import Zone

FIX: Final = (
    "deploy both stacks again and read their previews; the fence is in `components/edge/` and `components/recovery/`"
)
QUIET: Final = "404 by a rule of its own"
"""Answer of a standby that does not serve."""
BOTH: Final = ("its own answer", "not a standby that serves")
"""What a primary's record needs."""


def checks(pair: Pair, zone: Zone) -> Iterator[Check]:
    """Look at the primary's check, and at the standby's name and answer.

    Args:
        pair: The stacks; the standby does not serve.
        zone: The zone as it is published.
    """
    yield listens(zone)
    fence = zone.fence
    if fence is None:
        return
    region = pair.standby.region
    yield same("fence-record", f"{fence.host} leads to {region}", f"{fence.host} leads to {_where(zone)}", FIX)
    hosts = [host for host, place in zone.balancers.items() if place == region]
    said = [rules.answer(rules.read(pair.standby, host), fence.path) for host in hosts]
    found = [f"{rule.status} by a rule of its own" for rule in said if rule]
    yield holds("fence-rule", f"{QUIET} on {fence.path}", ", ".join(found) or "no rule", FIX, ok=found == [QUIET])


def listens(zone: Zone) -> Check:
    """Look whether the primary's record needs both: that its region answers, and that no standby serves."""
    record = zone.pair.get(PRIMARY)
    said = zone.health_checks.get(record.health_check) if record else None
    both = [check for check in (zone.own(PRIMARY), zone.fence) if check]
    words = " and ".join(f"{'not ' if check.inverted else ''}{check.host}{check.path}" for check in both) or "nothing"
    found, ok = f"1 of {words}", False
    if isinstance(said, Calculated):
        found = f"{said.threshold} of {words}"
        ok = {check.id for check in both} == set(said.children) and said.threshold == len(both) == len(BOTH)
    return holds("fence-check", f"2 of {' and '.join(BOTH)}", found, FIX, ok=ok)


def _where(zone: Zone) -> str:
    return zone.region_of(zone.leads(zone.fence.host)) if zone.fence else "nowhere"
