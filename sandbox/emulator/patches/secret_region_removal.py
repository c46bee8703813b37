"""Regions can be taken out of a secret's replication.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RemoveRegionsFromReplication.html
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

Request = dict[str, Any]


def _remove_regions(secret: dict[str, Any], data: Request) -> Request:
    removed = set(data.get("RemoveReplicaRegions", []))
    going = copy.copy(secret)
    going["ReplicationStatus"] = [s for s in secret["ReplicationStatus"] if s["Region"] in removed]
    secretsmanager._delete_replicas(going)
    secret["ReplicationStatus"] = [s for s in secret["ReplicationStatus"] if s["Region"] not in removed]
    return {"ARN": secret["ARN"], "ReplicationStatus": secret["ReplicationStatus"]}


_ADDED: dict[str, Callable[[dict[str, Any], Request], Request]] = {
    "RemoveRegionsFromReplication": _remove_regions,
}


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


PATCH = Patch(
    "secretsmanager-region-removal",
    "a replica cannot be taken away: an unknown action",
    lambda: wrap(secretsmanager, "handle_request", _route),
)
