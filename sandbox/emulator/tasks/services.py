"""What keeps a service at its number of tasks: which are started, on which capacity, and which are stopped.

One step looks at the tasks of a service as they are and asks for what brings them nearer to what is desired; the tasks
themselves are moved by `lifecycle`.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import math
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

from ministack.services import ecs

from sandbox.emulator.tasks import capacity, deployments, discovery, events, lifecycle, protection, starting, targets
from sandbox.emulator.tasks.record import FARGATE
from sandbox.emulator.tasks.runs import RUNS, Run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.emulator.tasks.placement import Record

_INITIATED: Final = "ServiceSchedulerInitiated"
_FAILED: Final = ("TaskFailedToStart", "EssentialContainerExited")


def on_fargate(service: Record) -> bool:
    """Whether a service runs on Fargate; others are left to the emulator."""
    strategy = service.get("capacityProviderStrategy") or []
    return service.get("launchType") == "FARGATE" or any(one["capacityProvider"] in FARGATE for one in strategy)


def tasks_of(service: Record) -> list[Record]:
    """Return the tasks of a service that have not stopped."""
    group = f"service:{service['serviceName']}"
    return [
        task
        for task in ecs._tasks.values()
        if task.get("group") == group
        and task["clusterArn"] == service["clusterArn"]
        and task["lastStatus"] != "STOPPED"
    ]


class Step:
    """One look at a service.

    Args:
        service: Which.
        tasks: Its tasks that have not stopped.
    """

    def __init__(self, service: Record, tasks: list[Record]) -> None:
        self._service = service
        self._primary = ecs._primary_deployment(service)
        self._desired = int(service["desiredCount"]) if service["status"] == "ACTIVE" else 0
        self._all = tasks
        self._staying = [task for task in tasks if task["desiredStatus"] == "RUNNING"]
        self._mine = [task for task in self._staying if task["_deployment_id"] == self._primary["id"]]
        self._old = [task for task in self._staying if task["_deployment_id"] != self._primary["id"]]
        self._healthy = {task["taskArn"] for task in self._staying if targets.healthy(task, service)}

    def take(self) -> bool:
        """Take the step; returns whether anything is under way."""
        self._note()
        self._replace_failing()
        wanted = self._desired - len([task for task in self._mine if not task.get("_fails")])
        room = self._most() - len(self._staying)
        if wanted > 0 and deployments.may_start(self._primary):
            self._start(min(wanted, room))
        self._stop_surplus()
        self._stop_old(short_of_room=wanted > room)
        self._judge()
        discovery.publish(self._service, self._all)
        return wanted > 0 or bool(self._old) or self._primary["rolloutState"] == "IN_PROGRESS"

    def _most(self) -> int:
        percent = int(self._configuration().get("maximumPercent", 200))
        return max(1, self._desired * percent // 100)

    def _least(self) -> int:
        percent = int(self._configuration().get("minimumHealthyPercent", 100))
        return math.ceil(self._desired * percent / 100)

    def _configuration(self) -> Record:
        return self._service.get("deploymentConfiguration") or {}

    def _note(self) -> None:
        """Note which tasks have become healthy, which fail, and which ended before they were healthy."""
        for task in ecs._tasks.values():
            mine = task["desiredStatus"] == "STOPPED" and task.get("_deployment_id") == self._primary["id"]
            if mine and task.get("stopCode") in _FAILED and not task.get("_well"):
                deployments.failed_task(self._service, self._primary, task)
        for task in self._mine:
            if task["taskArn"] in self._healthy and not task.get("_well"):
                task["_well"] = True
                deployments.well(self._service, self._primary)
            if task["lastStatus"] == "RUNNING" and not task.get("_fails"):
                reason = targets.failing(task, self._service)
                if reason is not None:
                    task["_fails"] = reason
                    events.say(self._service, f"(task {_short(task)}) failed: {reason}")

    def _replace_failing(self) -> None:
        """Stop tasks that fail: at once while enough others are healthy, or where there is no room for another."""
        for task in [task for task in self._mine if task.get("_fails")]:
            replaceable = len(self._healthy) >= self._least() or len(self._staying) >= self._most()
            if replaceable or self._primary["rolloutState"] == "IN_PROGRESS":
                lifecycle.stop(task, task["_fails"], _INITIATED)
                self._leave(task)
                if self._primary["rolloutState"] == "IN_PROGRESS":
                    deployments.failed_task(self._service, self._primary, task)

    def _leave(self, task: Record) -> None:
        for group in (self._staying, self._mine, self._old):
            if task in group:
                group.remove(task)
        self._healthy.discard(task["taskArn"])

    def _start(self, number: int) -> None:
        counted = [task for task in self._mine if not task.get("_fails")]
        started = starting.start(self._service, self._primary, number, counted, self._staying)
        for group in (self._all, self._staying, self._mine):
            group.extend(started)

    def _stop_surplus(self) -> None:
        """Scale in: keep to the split, then to the spread over zones; what is protected stays."""
        strategy = self._service.get("capacityProviderStrategy")
        stopped = []
        while len(self._mine) > self._desired and (
            found := [one for one in self._mine if not protection.protected(one)]
        ):
            counts = Counter(str(task["capacityProviderName"]) for task in self._mine)
            over = capacity.overfull(strategy, counts, self._desired) if strategy else []
            pool = next((pool for name in over if (pool := _on(found, name))), found)
            zones = Counter(task["availabilityZone"] for task in self._mine)
            leaving = max(
                pool,
                key=lambda task: (
                    bool(task.get("_fails")),
                    task["lastStatus"] != "RUNNING",
                    zones[task["availabilityZone"]],
                    task["createdAt"],
                ),
            )
            stopped.append(leaving)
            self._stop(leaving)
        if stopped:
            named = " ".join(f"(task {_short(task)})" for task in stopped)
            events.say(self._service, f"has stopped {len(stopped)} running tasks: {named}.")

    def _stop(self, task: Record) -> None:
        started = task["_deployment_id"]
        lifecycle.stop(task, f"Scaling activity initiated by (deployment {started})", _INITIATED)
        self._leave(task)

    def _stop_old(self, *, short_of_room: bool) -> None:
        """Stop tasks of earlier deployments as far as enough healthy ones stay; what is protected stays."""
        least = self._least() if short_of_room else max(self._least(), self._desired)
        if self._primary["rolloutState"] == "FAILED":
            return
        for task in sorted(self._old, key=lambda one: one["taskArn"] in self._healthy):
            well = task["taskArn"] in self._healthy
            if protection.protected(task) or (well and len(self._healthy) <= least):
                continue
            self._stop(task)

    def _judge(self) -> None:
        well = [task for task in self._mine if task["taskArn"] in self._healthy]
        settled = len(well) == len(self._mine) == self._desired and len(self._staying) == self._desired
        behind = [RUNS.get(task["taskArn"], Run()) for task in self._mine]
        deployments.judge(
            self._service, self._primary, settled=settled, processes=any(run.containers for run in behind)
        )
        self._prune()

    def _prune(self) -> None:
        """Forget earlier deployments that have no task any more; until this one is done, it may be rolled back."""
        if self._primary["rolloutState"] != "COMPLETED":
            return
        left = {task["_deployment_id"] for task in self._all if task["lastStatus"] != "STOPPED"}
        kept = [one for one in self._service["deployments"] if one["status"] == "PRIMARY" or one["id"] in left]
        self._service["deployments"] = kept


def close(service: Record, tasks: Iterable[Record]) -> None:
    """End a service that was deleted: INACTIVE once its tasks have stopped."""
    left = list(tasks)
    discovery.publish(service, ())
    for task in left:
        lifecycle.stop(task, f"(service {service['serviceName']}) was deleted", _INITIATED)
    if not left:
        service["status"] = "INACTIVE"
        service["deployments"] = []
        service["_closed_at"] = time.time()
        ecs._sync_service_targets(service["clusterArn"].rpartition("/")[2], service)


def _on(tasks: list[Record], provider: str) -> list[Record]:
    return [task for task in tasks if str(task["capacityProviderName"]) == provider]


def _short(task: Record) -> str:
    return str(task["taskArn"].rpartition("/")[2])
