"""An authorizer of an HTTP API that looks at tokens has nothing of those that call a function.

Otherwise the provider finds a time to live that nobody asked for, and wants to take it away on each run.
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html (2026-11): these fields are
supported for REQUEST authorizers only.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import Any, Final

from ministack.services import apigateway

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_OF_FUNCTIONS: Final = (
    "authorizerCredentialsArn",
    "authorizerPayloadFormatVersion",
    "authorizerResultTtlInSeconds",
    "authorizerUri",
    "enableSimpleResponses",
)


def _written(original: Handler) -> Handler:
    def write(api_id: str, *named: Any) -> Response:  # noqa: ANN401 - of creation and of change
        status, headers, body = original(api_id, *named)
        record = apigateway._authorizers.get(api_id, {}).get(json.loads(body).get("authorizerId"))
        if record is None or record["authorizerType"] != "JWT":
            return status, headers, body
        for field in _OF_FUNCTIONS:
            record.pop(field, None)
        answer: Response = apigateway._apigw_response(record, status)
        return answer

    return write


def _apply() -> None:
    wrap(apigateway, "_create_authorizer", _written)
    wrap(apigateway, "_update_authorizer", _written)


PATCH = Patch(
    name="apigateway-authorizers",
    symptom="A second run wants to change an authorizer of tokens: it was given a time to live of its own.",
    apply=_apply,
)
