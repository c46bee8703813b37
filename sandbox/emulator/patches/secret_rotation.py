"""A secret's rotation can be planned and cancelled, and a repeated request rotates once.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html (RotateImmediately), and beside it
CancelRotateSecret.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from ministack.services import secretsmanager

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_OK = 200
Request = dict[str, Any]


def _rotate(original: Handler) -> Handler:
    """Without RotateImmediately a rotation is only scheduled: the versions stay as they are; so with a known token."""

    def rotate(data: Request) -> Response:
        _, secret = secretsmanager._resolve(data.get("SecretId"))
        if secret is not None and data.get("ClientRequestToken") in secret["Versions"]:
            return _json({"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": data["ClientRequestToken"]})
        before = None if secret is None else (copy.deepcopy(secret["Versions"]), secret["LastChangedDate"])
        answer: Response = original(data)
        if answer[0] != _OK or data.get("RotateImmediately", True) or before is None:
            return answer
        secret["Versions"], secret["LastChangedDate"] = before
        secretsmanager._sync_replicas(secret)
        return _json({"ARN": secret["ARN"], "Name": secret["Name"]})

    return rotate


def _cancel_rotation(secret: dict[str, Any], _: Request) -> Request:
    secret["RotationEnabled"] = False
    secretsmanager._sync_replicas(secret)
    return {"ARN": secret["ARN"], "Name": secret["Name"]}


_ADDED: dict[str, Callable[[dict[str, Any], Request], Request]] = {"CancelRotateSecret": _cancel_rotation}


def _route(original: Handler) -> Handler:
    """Serve the actions the emulator's router does not know."""

    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Response:
        serve = _ADDED.get(headers.get("x-amz-target", "").rpartition(".")[2])
        if serve is None:
            pending: Awaitable[Response] = original(method, path, headers, body, query)
            return await pending
        data = json.loads(body)
        _, secret = secretsmanager._resolve(data.get("SecretId"))
        if secret is None:
            return _refuse("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
        if secret.get("DeletedDate"):
            return _refuse("InvalidRequestException", "The secret was marked for deletion.")
        return _json(serve(secret, data))

    return handle


def _json(result: Request) -> Response:
    answer: Response = secretsmanager.json_response(result)
    return answer


def _refuse(code: str, message: str) -> Response:
    answer: Response = secretsmanager.error_response_json(code, message, 400)
    return answer


def _apply() -> None:
    wrap(secretsmanager, "_rotate_secret", _rotate)
    wrap(secretsmanager, "handle_request", _route)


PATCH = Patch("secretsmanager-rotation", "a secret with rotation cannot be destroyed", _apply)
