"""An authorizer of a WebSocket API that fails with the text `Unauthorized` refuses a connection with 401.

ministack answers 500, as for any other failure.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html (2026-11): such a
function is as one of a REST API, whose `Unauthorized` is a 401 (apigateway-use-lambda-authorizer of the same guide).
"""

from __future__ import annotations

import json
from contextvars import ContextVar
from typing import Any, Final

from ministack.services import apigateway

from sandbox.emulator.patches.base import Handler, Patch, wrap

_UNAUTHORIZED: Final = "Unauthorized"
_failed_with: ContextVar[str] = ContextVar("failed_with", default="")
"""What the function of the present handshake has failed with."""


def _heard(original: Handler) -> Handler:
    async def run(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - of any call
        result = await original(*given, **named)
        if isinstance(result, dict) and result.get("error"):
            _failed_with.set(_message(result.get("body")))
        return result

    return run


def _message(body: object) -> str:
    try:
        said = json.loads(body) if isinstance(body, str | bytes) else body
    except ValueError:
        return ""
    return str(said.get("errorMessage", "")) if isinstance(said, dict) else ""


def _answered(original: Handler) -> Handler:
    async def authorize(*given: Any) -> Any:  # noqa: ANN401 - a refusal and a context
        _failed_with.set("")
        refusal, context = await original(*given)
        if refusal and _failed_with.get() == _UNAUTHORIZED:
            return (401, _UNAUTHORIZED), None
        return refusal, context

    return authorize


def _apply() -> None:
    wrap(apigateway, "run_reentrant", _heard)
    wrap(apigateway, "_authorize_ws_connect", _answered)


PATCH = Patch(
    name="apigateway-socket-authorizers",
    symptom="Who connects without a token gets 500 in place of 401.",
    apply=_apply,
)
