"""A service that is in some regions only has no endpoint in any other.

A client of another region would find no such host; here it gets an error that says so.
https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html (regions of each service; 2026-11)
"""

from __future__ import annotations

from typing import Final

import ministack.app
from ministack.core.responses import get_region

from sandbox.emulator.patches.base import Handler, Patch
from sandbox.emulator.patches.service import RefusedError, refusal

REGIONS: Final = {
    "chatbot": ("us-west-2", "us-east-2", "eu-west-1", "ap-southeast-1"),
    "cur": ("us-east-1",),
    "globalaccelerator": ("us-west-2",),
}
"""Services that the emulator has, with their regions; `config/facts/apis.py` has the same (a test holds)."""
_NOT_FOUND: Final = 404


def _only_in(service: str, original: Handler) -> Handler:
    async def handle(*request: object) -> object:
        region = get_region()
        if region in REGIONS[service]:
            return await original(*request)
        there = ", ".join(REGIONS[service])
        message = f"{service}.{region}.amazonaws.com does not exist: {service} is in {there} only"
        return refusal(RefusedError("UnknownEndpoint", message, _NOT_FOUND))

    return handle


def _apply() -> None:
    for service in REGIONS:
        ministack.app.SERVICE_HANDLERS[service] = _only_in(service, ministack.app.SERVICE_HANDLERS[service])


PATCH = Patch("api-regions", "a service answers in regions where it is not", _apply)
