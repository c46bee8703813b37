"""A secret has the versions that were put: none without a value, one for each token.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html (ClientRequestToken)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import Any

from ministack.services import secretsmanager

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_OK = 200
Request = dict[str, Any]


def _create(original: Handler) -> Handler:
    def create(data: Request) -> Response:
        answer: Response = original(data)
        if answer[0] != _OK:
            return answer
        secret = secretsmanager._secrets[data["Name"]]
        result = json.loads(answer[2])
        if "SecretString" not in data and "SecretBinary" not in data:
            secret["Versions"] = {}
            del result["VersionId"]
        return _json(result)

    return create


def _put(original: Handler) -> Handler:
    """A repeated request, known by its token, makes no second version."""

    def put(data: Request) -> Response:
        _, secret = secretsmanager._resolve(data.get("SecretId"))
        token = data.get("ClientRequestToken")
        if secret is None or token not in secret["Versions"]:
            answer: Response = original(data)
            return answer
        version = secret["Versions"][token]
        if any(version[field] != data.get(field) for field in ("SecretString", "SecretBinary")):
            return _refuse("ResourceExistsException", "A version with this token has another value.")
        made = {"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": token, "VersionStages": version["Stages"]}
        return _json(made)

    return put


def _json(result: Request) -> Response:
    answer: Response = secretsmanager.json_response(result)
    return answer


def _refuse(code: str, message: str) -> Response:
    answer: Response = secretsmanager.error_response_json(code, message, 400)
    return answer


def _apply() -> None:
    wrap(secretsmanager, "_create_secret", _create)
    wrap(secretsmanager, "_put_secret_value", _put)


PATCH = Patch("secretsmanager-versions", "a repeated request makes a second version", _apply)
