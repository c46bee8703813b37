"""Stages of HTTP APIs keep settings of routes that are there, and lose a setting without being deleted themselves.

ministack takes `DELETE .../stages/<stage>/routesettings/<key>` and `.../accesslogsettings` for the stage's own end.
https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename-routesettings-routekey.html
(2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote

from ministack.services import apigateway

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

Document = dict[str, Any]

_STAGE: Final = 5
"""Parts of the path of a stage: v2, apis, <api>, stages, <stage>."""


def _handle(original: Handler) -> Handler:
    """Take away what is named below a stage."""

    async def handle(method: str, path: str, headers: object, body: bytes, query: Document) -> Response:
        parts = path.lstrip("/").split("/")
        below = parts[_STAGE:]
        if method == "DELETE" and parts[:1] == ["v2"] and parts[3:4] == ["stages"] and below:
            stage = apigateway._stages.get(parts[2], {}).get(unquote(parts[4]))
            if stage is None:
                return _refused("NotFoundException", f"Stage '{unquote(parts[4])}' not found", 404)
            if below == ["accesslogsettings"]:
                stage.pop("accessLogSettings", None)
            elif below[0] == "routesettings":
                stage["routeSettings"].pop(unquote("/".join(below[1:])), None)
            return 204, {}, b""
        answer: Response = await original(method, path, headers, body, query)
        return answer

    return handle


def _written(original: Handler) -> Handler:
    """Refuse settings of routes that the API does not have."""

    def write(api_id: str, *named: Any) -> Response:  # noqa: ANN401 - of creation and of change
        data: Document = named[-1]
        known = {route["routeKey"] for route in apigateway._routes.get(api_id, {}).values()}
        if unknown := sorted(set(data.get("routeSettings") or {}) - known):
            what = f"Unable to find Route by key {unknown[0]} within the provided RouteSettings"
            return _refused("NotFoundException", what, 404)
        answer: Response = original(api_id, *named)
        return answer

    return write


def _refused(code: str, message: str, status: int) -> Response:
    answer: Response = apigateway._apigw_error(code, message, status)
    return answer


def _apply() -> None:
    wrap(apigateway, "handle_request", _handle)
    wrap(apigateway, "_create_stage", _written)
    wrap(apigateway, "_update_stage", _written)


PATCH = Patch(
    name="apigateway-stage-settings",
    symptom="A route that loses its own throttling takes the whole stage with it.",
    apply=_apply,
)
