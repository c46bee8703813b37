"""A delivery channel and a recorder of AWS Config can be deleted, in the order that AWS asks for.

https://docs.aws.amazon.com/config/latest/APIReference/API_DeleteDeliveryChannel.html (errors; 2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import error_response_json, json_response
from ministack.services import config

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sandbox.emulator.patches.service import Document


def _delete_channel(body: Document) -> Document | Response:
    if any(recorder.get("recording") for recorder in config._recorders.values()):
        return _refuse("LastDeliveryChannelDeleteFailedException", "the recorder is still running")
    if body["DeliveryChannelName"] not in config._delivery_channels:
        return _refuse("NoSuchDeliveryChannelException", "there is no such channel")
    del config._delivery_channels[body["DeliveryChannelName"]]
    return {}


def _delete_recorder(body: Document) -> Document | Response:
    if body["ConfigurationRecorderName"] not in config._recorders:
        return _refuse("NoSuchConfigurationRecorderException", "there is no such recorder")
    del config._recorders[body["ConfigurationRecorderName"]]
    return {}


def _refuse(code: str, message: str) -> Response:
    answer: Response = error_response_json(code, message, 400)
    return answer


_ACTIONS: Final[dict[str, Callable[[Document], Document | Response]]] = {
    "DeleteDeliveryChannel": _delete_channel,
    "DeleteConfigurationRecorder": _delete_recorder,
}


def _handle(original: Handler) -> Handler:
    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        called = headers.get("x-amz-target", "").rpartition(".")[2]
        if called in _ACTIONS:
            done = _ACTIONS[called](json.loads(body))
            answer: Response = json_response(done) if isinstance(done, dict) else done
            return answer
        pending: Awaitable[Response] = original(method, path, headers, body, query)
        return await pending

    return handle


PATCH = Patch("config-deletion", "a channel cannot be deleted", lambda: wrap(config, "handle_request", _handle))
