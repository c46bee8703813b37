"""What a drill measured of each service, to stand beside what is promised of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.run.events import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MADE_BY: Final = {
    "aws:rds/instance:Instance": ("postgres",),
    "aws:eks/nodeGroup:NodeGroup": ("cluster",),
    "aws:lambda/invocation:Invocation": ("redis", "secrets"),
}
"""Type of a resource -> services that take writes, or have their nodes, once it has been updated."""

AT_ONCE: Final = ("buckets", "images")
"""Services that wait for nothing of the update: their copies serve as soon as users are there."""


def ready(events: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Return service -> seconds from the beginning of an update until the last operation that the service waits for.

    Args:
        events: The engine's event log of the update.
    """
    begun, found = None, dict[str, float]()
    for event in events:
        begun = event["timestamp"] if begun is None else begun
        said = event.get("resOutputsEvent", {}).get("metadata", {})
        if said.get("op") in VERBS:
            for service in MADE_BY.get(said["type"], ()):
                found[service] = float(event["timestamp"] - begun)
    return found


def recovered(marks: Mapping[str, float], begun: float, update: Mapping[str, float]) -> dict[str, float]:
    """Return service -> seconds from the loss until it served; nobody took time to decide.

    Args:
        marks: Moments of the drill.
        begun: When the failover's update began.
        update: What `ready` returned of the failover's update.
    """
    if not {"lost", "traffic"} <= set(marks):
        return {}
    waited = {service: begun + seconds - marks["lost"] for service, seconds in update.items()}
    at_once = dict.fromkeys(AT_ONCE, marks["traffic"] - marks["lost"])
    found = at_once | waited
    return {service: round(seconds, 1) for service, seconds in (found | {"system": max(found.values())}).items()}
