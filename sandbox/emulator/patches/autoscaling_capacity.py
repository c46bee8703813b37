"""The capacity that is moved: the desired count of an ECS service."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ministack.services import ecs

from sandbox.emulator.patches.autoscaling_activities import tell

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

_OK = 200


def service_of(target: Document) -> dict[str, Any] | None:
    """Return the service whose tasks a target scales; None where there is none, or another thing is scaled."""
    if target["ServiceNamespace"] != "ecs":
        return None
    found: dict[str, Any] | None = ecs._services.get(target["ResourceId"].removeprefix("service/"))
    return found if found is not None and found["status"] == "ACTIVE" else None


def move(target: Document, service: dict[str, Any], capacity: int, cause: str) -> bool:
    """Set a capacity and tell of it; returns whether the service took it."""
    _, cluster, name = target["ResourceId"].split("/")
    asked = {"cluster": cluster, "service": name, "desiredCount": capacity}
    status, _, body = ecs._ACTION_MAP["UpdateService"](asked)
    done = f"Setting desired count to {capacity}."
    if status == _OK:
        said = f"Successfully set desired count to {capacity}. Change successfully fulfilled by ecs."
        tell(target, done, cause, StatusMessage=said)
        return True
    said = json.loads(body).get("message", "")
    tell(target, done, cause, StatusCode="Failed", StatusMessage=f"Failed to set desired count of {service}: {said}")
    return False


def stay(target: Document, capacity: int, cause: str) -> None:
    """Tell that a target that is at one of its bounds was not scaled beyond."""
    at_most = capacity >= target["MaxCapacity"]
    bound = ("AlreadyAtMaxCapacity", "MaxCapacity") if at_most else ("AlreadyAtMinCapacity", "MinCapacity")
    reason = {"Code": bound[0], bound[1]: target[bound[1]], "CurrentCapacity": capacity}
    tell(target, f"Attempting to scale from {capacity}.", cause, NotScaledReasons=[reason])
