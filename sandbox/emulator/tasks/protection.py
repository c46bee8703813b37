"""Scale-in protection of tasks: neither a scale-in nor a deployment stops a protected task; Spot heeds none.

Only tasks of a service have it. It expires: after two hours, or after 1 to 2,880 minutes as asked for.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateTaskProtection.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from ministack.services import ecs

from sandbox.emulator.patches.service import RefusedError

if TYPE_CHECKING:
    from sandbox.emulator.tasks.placement import Record

__all__ = ["RefusedError", "get", "protected", "update"]

_UNTIL: Final = "_protected_until"
_DEFAULT_MINUTES: Final = 120
_LONGEST_MINUTES: Final = 2880
_MOST_TASKS: Final = 10


def protected(task: Record) -> bool:
    """Whether a task is protected now."""
    return float(task.get(_UNTIL, 0)) > time.time()


def update(data: dict[str, Any]) -> dict[str, Any]:
    """Protect tasks, or end their protection.

    Raises:
        RefusedError: The request is out of what ECS takes; what cannot be protected is answered as a failure.
    """
    minutes = data.get("expiresInMinutes", _DEFAULT_MINUTES)
    enabled = data.get("protectionEnabled")
    if not isinstance(enabled, bool):
        raise RefusedError("InvalidParameterException", "protectionEnabled has to be true or false.")
    if not isinstance(minutes, int) or not 1 <= minutes <= _LONGEST_MINUTES:
        problem = f"expiresInMinutes has to be from 1 to {_LONGEST_MINUTES}, got {minutes}."
        raise RefusedError("InvalidParameterException", problem)
    tasks = data.get("tasks") or []
    if not 1 <= len(tasks) <= _MOST_TASKS:
        raise RefusedError("InvalidParameterException", f"1 to {_MOST_TASKS} tasks are asked about, got {len(tasks)}.")
    found, failures = _found(data)
    for task in found:
        task[_UNTIL] = time.time() + 60 * minutes if enabled else 0
    return {"protectedTasks": [_said(task) for task in found], "failures": failures}


def get(data: dict[str, Any]) -> dict[str, Any]:
    """Say which tasks are protected and until when; all of the cluster's services where none is named."""
    if not data.get("tasks"):
        cluster = _cluster(data)
        data = {**data, "tasks": [arn for arn, task in ecs._tasks.items() if _of_service(task, cluster)]}
    found, failures = _found(data)
    return {"protectedTasks": [_said(task) for task in found], "failures": failures}


def _of_service(task: Record, cluster: str) -> bool:
    mine = task["clusterArn"].rpartition("/")[2] == cluster and task["lastStatus"] != "STOPPED"
    return mine and str(task.get("group", "")).startswith("service:")


def _cluster(data: dict[str, Any]) -> str:
    name = ecs._resolve_cluster_name(data.get("cluster", "default"))
    if name not in ecs._clusters:
        raise RefusedError("ClusterNotFoundException", "Cluster not found.")
    return str(name)


def _found(data: dict[str, Any]) -> tuple[list[Record], list[Record]]:
    """Return the tasks that can be protected, and why the others cannot."""
    cluster = _cluster(data)
    found, failures = [], []
    for reference in data["tasks"]:
        task = ecs._resolve_task(reference, cluster)
        if task is None or task["lastStatus"] == "STOPPED":
            failures.append({"arn": reference, "reason": "MISSING"})
        elif not _of_service(task, cluster):
            detail = "Task protection is only supported for tasks that belong to a service."
            failures.append({"arn": task["taskArn"], "reason": "TASK_NOT_VALID", "detail": detail})
        elif task["desiredStatus"] == "STOPPED":
            failures.append({"arn": task["taskArn"], "reason": "TASK_NOT_VALID", "detail": "The task is stopping."})
        else:
            found.append(task)
    return found, failures


def _said(task: Record) -> Record:
    said: Record = {"taskArn": task["taskArn"], "protectionEnabled": protected(task)}
    if protected(task):
        said["expirationDate"] = task[_UNTIL]
    return said
