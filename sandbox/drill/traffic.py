"""Where a user's request ends up: the published zone, health checks at work, a server for each load balancer."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Self

from sandbox.drill import limits
from sandbox.drill.checks import Check, holds, same
from sandbox.drill.frontend import Frontend, Frontends, plain
from sandbox.drill.prober import Prober
from sandbox.drill.resolver import PRIMARY

if TYPE_CHECKING:
    from sandbox.drill.health import HealthCheck
    from sandbox.drill.zone import Zone

CURE = "see the failover records of the origin's name and their health checks: `components/edge/`"


class Traffic:
    """Serves both regions and asks after their health until it is left; use as a context manager.

    Args:
        zone: The zone as it was published.
    """

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._fronts = {check.host: Frontend(zone.region_of(check.host), check.path) for check in checks(zone)}
        self._network = Frontends(self._fronts)
        self._prober = Prober(checks(zone), self._network.passes)
        self._all = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            for front in self._fronts.values():
                stack.enter_context(front)
            stack.enter_context(self._prober)
            self._all = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._all.close()

    def lose(self, region: str) -> None:
        """Let a region's load balancers refuse connections."""
        for front in self._fronts.values():
            if front.region == region:
                front.close()

    def restore(self, region: str) -> None:
        """Let a region's load balancers answer again."""
        for front in self._fronts.values():
            if front.region == region:
                front.open()

    def becomes(self, *, healthy: bool) -> tuple[Check, float]:
        """Wait for the primary's health check to change; returns what was found, and when (monotonic seconds)."""
        check = self._zone.health_checks[self._zone.pair[PRIMARY].health_check]
        limit = check.slowest_detection_seconds + limits.DETECTION_SLACK
        change = self._prober.await_state(check.id, healthy=healthy, limit_seconds=limit)
        state = "healthy" if healthy else "unhealthy"
        expected = f"{state} after {check.threshold} answers in a row, {check.interval_seconds:.0f} s apart"
        found = state if change else f"not {state} within {limit:.0f} s"
        verdict = holds(f"health-check {state}", expected, found, CURE, ok=change is not None)
        return verdict, change.at if change else time.monotonic()

    def reaches(self, region: str) -> Check:
        """Follow a request from the origin's name to whoever answers."""
        host = self._zone.serving(self._prober.healthy())
        check = next((check for check in checks(self._zone) if plain(check.host) == plain(host)), None)
        status, body = self._network.fetch(host, check.path if check else "/")
        return same(f"traffic {self._zone.origin}", f"200 from {region}", f"{status} from {body}", CURE)


def checks(zone: Zone) -> list[HealthCheck]:
    """Return the health checks of the failover pair."""
    return [zone.health_checks[record.health_check] for record in zone.pair.values()]
