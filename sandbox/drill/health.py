"""Route 53's health checks as state machines; no clock and no network of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = ("HTTP", "HTTPS")
"""Types of health check that are judged by the status of an answer alone."""
CALCULATED: Final = "CALCULATED"
"""Type of health check that is judged by others. What is neither is refused, not guessed at."""

STATUS: Final = range(200, 400)
"""Statuses of a healthy answer: 2xx and 3xx (Route 53 Developer Guide, "How Amazon Route 53 determines whether a health
check is healthy", 2026-11-21)."""


@dataclass(frozen=True)
class HealthCheck:
    """What a health check of an endpoint says of itself.

    Attributes:
        id: Its id in Route 53.
        host: Name of the endpoint that it asks.
        path: Path that it asks for.
        interval_seconds: Time between an answer and the next request of one checker.
        threshold: Results in a row that change the state, either way.
        inverted: Whether it is healthy while its endpoint is not.
    """

    id: str
    host: str
    path: str
    interval_seconds: float
    threshold: int
    inverted: bool = False

    @property
    def slowest_detection_seconds(self) -> float:
        """Longest time from the loss of the endpoint to the changed state, without the time an answer takes."""
        return self.threshold * self.interval_seconds


@dataclass(frozen=True)
class Calculated:
    """A health check of health checks.

    Attributes:
        id: Its id in Route 53.
        children: Ids of the checks that it counts.
        threshold: How many of them must be healthy.
    """

    id: str
    children: tuple[str, ...]
    threshold: int

    def healthy(self, states: Mapping[str, bool]) -> bool:
        """Return its state by those of its children."""
        return sum(states[child] for child in self.children) >= self.threshold


def read(said: Mapping[str, Any]) -> HealthCheck | Calculated:
    """Return an item of ListHealthChecks.

    Raises:
        ValueError: It is of a kind that neither state machine follows.
    """
    config = said["HealthCheckConfig"]
    kind, inverted, disabled = config["Type"], config.get("Inverted", False), config.get("Disabled", False)
    if kind == CALCULATED and not inverted and not disabled:
        return Calculated(said["Id"], tuple(config.get("ChildHealthChecks", ())), int(config["HealthThreshold"]))
    if kind not in KINDS or disabled:
        raise ValueError(
            f"health check {said['Id']}: type {kind}, inverted {inverted}, disabled {disabled}; allowed: "
            f"{' or '.join(KINDS)}, or {CALCULATED} and not inverted; not disabled"
        )
    return HealthCheck(
        id=said["Id"],
        host=str(config["FullyQualifiedDomainName"]).rstrip(".").lower(),
        path=config.get("ResourcePath") or "/",
        interval_seconds=float(config.get("RequestInterval", 30)),
        threshold=int(config.get("FailureThreshold", 3)),
        inverted=inverted,
    )


class Health:
    """State of one health check of an endpoint, as one checker sees it.

    Route 53 asks from many places and calls an endpoint healthy while more than 18 % of them do. One checker is the
    case in which all of them see the same, which the loss of a region is. Until there are answers the endpoint counts
    as well; so a new check is healthy, and a new inverted one is not (same page of the guide).

    Args:
        threshold: Results in a row that change the state.
        inverted: Whether it is healthy while its endpoint is not.
    """

    def __init__(self, threshold: int, *, inverted: bool = False) -> None:
        self._threshold = threshold
        self._inverted = inverted
        self._against = 0
        self._well = True

    @property
    def healthy(self) -> bool:
        """Whether the check is healthy."""
        return self._well != self._inverted

    def observe(self, *, passed: bool) -> bool:
        """Take one result of the endpoint; returns whether the state changed."""
        if passed == self._well:
            self._against = 0
            return False
        self._against += 1
        if self._against < self._threshold:
            return False
        self._well, self._against = passed, 0
        return True
