"""Tasks of a service are protected from scale-in and deployments until their protection expires.

ministack answers that nothing was protected, and that nothing failed.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.core.responses import json_response
from ministack.services import ecs

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap_action
from sandbox.emulator.patches.service import RefusedError, refusal
from sandbox.emulator.tasks import protection
from sandbox.emulator.tasks.lock import LOCK
from sandbox.emulator.tasks.scheduler import SCHEDULER

if TYPE_CHECKING:
    from collections.abc import Callable


def _answered(act: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Handler], Handler]:
    def around(_: Handler) -> Handler:
        def handle(data: dict[str, Any]) -> Response:
            try:
                with LOCK:
                    answer: Response = json_response(act(data))
            except RefusedError as error:
                return refusal(error)
            SCHEDULER.wake()
            return answer

        return handle

    return around


def _apply() -> None:
    wrap_action(ecs._ACTION_MAP, "UpdateTaskProtection", _answered(protection.update))
    wrap_action(ecs._ACTION_MAP, "GetTaskProtection", _answered(protection.get))


PATCH = Patch("ecs-task-protection", "no task can be protected from a scale-in", _apply)
