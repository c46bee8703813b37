"""A task on Fargate passes through the states of ECS, has an address of its subnet, and stops with code and reason.

ministack calls a task RUNNING when it is asked for, in the first zone and without an address, and stops it at once.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import ecs

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap_action
from sandbox.emulator.tasks import capacity, events, lifecycle, placement, record, requests
from sandbox.emulator.tasks.lock import LOCK
from sandbox.emulator.tasks.scheduler import SCHEDULER


def _run(original: Handler) -> Handler:
    def run(data: dict[str, Any]) -> Response:
        cluster = ecs._clusters.get(ecs._resolve_cluster_name(data.get("cluster", "default"))) or {}
        if not requests.fargate(data, cluster):
            answer: Response = original(data)
            return answer
        with LOCK:
            refusal = requests.new_tasks(data)
            if refusal is not None:
                refused: Response = error_response_json(*refusal, 400)
                return refused
            tasks = _started(data, cluster)
            SCHEDULER.wake()
            done: Response = json_response({"tasks": [ecs._sanitize(task) for task in tasks], "failures": []})
            return done

    return run


def _started(data: dict[str, Any], cluster: dict[str, Any]) -> list[dict[str, Any]]:
    definition = ecs._task_defs[ecs._resolve_td_key(data["taskDefinition"])]
    strategy = data.get("capacityProviderStrategy")
    if not strategy and not data.get("launchType"):
        strategy = cluster.get("defaultCapacityProviderStrategy")
    subnets = data["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
    split = capacity.split(strategy, data.get("count", 1)) if strategy else {None: data.get("count", 1)}
    tasks: list[dict[str, Any]] = []
    for provider in (name for name, number in split.items() for _ in range(number)):
        order = record.Order(
            cluster=cluster,
            definition=definition,
            provider=provider,
            subnet=placement.choose(subnets, tasks),
            group=data.get("group") or f"family:{definition['family']}",
            started_by=data.get("startedBy", ""),
            overrides=data.get("overrides") or {},
            exec_enabled=bool(data.get("enableExecuteCommand")),
            tags=data.get("tags") or [],
        )
        tasks.append(record.make(order))
        events.task_changed(tasks[-1])
    return tasks


def _stop(original: Handler) -> Handler:
    def stop(data: dict[str, Any]) -> Response:
        with LOCK:
            cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
            task = ecs._resolve_task(data.get("task", ""), cluster)
            if task is None or not task.get("_fargate"):
                answer: Response = original(data)
                return answer
            lifecycle.stop(task, data.get("reason") or "Task stopped by user", "UserInitiated")
            SCHEDULER.wake()
            done: Response = json_response({"task": ecs._sanitize(task)})
            return done

    return stop


def _apply() -> None:
    wrap_action(ecs._ACTION_MAP, "RunTask", _run)
    wrap_action(ecs._ACTION_MAP, "StopTask", _stop)


PATCH = Patch("ecs-tasks", "a task runs at once, has no address, and is gone at once when it is stopped", _apply)
