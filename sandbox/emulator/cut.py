"""A region that cannot be reached: the requests made to it are refused and counted, and nothing is replicated across.

A request belongs to the region it is signed for and, for S3, to that of its bucket. The global services keep their
control planes in us-east-1, so a strict cut refuses those too, whatever region their caller signed for
(https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html, read 2026-11-21).
A cut lives in this process only: a restarted emulator has none. What runs inside without a request, such as a
function already started, is not stopped.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

from sandbox.emulator.control import PREFIX, App, Receive, Scope, Send, read

HOME = "us-east-1"
"""Region of the control planes of the global services."""

GLOBAL = frozenset(
    ["account", "budgets", "ce", "cloudfront", "health", "iam", "organizations", "route53", "route53domains", "shield"]
)
"""Signing names of services with one control plane, in us-east-1. STS is not among them: it answers in each region."""

_REST_XML = frozenset(["cloudfront", "route53", "s3"])
_UNAVAILABLE = 503
_FORM = "application/x-www-form-urlencoded"
_SCOPE = re.compile(r"Credential=[^/,\s]+/\d{8}/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)/aws4_request")

Regions: TypeAlias = Callable[[str], "str | None"]
"""Region of a bucket by its name; None when there is none."""


class Cuts:
    """Which regions are cut off, since when (seconds of the epoch), and what was refused since the last cut."""

    def __init__(self) -> None:
        self.regions: dict[str, bool] = {}
        self.since: dict[str, float] = {}
        self._refused: Counter[tuple[str, str, str]] = Counter()
        self.on_heal: list[Callable[[], None]] = []

    def cut(self, region: str, *, strict: bool | None) -> None:
        """Cut a region off; strict None refuses the global services with us-east-1 only."""
        self._refused.clear()
        self.regions[region] = region == HOME if strict is None else strict
        self.since.setdefault(region, time.time())

    def heal(self, region: str) -> None:
        """Let a region be reached again, and let replication catch up."""
        self.regions.pop(region, None)
        self.since.pop(region, None)
        for resume in self.on_heal:
            resume()

    def refuses(self, service: str, region: str) -> bool:
        """Whether a request to the service, signed for the region, is refused."""
        return region in self.regions or (service in GLOBAL and any(self.regions.values()))

    def count(self, service: str, action: str, region: str) -> None:
        """Remember a refused request."""
        self._refused[service, action, region] += 1

    def status(self) -> dict[str, object]:
        """What is cut and what was refused, most frequent first."""
        refused = [
            {"service": service, "action": action, "region": region, "count": count}
            for (service, action, region), count in self._refused.most_common()
        ]
        return {"regions": sorted(self.regions), "strict": any(self.regions.values()), "refused": refused}


CUTS = Cuts()
"""The cuts of this process."""


def reachable(*regions: str) -> bool:
    """Whether none of the regions is cut off."""
    return not any(region in CUTS.regions for region in regions)


class Border:
    """An ASGI application in front of the emulator's that refuses what belongs to a region cut off.

    Args:
        app: The emulator.
        region_of: Region of a bucket.
    """

    def __init__(self, app: App, region_of: Regions) -> None:
        self._app = app
        self._region_of = region_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if not CUTS.regions or scope["type"] != "http" or scope["path"].startswith((PREFIX, "/_ministack/")):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = parse_qs(scope["query_string"].decode("latin-1"))
        region, service = signed_for(headers, query)
        region = next((r for r in self._regions(region, service, scope["path"], headers) if r in CUTS.regions), region)
        if not CUTS.refuses(service, region):
            await self._app(scope, receive, send)
            return
        action = await _action(scope, receive, headers)
        CUTS.count(service, action, region)
        await _refuse(send, service, region, headers)

    def _regions(self, region: str, service: str, path: str, headers: Mapping[str, str]) -> list[str]:
        """Every region a request touches: that it is signed for, and those of the buckets it names."""
        buckets = [path.split("/")[1]] if service in {"", "s3"} else []
        if source := headers.get("x-amz-copy-source"):
            buckets.append(unquote(source).lstrip("/").split("/")[0])
        found = (self._region_of(bucket) for bucket in buckets if bucket)
        return [region, *filter(None, found)]


def signed_for(headers: Mapping[str, str], query: Mapping[str, list[str]]) -> tuple[str, str]:
    """Region and signing name of a request; both empty when it is not signed."""
    presigned = query.get("X-Amz-Credential", [""])[0]
    match = _SCOPE.search(headers.get("authorization", "")) or _SCOPE.search(f"Credential={presigned}")
    return (match["region"], match["service"]) if match else ("", "")


async def _action(scope: Scope, receive: Receive, headers: Mapping[str, str]) -> str:
    """The action of a request as its service names it, else its method and path."""
    body = await read(receive)
    if target := headers.get("x-amz-target"):
        return target.rpartition(".")[2]
    if headers.get("content-type", "").startswith(_FORM):
        return parse_qs(body.decode("latin-1")).get("Action", ["?"])[0]
    return f"{scope['method']} {scope['path']}"


async def _refuse(send: Send, service: str, region: str, headers: Mapping[str, str]) -> None:
    message = f"{service or 'this'} in {region} cannot be reached: the sandbox has cut the region off"
    body, kind = _said(service, message, headers.get("content-type", ""))
    answer = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"x-amzn-errortype", b"ServiceUnavailable"),
    ]
    await send({"type": "http.response.start", "status": _UNAVAILABLE, "headers": answer})
    await send({"type": "http.response.body", "body": body})


def _said(service: str, message: str, asked: str) -> tuple[bytes, str]:
    """An error in the protocol of the service: body and content type."""
    error = f"<Code>ServiceUnavailable</Code><Message>{escape(message)}</Message>"
    if service == "s3":
        return f"<Error>{error}</Error>".encode(), "application/xml"
    if service == "ec2":
        return f"<Response><Errors><Error>{error}</Error></Errors></Response>".encode(), "text/xml"
    if service in _REST_XML or asked.startswith(_FORM):
        return f"<ErrorResponse><Error>{error}</Error></ErrorResponse>".encode(), "text/xml"
    said = {"__type": "ServiceUnavailable", "message": message}
    return json.dumps(said).encode(), "application/json"
