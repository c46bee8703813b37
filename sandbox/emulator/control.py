"""The sandbox's own paths on the emulator's port, below /_sandbox/: status, save, stop, calls, outage, advance, ..."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from sandbox.emulator.snapshot import SnapshotError

PREFIX = "/_sandbox/"

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Query: TypeAlias = Mapping[str, str]
Answer: TypeAlias = dict[str, object]
Action: TypeAlias = Callable[[Query], "Answer | Awaitable[Answer]"]


async def read(receive: Receive) -> bytes:
    """Read a request to its end, so that its connection can serve the next one."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


class Control:
    """An ASGI application in front of the emulator's that answers the sandbox's own paths.

    Args:
        app: The emulator.
        actions: (method, name) to what it does; it gets the query and its result, awaited where need be, is the answer.
    """

    def __init__(self, app: App, actions: dict[tuple[str, str], Action]) -> None:
        self._app = app
        self._actions = actions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        status, answer = await self._answer(scope["method"], path.removeprefix(PREFIX), scope.get("query_string", b""))
        body = json.dumps(answer).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, method: str, name: str, query: bytes) -> tuple[int, Answer]:
        action = self._actions.get((method, name))
        if action is None:
            known = ", ".join(f"{m} {PREFIX}{n}" for m, n in sorted(self._actions))
            return 404, {"error": f"{method} {PREFIX}{name} is not known; known: {known}"}
        try:
            answer = action(dict(parse_qsl(query.decode("latin-1"))))
            return 200, await answer if inspect.isawaitable(answer) else answer
        except KeyError as error:
            return 400, {"error": f"{method} {PREFIX}{name}: the query lacks {error}"}
        except ValueError as error:
            return 400, {"error": f"{method} {PREFIX}{name}: {error}"}
        except (SnapshotError, OSError) as error:
            return 500, {"error": str(error)}
