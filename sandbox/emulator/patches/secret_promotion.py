"""A replica of a secret can be promoted, and guards its secret from being deleted.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_StopReplicationToReplica.html, and beside it
DeleteSecret, which AWS refuses for a secret that has replicas (read 2026-11-21).
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ministack.services import secretsmanager

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Awaitable

_STOP = "StopReplicationToReplica"


def _delete(original: Handler) -> Handler:
    def delete(data: dict[str, Any]) -> Response:
        _, secret = secretsmanager._resolve(data.get("SecretId"))
        regions = [status["Region"] for status in (secret or {}).get("ReplicationStatus", [])]
        if regions:
            message = f"You can't delete a secret that is replicated to {', '.join(regions)}."
            return _refuse("InvalidRequestException", message)
        answer: Response = original(data)
        return answer

    return delete


def _stop(data: dict[str, Any]) -> Response:
    """Make a replica a secret of its own."""
    _, secret = secretsmanager._resolve(data.get("SecretId"))
    if secret is None:
        return _refuse("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    if not secretsmanager._is_replica(secret):
        return _refuse("InvalidRequestException", "Only a replica can be promoted.")
    secretsmanager._unlink_from_primary(secret)
    for link in ("_PrimarySecretArn", "_PrimaryRegion"):
        secret.pop(link, None)
    answer: Response = secretsmanager.json_response({"ARN": secret["ARN"]})
    return answer


def _route(original: Handler) -> Handler:
    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: object) -> Response:
        if headers.get("x-amz-target", "").endswith(f".{_STOP}"):
            return _stop(json.loads(body))
        pending: Awaitable[Response] = original(method, path, headers, body, query)
        return await pending

    return handle


def _refuse(code: str, message: str) -> Response:
    answer: Response = secretsmanager.error_response_json(code, message, 400)
    return answer


def _apply() -> None:
    wrap(secretsmanager, "_delete_secret", _delete)
    wrap(secretsmanager, "handle_request", _route)


PATCH = Patch("secretsmanager-promotion", "a replica cannot be promoted: an unknown action", _apply)
