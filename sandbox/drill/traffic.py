"""Where a user's request ends up: the published zone, health checks at work, a server for each load balancer."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from sandbox.drill import fence, limits
from sandbox.drill.checks import Check, holds, same
from sandbox.drill.frontend import Frontend, Frontends
from sandbox.drill.names import balancer
from sandbox.drill.prober import Prober
from sandbox.drill.resolver import PRIMARY

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.drill.health import HealthCheck
    from sandbox.drill.rules import Rule
    from sandbox.drill.zone import Zone

FIX = "see the failover records of the origin's name and their health checks: `components/edge/`"


class Traffic:
    """Serves both regions and asks after their health until it is left; use as a context manager.

    Args:
        zone: The zone as it was published.
        rules: Name of a load balancer and its region -> the rules of its listener, as they are when it is called.
    """

    def __init__(self, zone: Zone, rules: Callable[[str, str], tuple[Rule, ...]]) -> None:
        self._zone = zone
        self._rules = rules
        self._fronts = {
            balancer(record.target): Frontend(zone.region_of(record.target), check.path)
            for part, record in zone.pair.items()
            if (check := zone.own(part))
        }
        self._network = Frontends(self._fronts)
        self._prober = Prober(zone.health_checks.values(), self._passes)
        self._all = contextlib.ExitStack()
        self._lost = 0.0

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            for frontend in self._fronts.values():
                stack.enter_context(frontend)
            self.refresh()
            stack.enter_context(self._prober)
            self._all = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._all.close()

    def refresh(self) -> None:
        """Let load balancers that stand answer by the rules that they have now."""
        for host, frontend in self._fronts.items():
            if frontend.is_open:
                frontend.rules = self._rules(host, frontend.region)

    def lose(self, region: str) -> None:
        """Let a region's load balancers refuse connections."""
        self._lost = time.monotonic()
        for frontend in self._fronts.values():
            if frontend.region == region:
                frontend.close()

    def restore(self, region: str) -> None:
        """Let a region's load balancers answer again."""
        for frontend in self._fronts.values():
            if frontend.region == region:
                frontend.open()
        self.refresh()

    def becomes(self, *, healthy: bool) -> tuple[Check, float]:
        """Wait for the health check of the primary's record to change; returns what was found, and when."""
        asked = self._zone.own(PRIMARY)
        return self._awaited("health-check", self._zone.pair[PRIMARY].health_check, asked, healthy=healthy)

    def answers(self) -> tuple[Check, float]:
        """Wait until the primary answers again, whether users are let there or not; as `becomes`."""
        own = self._zone.own(PRIMARY)
        return self._awaited("primary-answers", own.id if own else "", own, healthy=True)

    def fenced(self, *, raised: bool) -> tuple[Check, float]:
        """Wait until the standby's word holds the primary off, or does so no longer; as `becomes`."""
        quiet = self._zone.fence
        return self._awaited("fence", quiet.id if quiet else "", quiet, healthy=not raised)

    def stays(self, region: str) -> list[Check]:
        """Look whether users are where they went when the other region was lost, and have been there ever since."""
        record = self._zone.pair[PRIMARY].health_check
        seen = [change for change in self._prober.changes if change.check == record and change.at >= self._lost]
        return [
            replace(self.reaches(region), name=f"traffic-stays {self._zone.origin}"),
            same("traffic-moves", "once since the loss", "once since the loss" if len(seen) == 1 else len(seen), FIX),
        ]

    def reaches(self, region: str) -> Check:
        """Follow a request from the origin's name to whoever answers; it should be a region."""
        host = balancer(self._zone.serving(self._prober.healthy()))
        part = next((part for part, record in self._zone.pair.items() if balancer(record.target) == host), "")
        check = self._zone.own(part)
        status, body = self._network.fetch(host, check.path if check else "/")
        return same(f"traffic {self._zone.origin}", f"200 from {region}", f"{status} from {body}", FIX)

    def _passes(self, check: HealthCheck) -> bool:
        """Whether an endpoint answers as a healthy one does; its name is looked up in the zone."""
        return self._network.passes(replace(check, host=self._zone.leads(check.host)))

    def _awaited(self, name: str, id_: str, asked: HealthCheck | None, *, healthy: bool) -> tuple[Check, float]:
        """Wait for a health check that changes when an endpoint does; returns what was found, and when (monotonic)."""
        state = "healthy" if healthy else "unhealthy"
        if asked is None:
            return holds(f"{name} {state}", state, "no such health check", fence.FIX, ok=False), time.monotonic()
        limit = asked.slowest_detection_seconds + limits.DETECTION_SLACK
        change = self._prober.await_state(id_, healthy=healthy, limit_seconds=limit)
        expected = f"{state} after {asked.threshold} answers in a row, {asked.interval_seconds:.0f} s apart"
        found = state if change else f"not {state} within {limit:.0f} s"
        verdict = holds(f"{name} {state}", expected, found, FIX, ok=change is not None)
        return verdict, change.at if change else time.monotonic()
