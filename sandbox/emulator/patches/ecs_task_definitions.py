"""ECS refuses task definitions that Fargate cannot run, and roles that do not exist.

ministack registers any of them, so that what is wrong is met at the first deployment to AWS.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import ecs

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap_action
from sandbox.emulator.tasks import definitions, rights


def _register(original: Handler) -> Handler:
    def register(data: dict[str, Any]) -> Response:
        problem = definitions.problem(data) or _roles(data)
        answer: Response = original(data) if problem is None else error_response_json("ClientException", problem, 400)
        return answer

    return register


def _roles(data: dict[str, Any]) -> str | None:
    """What ECS says of a role that is not there; tasks on Fargate could not take it on."""
    if "FARGATE" not in data.get("requiresCompatibilities", ()):
        return None
    for name in ("executionRoleArn", "taskRoleArn"):
        if data.get(name) and not rights.exists(data[name]):
            return f"Role is not valid: {name} {data[name]}"
    return None


PATCH = Patch(
    "ecs-task-definitions",
    "sizes, time-outs and roles that Fargate refuses are registered",
    lambda: wrap_action(ecs._ACTION_MAP, "RegisterTaskDefinition", _register),
)
