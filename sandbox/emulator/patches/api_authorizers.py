"""An authorizer has what its kind has: of tokens, of a function for HTTP APIs, of a function for WebSocket APIs.

Otherwise the provider finds what nobody asked for, a time to live or an issuer, and wants to take it away on each run.
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html (2026-11): each field says
which authorizers support it.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import Any, Final

from ministack.services import apigateway

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_OF_HTTP: Final = ("authorizerPayloadFormatVersion", "authorizerResultTtlInSeconds", "enableSimpleResponses")
"""Fields of an authorizer that calls a function for an HTTP API."""
_OF_FUNCTIONS: Final = ("authorizerCredentialsArn", "authorizerUri", *_OF_HTTP)
_OF_TOKENS: Final = "jwtConfiguration"


def _foreign(api_id: str, kind: str) -> tuple[str, ...]:
    """Return the fields that an authorizer of a kind has not."""
    if kind == "JWT":
        return _OF_FUNCTIONS
    of_sockets = apigateway._apis.get(api_id, {}).get("protocolType") == "WEBSOCKET"
    return (_OF_TOKENS, *(_OF_HTTP if of_sockets else ()))


def _written(original: Handler) -> Handler:
    def write(api_id: str, *named: Any) -> Response:  # noqa: ANN401 - of creation and of change
        status, headers, body = original(api_id, *named)
        record = apigateway._authorizers.get(api_id, {}).get(json.loads(body).get("authorizerId"))
        if record is None:
            return status, headers, body
        for field in _foreign(api_id, record["authorizerType"]):
            record.pop(field, None)
        answer: Response = apigateway._apigw_response(record, status)
        return answer

    return write


def _apply() -> None:
    wrap(apigateway, "_create_authorizer", _written)
    wrap(apigateway, "_update_authorizer", _written)


PATCH = Patch(
    name="apigateway-authorizers",
    symptom="A second run wants to change an authorizer: it has what its kind has not, such as a time to live.",
    apply=_apply,
)
