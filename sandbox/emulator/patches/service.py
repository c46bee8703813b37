"""How a service that the emulator lacks as a whole is added to its router: a table of actions, or of routes."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import ministack.app
from ministack.core import router

from sandbox.emulator.patches.base import Handler, wrap_action

if TYPE_CHECKING:
    from sandbox.emulator.patches.base import Response

Document: TypeAlias = dict[str, Any]
"""Body of a request or an answer."""

Action: TypeAlias = Callable[[Document], Document]
"""What an action of a JSON protocol does."""

Route: TypeAlias = Callable[..., Document]
"""What a route of a REST protocol does; it is given its pattern's groups, then the body with the query laid over."""

_Query: TypeAlias = Mapping[str, list[str]]


class RefusedError(Exception):
    """The service refuses a request.

    Args:
        code: AWS's code, such as `ResourceNotFoundException`.
        message: What is wrong.
        status: HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def json_service(name: str, target: str, actions: Mapping[str, Action]) -> None:
    """Add a service that names its action in the header `X-Amz-Target`.

    Raises:
        KeyError: The emulator has the service by now, so the patch is to be dropped.
    """

    async def handle(_method: str, _path: str, headers: Mapping[str, str], body: bytes, _query: _Query) -> Response:
        called = headers.get("x-amz-target", "").rpartition(".")[2]
        if called not in actions:
            return refusal(RefusedError("InvalidAction", f"{name} has no action {called} here"))
        return _answer(actions[called], json.loads(body or b"{}"))

    _add(name, {"target_prefixes": [target], "credential_scope": name}, handle)


def rest_service(name: str, routes: Mapping[tuple[str, str], Route]) -> None:
    """Add a service whose actions are methods on paths; each route is a method and a pattern of the whole path.

    Raises:
        KeyError: The emulator has the service by now, so the patch is to be dropped.
    """

    async def refuse(method: str, path: str, _headers: Mapping[str, str], _body: bytes, _query: _Query) -> Response:
        return refusal(RefusedError("NotFoundException", f"{name} has no route {method} {path} here", 404))

    _add(name, {"credential_scope": name}, _routed(routes, refuse))


def more_routes(name: str, routes: Mapping[tuple[str, str], Route]) -> None:
    """Add routes that a service of a REST protocol lacks; they go before its own.

    Raises:
        KeyError: There is no such service.
    """
    wrap_action(ministack.app.SERVICE_HANDLERS, name, lambda handler: _routed(routes, handler))


def _routed(routes: Mapping[tuple[str, str], Route], otherwise: Handler) -> Handler:
    """Return a handler that serves the routes, and leaves the rest to another one."""
    compiled = [(method, re.compile(pattern), route) for (method, pattern), route in routes.items()]

    async def handle(method: str, path: str, headers: Mapping[str, str], body: bytes, query: _Query) -> Response:
        for accepted, pattern, route in compiled:
            found = pattern.fullmatch(path) if method == accepted else None
            if found is not None:
                return _answer(route, *found.groups(), json.loads(body or b"{}") | dict(query))
        pending: Awaitable[Response] = otherwise(method, path, headers, body, query)
        return await pending

    return handle


def _add(name: str, patterns: Document, handler: Callable[..., object]) -> None:
    if name in ministack.app.SERVICE_HANDLERS:
        raise KeyError(f"the emulator now has {name}: drop the patch")
    router.SERVICE_PATTERNS[name] = patterns
    ministack.app.SERVICE_HANDLERS[name] = handler


def _answer(act: Callable[..., Document], *given: object) -> Response:
    try:
        return 200, {"Content-Type": "application/json"}, json.dumps(act(*given)).encode()
    except RefusedError as error:
        return refusal(error)


def refusal(error: RefusedError) -> Response:
    """Return the answer that carries a refusal."""
    headers = {"Content-Type": "application/json", "x-amzn-errortype": error.code}
    return error.status, headers, json.dumps({"__type": error.code, "message": str(error)}).encode()
