"""Adds actions of Secrets Manager that the emulator's router does not know."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from ministack.services import secretsmanager

from sandbox.emulator.patches.base import Handler, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Request: TypeAlias = dict[str, Any]


def add(action: str, serve: Callable[[dict[str, Any], Request], Request]) -> None:
    """Serve an action on a secret that is there; `serve` gets the secret and the request, and returns the answer."""

    def route(original: Handler) -> Handler:
        async def handle(
            method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
        ) -> Response:
            if headers.get("x-amz-target", "").rpartition(".")[2] != action:
                pending: Awaitable[Response] = original(method, path, headers, body, query)
                return await pending
            data = json.loads(body)
            _, secret = secretsmanager._resolve(data.get("SecretId"))
            if secret is None:
                return _refuse("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
            if secret.get("DeletedDate"):
                return _refuse("InvalidRequestException", "The secret was marked for deletion.")
            return answer(serve(secret, data))

        return handle

    wrap(secretsmanager, "handle_request", route)


def answer(result: Request) -> Response:
    """Return what an action says when it went well."""
    said: Response = secretsmanager.json_response(result)
    return said


def _refuse(code: str, message: str) -> Response:
    said: Response = secretsmanager.error_response_json(code, message, 400)
    return said
