"""The thread that moves tasks and services on: some twenty times a second while anything is under way."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from ministack.core.responses import request_scope
from ministack.services import ecs

from sandbox.emulator.tasks import lifecycle, metrics, services
from sandbox.emulator.tasks.lock import LOCK
from sandbox.emulator.tasks.runs import RUNS

if TYPE_CHECKING:
    from sandbox.emulator.tasks.placement import Record

_BUSY_S: Final = 0.05
_RUNNING_S: Final = 0.25
_IDLE_S: Final = 1.0
_REMEMBERED_S: Final = 3600.0
"""Seconds for which ECS describes a task that has stopped, at least."""

log = logging.getLogger(__name__)
_SAID: Final[set[tuple[str, str]]] = set()
"""What has been logged: of what, and the error."""


class Scheduler:
    """The thread, which starts with the first service or task."""

    def __init__(self) -> None:
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Look at once: something was asked for."""
        with LOCK:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ecs-scheduler", daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        while True:
            busy = sweep()
            self._wake.wait(_BUSY_S if busy else _RUNNING_S if RUNS else _IDLE_S)
            self._wake.clear()


SCHEDULER: Final = Scheduler()
"""The scheduler of this process."""


def tick() -> None:
    """Take a step now: the emulator's clock has moved."""
    sweep()


def sweep() -> bool:
    """Take a step of each service and move each task on; returns whether anything is under way."""
    busy = False
    with LOCK:
        for (account, region, _), service in ecs._services.all_items():
            with request_scope(account, region):
                busy = _guarded(service) or busy
        for (account, region, arn), task in ecs._tasks.all_items():
            if not task.get("_fargate"):
                continue
            with request_scope(account, region):
                busy = _moved(arn, task) or busy
        metrics.publish()
    return busy


def _guarded(service: Record) -> bool:
    """Take a step of a service; what goes wrong is logged, and the others go on."""
    try:
        if service["status"] not in ("ACTIVE", "DRAINING") or not services.on_fargate(service):
            return False
        tasks = services.tasks_of(service)
        if service["status"] == "DRAINING":
            services.close(service, tasks)
            return True
        return services.Step(service, tasks).take()
    except Exception as error:  # noqa: BLE001 - whatever it is, the other services go on
        _say_once(str(service.get("serviceArn")), error)
        return False


def _moved(arn: str, task: Record) -> bool:
    try:
        if task["lastStatus"] == "STOPPED":
            if ecs._ts() - _stopped_at(task) > _REMEMBERED_S:
                ecs._tasks.pop(arn, None)
            return False
        return lifecycle.advance(task) or task["lastStatus"] not in ("RUNNING", "PENDING")
    except Exception as error:  # noqa: BLE001 - same
        _say_once(arn, error)
        return False


def _say_once(arn: str, error: Exception) -> None:
    """Log what goes wrong with a service or a task; it would go wrong twenty times a second."""
    if (arn, repr(error)) not in _SAID:
        _SAID.add((arn, repr(error)))
        log.error("%s", arn, exc_info=error)


def _stopped_at(task: Record) -> float:
    at = ecs._ts_to_epoch(task.get("stoppedAt"))
    return float(at) if isinstance(at, int | float) else time.time()
