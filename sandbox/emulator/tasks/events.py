"""What ECS says of tasks and deployments: events of a service, and those of EventBridge.

EventBridge hears from a thread of its own, in the order of what happened: a rule's target may call the emulator back.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import logging
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id, get_region, new_uuid, now_iso, request_scope
from ministack.services import ecs, eventbridge

if TYPE_CHECKING:
    from sandbox.emulator.tasks.placement import Record

_MOST_EVENTS: Final = 100
"""Events that a service remembers."""

log = logging.getLogger(__name__)
_QUEUE: Final[SimpleQueue[tuple[str, str, dict[str, Any]]]] = SimpleQueue()
_STARTED: Final = threading.Event()


def say(service: Record, message: str) -> None:
    """Add to the events of a service, the newest first; what was said last is not said again."""
    text = f"(service {service['serviceName']}) {message}"
    events = service.setdefault("events", [])
    if events and events[0]["message"] == text:
        return
    events.insert(0, {"id": new_uuid(), "createdAt": now_iso(), "message": text})
    del events[_MOST_EVENTS:]


def task_changed(task: Record) -> None:
    """Tell EventBridge how a task stands."""
    _send("ECS Task State Change", [task["taskArn"]], ecs._sanitize(task))


def deployment_changed(service: Record, deployment: Record, name: str) -> None:
    """Tell EventBridge of a deployment.

    Args:
        service: Whose.
        deployment: Which; its `rolloutStateReason` is the reason.
        name: `SERVICE_DEPLOYMENT_IN_PROGRESS`, `..._COMPLETED` or `..._FAILED`.
    """
    detail = {
        "eventType": "ERROR" if name.endswith("FAILED") else "INFO",
        "eventName": name,
        "deploymentId": deployment["id"],
        "updatedAt": now_iso(),
        "reason": deployment.get("rolloutStateReason", ""),
    }
    _send("ECS Deployment State Change", [service["serviceArn"]], detail)


def service_action(service: Record, name: str, kind: str = "INFO", **more: object) -> None:
    """Tell EventBridge of what a service does or cannot do, such as `SERVICE_TASK_PLACEMENT_FAILURE`."""
    detail = {"eventType": kind, "eventName": name, "clusterArn": service["clusterArn"], "createdAt": now_iso(), **more}
    _send("ECS Service Action", [service["serviceArn"]], detail)


def _send(kind: str, resources: list[str], detail: dict[str, Any]) -> None:
    entry = {"Source": "aws.ecs", "DetailType": kind, "Resources": resources, "Detail": json.dumps(detail)}
    if not _STARTED.is_set():
        _STARTED.set()
        threading.Thread(target=_deliver, name="ecs-events", daemon=True).start()
    _QUEUE.put((get_account_id(), get_region(), entry))


def _deliver() -> None:
    while True:
        account, region, entry = _QUEUE.get()
        try:
            with request_scope(account, region):
                eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
        except Exception:
            log.exception("an event of ECS was not delivered: %s", entry["DetailType"])
