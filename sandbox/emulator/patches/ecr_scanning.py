"""A registry keeps how its images are scanned.

ministack has repositories only.
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id
from ministack.services import ecr

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap
from sandbox.emulator.patches.ecr_replication import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_SCANNING = {"scanType": "BASIC", "rules": []}
Request = dict[str, Any]


def _put_scanning(data: Request) -> Request:
    SETTINGS["scanning"] = {"scanType": data.get("scanType", "BASIC"), "rules": data.get("rules", [])}
    return {"registryScanningConfiguration": SETTINGS["scanning"]}


def _get_scanning(_: Request) -> Request:
    said = SETTINGS.get("scanning", _SCANNING)
    return {"registryId": get_account_id(), "scanningConfiguration": said}


_ADDED: dict[str, Callable[[Request], Request]] = {
    "GetRegistryScanningConfiguration": _get_scanning,
    "PutRegistryScanningConfiguration": _put_scanning,
}


def _route(original: Handler) -> Handler:
    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: object) -> Response:
        serve = _ADDED.get(headers.get("x-amz-target", "").rpartition(".")[2])
        if serve is None:
            pending: Awaitable[Response] = original(method, path, headers, body, query)
            return await pending
        answer: Response = ecr.json_response(serve(json.loads(body)))
        return answer

    return handle


PATCH = Patch(
    "ecr-scanning", "a registry can be given no scanning configuration", lambda: wrap(ecr, "handle_request", _route)
)
