"""A WebSocket API answers by its own name, by no default endpoint that is off, and takes what AWS does.

ministack finds WebSocket APIs by their default endpoint only, on or off; it takes messages of any size, logs without a
role of the account, and maps a name to APIs of both kinds.
https://docs.aws.amazon.com/apigateway/latest/developerguide/ (2026-11): websocket-api-custom-domain-names.html,
websocket-api-disable-default-endpoint.html, websocket-api-logging.html,
apigateway-execution-service-websocket-limits-table.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any, Final

import ministack.app
from ministack.core.responses import request_scope
from ministack.services import apigateway, apigateway_v1

from config.facts.sockets import MESSAGE_BYTES
from sandbox.emulator.patches.api_requests import is_off, owner_of
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

Document = dict[str, Any]

_OFF: Final = "OFF"
_FORBIDDEN: Final = 403


def _parsed(original: Handler) -> Handler:
    """Find a WebSocket API by its own name, too."""

    def parse(host: str, path: str) -> tuple[str, str, str] | None:
        found: tuple[str, str, str] | None = original(host, path)
        if found is not None:
            return found
        owner = owner_of(host.partition(":")[0].lower())
        if owner is None:
            return None
        with request_scope(*owner):
            named = ministack.app._resolve_custom_domain_request(host, path)
        return named if named and named[1] and _protocol(named[0]) == "WEBSOCKET" else None

    return parse


def _protocol(api_id: str) -> str | None:
    owner = apigateway._api_owner(api_id)
    return owner[0] if owner else None


def _connected(original: Handler) -> Handler:
    """Refuse who connects by a default endpoint that is off."""

    async def connect(scope: Document, receive: Handler, send: Handler, api_id: str, *rest: Any, **named: Any) -> None:  # noqa: ANN401
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", [])}
        host = headers.get("host", "").partition(":")[0].lower()
        if owner_of(host) is None and is_off(api_id):
            await receive()
            await send({"type": "websocket.http.response.start", "status": _FORBIDDEN, "headers": []})
            await send({"type": "websocket.http.response.body", "body": b""})
            return
        await original(scope, receive, send, api_id, *rest, **named)

    return connect


def _posted(original: Handler) -> Handler:
    """Refuse messages that are too long."""

    async def manage(method: str, api_id: str, stage: str, connection: str, body: bytes, *rest: Any) -> Response:  # noqa: ANN401
        if method == "POST" and len(body or b"") > MESSAGE_BYTES:
            return _refused("PayloadTooLargeException", "Message too long", 413)
        answer: Response = await original(method, api_id, stage, connection, body, *rest)
        return answer

    return manage


def _staged(original: Handler) -> Handler:
    """Refuse logs where the account has no role that writes them."""

    def write(api_id: str, *named: Any) -> Response:  # noqa: ANN401 - of creation and of change
        data: Document = named[-1]
        settings = [data.get("defaultRouteSettings") or {}, *(data.get("routeSettings") or {}).values()]
        logs = data.get("accessLogSettings") or any(one.get("loggingLevel", _OFF) != _OFF for one in settings)
        role = (apigateway_v1._account_settings.get("settings") or {}).get("cloudwatchRoleArn")
        if logs and not role and _protocol(api_id) == "WEBSOCKET":
            what = "CloudWatch Logs role ARN must be set in account settings to enable logging"
            return _refused("BadRequestException", what, 400)
        answer: Response = original(api_id, *named)
        return answer

    return write


def _mapped(original: Handler) -> Handler:
    """Refuse a name that leads to WebSocket APIs and to others."""

    def create(name: str, data: Document) -> Response:
        there, error = apigateway._domain_mappings(name)
        kinds = {_protocol(one["restApiId"]) == "WEBSOCKET" for one in (there or {}).values()}
        if not error and kinds - {_protocol(str(data.get("apiId"))) == "WEBSOCKET"}:
            what = "Only WebSocket APIs can be mapped to a domain name beside WebSocket APIs"
            return _refused("BadRequestException", what, 400)
        answer: Response = original(name, data)
        return answer

    return create


def _refused(code: str, message: str, status: int) -> Response:
    answer: Response = apigateway._apigw_error(code, message, status)
    return answer


def _apply() -> None:
    wrap(ministack.app, "_parse_execute_api_url", _parsed)
    wrap(apigateway, "handle_websocket", _connected)
    wrap(apigateway, "handle_connections_api", _posted)
    wrap(apigateway, "_create_stage", _staged)
    wrap(apigateway, "_update_stage", _staged)
    wrap(apigateway, "_create_api_mapping", _mapped)


PATCH = Patch(
    name="apigateway-socket-apis",
    symptom="Nobody connects by the name of a WebSocket API, and everybody does by the endpoint that is off.",
    apply=_apply,
)
