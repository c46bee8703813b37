"""A secret is created with its replicas, and says which key each has.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html (AddReplicaRegions)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import Any

from ministack.services import secretsmanager

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

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


def _json(result: Request) -> Response:
    answer: Response = secretsmanager.json_response(result)
    return answer


def _apply() -> None:
    wrap(secretsmanager, "_replicate_secret_to_regions", _replicate)
    wrap(secretsmanager, "_create_secret", _create)


PATCH = Patch("secretsmanager-regions", "a new secret has no replicas", _apply)
