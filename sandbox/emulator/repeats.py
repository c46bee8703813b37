"""An answer that its caller lost is given again, instead of the request being served twice.

A repeat that comes while the first attempt is still at work is served, as AWS serves it.

The AWS SDK for Go may close its own connection while it reads an answer that came faster than its request was through
(https://github.com/aws/aws-sdk-go-v2/issues/2737, read 2026-11-21), and then asks again. AWS is too far away for that
to happen often. An emulator on the same machine answers within a millisecond, so it happens some ten times in
a deployment of prod: the second CreateCachePolicy meets the policy of the first, and the deployment fails.

Every attempt of one call carries the same `amz-sdk-invocation-id`, which tells a repeat from another call.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sandbox.emulator.control import read

if TYPE_CHECKING:
    from sandbox.emulator.control import App, Receive, Scope, Send

KEPT: Final = 4096
"""Answers that are remembered, the oldest forgotten first; a repeat comes within seconds."""
KEPT_BYTES: Final = 65536
"""Longest body that is remembered; what changes something answers with less."""

_INVOCATION: Final = b"amz-sdk-invocation-id"
_SAFE: Final = frozenset(["GET", "HEAD"])
_SUCCESS: Final = range(200, 300)

Message: TypeAlias = MutableMapping[str, Any]


class Repeats:
    """An ASGI application in front of the emulator's that serves each call of an SDK once.

    A call that failed is served again when it is repeated: that is what retries are for.

    Args:
        app: The emulator.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._answers: OrderedDict[bytes, list[Message]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        call = _call(scope)
        if call is None:
            await self._app(scope, receive, send)
        elif call in self._answers:
            await read(receive)
            for message in self._answers[call]:
                await send(message)
        else:
            await self._first(call, scope, receive, send)

    async def _first(self, call: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        said: list[Message] = []

        async def remember(message: Message) -> None:
            said.append(message)
            if not message.get("more_body", message["type"] != "http.response.body") and _worth_keeping(said):
                self._answers[call] = said
                if len(self._answers) > KEPT:
                    self._answers.popitem(last=False)
            await send(message)

        await self._app(scope, receive, remember)


def _call(scope: Scope) -> bytes | None:
    """The id that all attempts of a call share; None for what may be served any number of times."""
    if scope["type"] != "http" or scope["method"] in _SAFE:
        return None
    return next((bytes(value) for name, value in scope["headers"] if name.lower() == _INVOCATION), None)


def _worth_keeping(said: list[Message]) -> bool:
    return said[0].get("status") in _SUCCESS and sum(len(message.get("body", b"")) for message in said) <= KEPT_BYTES
