"""The sandbox's own addresses for tasks: how they run, what runs, and an interruption of Spot."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import request_scope
from ministack.services import ecs

from sandbox.emulator.tasks import lifecycle
from sandbox.emulator.tasks.lock import LOCK
from sandbox.emulator.tasks.runs import RUNS, not_run, would_run
from sandbox.emulator.tasks.scheduler import SCHEDULER
from sandbox.emulator.tasks.settings import RUNNER

if TYPE_CHECKING:
    from sandbox.emulator.control import Action, Query
    from sandbox.emulator.tasks.placement import Record

_REASON: Final = "Your Spot Task was interrupted."
_ORDERS: Final = ("deregister", "signal")


def status(_: Query) -> dict[str, object]:
    """Say how tasks run, and for each task that has not stopped whether a process or an object stands behind it.

    Beside a process `not_run` has the other containers of the task, whose images are not of the table.
    """
    settings = RUNNER.settings
    with LOCK:
        tasks = [
            _shown(task, account, region)
            for (account, region, _), task in ecs._tasks.all_items()
            if task.get("_fargate") and task["lastStatus"] != "STOPPED"
        ]
    return {
        "processes": settings.processes,
        "speed": settings.speed,
        "spot": settings.spot,
        "table": str(settings.table),
        "images": dict(settings.rows),
        "tasks": tasks,
    }


def _shown(task: Record, account: str, region: str) -> dict[str, object]:
    with request_scope(account, region):
        objects = not_run(task)
    return {
        "task": task["taskArn"],
        "group": task["group"],
        "status": task["lastStatus"],
        "provider": task.get("capacityProviderName"),
        "runs_as": "process" if _containers(task) else "object",
        "processes": [container.pid for container in _containers(task)],
        "not_run": objects,
    }


def _containers(task: Record) -> list[Any]:
    run = RUNS.get(task["taskArn"])
    return [] if run is None else run.containers


def change(query: Query) -> dict[str, object]:
    """Change how tasks run; objects that would be processes by now are replaced by them."""
    with LOCK:
        RUNNER.change(query)
        for (account, region, _), task in ecs._tasks.all_items():
            if task.get("_fargate") and task["lastStatus"] == "RUNNING" and task["desiredStatus"] == "RUNNING":
                with request_scope(account, region):
                    if not _containers(task) and would_run(task) and task["group"].startswith("service:"):
                        lifecycle.stop(
                            task, "The sandbox runs it as a process from now on", "ServiceSchedulerInitiated"
                        )
    SCHEDULER.wake()
    return status(query)


def interrupt(query: Query) -> dict[str, object]:
    """Take Spot tasks away, as AWS does when it needs the capacity: a notice, SIGTERM, and the end two minutes later.

    Query: `task` names one by id or ARN, `service` all of a service; without either all Spot tasks are meant, of which
    `count` are taken. `order=signal` sends SIGTERM before the task is deregistered from its target groups.
    """
    order = query.get("order", _ORDERS[0])
    if order not in _ORDERS:
        raise ValueError(f"order: {order!r} is none of {', '.join(_ORDERS)}")
    with LOCK:
        found = [(scope, task) for scope, task in ecs._tasks.all_items() if _meant(task, query)]
        taken = found[: int(query.get("count", len(found)))]
        for (account, region, _), task in taken:
            with request_scope(account, region):
                task["_signal_first"] = order == "signal"
                lifecycle.stop(task, _REASON, "SpotInterruption")
    SCHEDULER.wake()
    return {"interrupted": [task["taskArn"] for _, task in taken]}


def _meant(task: Record, query: Query) -> bool:
    if task.get("capacityProviderName") != "FARGATE_SPOT" or task["desiredStatus"] == "STOPPED":
        return False
    if "task" in query and query["task"] not in (task["taskArn"], task["taskArn"].rpartition("/")[2]):
        return False
    return "service" not in query or task["group"] == f"service:{query['service']}"


ACTIONS: Final[dict[tuple[str, str], Action]] = {
    ("GET", "tasks"): lambda query: asyncio.to_thread(status, query),
    ("POST", "tasks"): lambda query: asyncio.to_thread(change, query),
    ("POST", "spot/interrupt"): lambda query: asyncio.to_thread(interrupt, query),
}
"""What the emulator serves below /_sandbox/."""
