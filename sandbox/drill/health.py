"""One Route 53 health check as a state machine; no clock and no network of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = ("HTTP", "HTTPS")
"""Types of health check that are judged by the status of an answer alone; the others are refused, not guessed at."""

STATUS: Final = range(200, 400)
"""Statuses of a healthy answer: 2xx and 3xx (Route 53 Developer Guide, "How Amazon Route 53 determines whether a health
check is healthy", 2026-11-21)."""


@dataclass(frozen=True)
class HealthCheck:
    """What a health check says of itself.

    Attributes:
        id: Its id in Route 53.
        host: Name of the endpoint that it asks.
        path: Path that it asks for.
        interval_seconds: Time between an answer and the next request of one checker.
        threshold: Results in a row that change the state, either way.
    """

    id: str
    host: str
    path: str
    interval_seconds: float
    threshold: int

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> HealthCheck:
        """Return an item of ListHealthChecks.

        Raises:
            ValueError: It is of a kind that this state machine does not follow.
        """
        config = said["HealthCheckConfig"]
        kind = config["Type"]
        if kind not in KINDS or config.get("Inverted") or config.get("Disabled"):
            raise ValueError(
                f"health check {said['Id']}: type {kind}, inverted {config.get('Inverted', False)}, disabled "
                f"{config.get('Disabled', False)}; allowed: {' or '.join(KINDS)}, not inverted, not disabled"
            )
        return cls(
            id=said["Id"],
            host=str(config["FullyQualifiedDomainName"]).rstrip(".").lower(),
            path=config.get("ResourcePath") or "/",
            interval_seconds=float(config.get("RequestInterval", 30)),
            threshold=int(config.get("FailureThreshold", 3)),
        )

    @property
    def slowest_detection_seconds(self) -> float:
        """Longest time from the loss of the endpoint to the changed state, without the time an answer takes."""
        return self.threshold * self.interval_seconds


class Health:
    """State of one health check, as one checker sees it.

    Route 53 asks from many places and calls an endpoint healthy while more than 18 % of them do. One checker is the
    case in which all of them see the same, which the loss of a region is.
    """

    def __init__(self, threshold: int) -> None:
        self._threshold = threshold
        self._against = 0
        self.healthy = True

    def observe(self, *, passed: bool) -> bool:
        """Take one result; returns whether the state changed."""
        if passed == self.healthy:
            self._against = 0
            return False
        self._against += 1
        if self._against < self._threshold:
            return False
        self.healthy, self._against = passed, 0
        return True
