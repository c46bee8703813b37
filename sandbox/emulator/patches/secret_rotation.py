"""A secret's rotation can be planned and cancelled, and a repeated request rotates once.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html (RotateImmediately), and beside it
CancelRotateSecret.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ministack.services import secretsmanager

from sandbox.emulator.patches import secret_actions
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from sandbox.emulator.patches.secret_actions import Request

_OK = 200


def _rotate(original: Handler) -> Handler:
    """Without RotateImmediately a rotation is only scheduled: the versions stay as they are; so with a known token."""

    def rotate(data: Request) -> Response:
        _, secret = secretsmanager._resolve(data.get("SecretId"))
        if secret is not None and data.get("ClientRequestToken") in secret["Versions"]:
            return secret_actions.answer(
                {"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": data["ClientRequestToken"]}
            )
        before = None if secret is None else (copy.deepcopy(secret["Versions"]), secret["LastChangedDate"])
        answer: Response = original(data)
        if answer[0] != _OK or data.get("RotateImmediately", True) or before is None:
            return answer
        secret["Versions"], secret["LastChangedDate"] = before
        secretsmanager._sync_replicas(secret)
        return secret_actions.answer({"ARN": secret["ARN"], "Name": secret["Name"]})

    return rotate


def _cancel_rotation(secret: dict[str, Any], _: Request) -> Request:
    secret["RotationEnabled"] = False
    secretsmanager._sync_replicas(secret)
    return {"ARN": secret["ARN"], "Name": secret["Name"]}


def _apply() -> None:
    wrap(secretsmanager, "_rotate_secret", _rotate)
    secret_actions.add("CancelRotateSecret", _cancel_rotation)


PATCH = Patch("secretsmanager-rotation", "a secret with rotation cannot be destroyed", _apply)
