"""A secret is created with its replicas, says which key each has, and loses them when asked to.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html (AddReplicaRegions), and beside it
RemoveRegionsFromReplication.
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
_DEFAULT_KEY = "alias/aws/secretsmanager"
Request = dict[str, Any]


def _create(original: Handler) -> Handler:
    def create(data: Request) -> Response:
        answer: Response = original(data)
        if answer[0] != _OK:
            return answer
        secret = secretsmanager._secrets[data["Name"]]
        result = json.loads(answer[2])
        if regions := data.get("AddReplicaRegions"):
            force = data.get("ForceOverwriteReplicaSecret", False)
            asked = {"SecretId": data["Name"], "AddReplicaRegions": regions, "ForceOverwriteReplicaSecret": force}
            replicated: Response = secretsmanager._replicate_secret_to_regions(asked)
            if replicated[0] != _OK:
                return replicated
            result["ReplicationStatus"] = secret["ReplicationStatus"]
        return _json(result)

    return create


def _replicate(original: Handler) -> Handler:
    """Say of each replica which key it has, as AWS does."""

    def replicate(data: Request) -> Response:
        answer: Response = original(data)
        if answer[0] != _OK:
            return answer
        _, secret = secretsmanager._resolve(data["SecretId"])
        keys = {region["Region"]: region.get("KmsKeyId") or _DEFAULT_KEY for region in data["AddReplicaRegions"]}
        for status in secret["ReplicationStatus"]:
            status["StatusMessage"] = "Replication succeeded"
            status["KmsKeyId"] = keys.get(status["Region"], status.get("KmsKeyId", _DEFAULT_KEY))
        return _json({"ARN": secret["ARN"], "ReplicationStatus": secret["ReplicationStatus"]})

    return replicate


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


def _apply() -> None:
    wrap(secretsmanager, "_replicate_secret_to_regions", _replicate)
    wrap(secretsmanager, "_create_secret", _create)
    wrap(secretsmanager, "handle_request", _route)


PATCH = Patch("secretsmanager-regions", "a secret has no replicas, and none can be taken away", _apply)
