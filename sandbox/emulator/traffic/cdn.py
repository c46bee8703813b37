"""What CloudFront answers for the distributions of the emulator, on top of ministack's own data plane.

ministack matches behaviors, runs functions, applies policies and custom error responses, and reads S3 as the bucket
policy lets the distribution's access control. Here come aliases, TLS, signed URLs and cookies of trusted key groups,
origin groups, WebSocket, and origins in the emulator by name: load balancers, HTTP APIs, records of Route 53. Nothing
is cached. Certificates of origins are not verified. An origin outside of this machine answers 502.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import time
from dataclasses import dataclass, replace
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import unquote

from ministack.core.responses import request_scope
from ministack.services import cloudfront

from sandbox.emulator.traffic import origins, rules, signatures
from sandbox.emulator.traffic.messages import SWITCHING, Answer, Headers, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    Document: TypeAlias = dict[str, Any]

HOME: Final = "us-east-1"
IDLE_S: Final = 600.0
"""Silence after which CloudFront closes a WebSocket (CloudFront Developer Guide, "Use WebSockets", 2026-11)."""
_FORBIDDEN: Final = 403


def distributions() -> list[Document]:
    """Return the distributions of all accounts."""
    return list(cloudfront._distributions._data.values())


def aliases(distribution: Document) -> list[str]:
    """Return the other names of a distribution."""
    found: list[str] = cloudfront._get_distribution_aliases(distribution)
    return found


def named(host: str) -> Document | None:
    """Return the enabled distribution that a host belongs to: by its own name or an alias, an exact one first."""
    enabled = [one for one in distributions() if one.get("enabled", True)]
    exact = [one for one in enabled if host in (one["DomainName"].lower(), *(name.lower() for name in aliases(one)))]
    wild = [
        one
        for one in enabled
        if any(name.startswith("*.") and host.partition(".")[2] == name[2:].lower() for name in aliases(one))
    ]
    return next(iter(exact + wild), None)


@dataclass(frozen=True)
class Edge:
    """CloudFront's side towards viewers.

    Attributes:
        secure: Whether it speaks TLS.
        region: No region: no cut reaches it.
    """

    secure: bool
    region: str = ""

    def idle(self) -> float:
        """Seconds of silence after which a connection is closed."""
        return IDLE_S

    async def answer(self, request: Request) -> Answer:
        """Answer a viewer's request."""
        found = named(rules.host(request).lower())
        if found is None:
            return _made(*cloudfront._cf_error_response(_FORBIDDEN, "Bad request.", cloudfront._ERROR_X_CACHE))
        with request_scope(found["ARN"].split(":")[4], HOME):
            headers = self._headers(request)
            if request.upgrades:
                answer = await self._upgraded(found, request, headers)
                if answer is not None:
                    return answer
            query: dict[str, list[str]] = {}
            for key, value in request.pairs:
                query.setdefault(key, []).append(value)
            path = unquote(request.path)
            said = await cloudfront.handle_viewer_request(
                found, request.method, path, request.path, request.query, headers, request.body, query, request.source
            )
        return _made(*said, head=request.method == "HEAD")

    def _headers(self, request: Request) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in request.headers:
            joint = "; " if name == "cookie" else ", "
            found[name] = f"{found[name]}{joint}{value}" if name in found else value
        return found | {"x-forwarded-proto": "https" if self.secure else "http"}

    async def _upgraded(self, distribution: Document, request: Request, headers: dict[str, str]) -> Answer | None:
        """Return the answer to a viewer who asks for a WebSocket, None where it is answered like any other request."""
        parsed = cloudfront.parse_distribution_dataplane_config(distribution)
        behavior = cloudfront._match_behavior(parsed, unquote(request.path))
        origin = parsed["origins"].get(behavior["target_origin_id"], {})
        listener = None if origin.get("s3_bucket") else origins.listener(origin, secure=self.secure)
        if listener is None or (not self.secure and behavior["viewer_protocol_policy"] != "allow-all"):
            return None
        refused = refusal(behavior, request.path, request.query, headers, request.source)
        if refused is not None:
            return _made(*refused)
        kept = {key: value for key, value in headers.items() if key not in ("host", "connection", "upgrade")}
        made = cloudfront._origin_request_headers(origin, kept, request.source, headers.get("x-forwarded-for", ""))
        pairs = [(key.lower(), str(value)) for key, value in made.items()]
        pairs += [("connection", "upgrade"), ("upgrade", request.header("upgrade"))]
        target = (origin["origin_path"] or "") + request.path + (f"?{request.query}" if request.query else "")
        answer = await listener.answer(replace(request, target=target, headers=pairs))
        if answer.status == SWITCHING:
            answer.idle = lambda: min(IDLE_S, listener.idle())
        return answer


def refusal(
    behavior: Mapping[str, Any], path: str, query: str, headers: Mapping[str, str], address: str
) -> tuple[int, dict[str, str], bytes] | None:
    """Return how a viewer is refused who has no signature that the behavior's key groups take, None who may in."""
    groups = behavior.get("key_groups")
    if not groups:
        return None
    ids = [one for group in groups for one in cloudfront._key_groups[group]["Config"]["Items"]]
    keys = {one: cloudfront._public_keys[one]["Config"]["EncodedKey"] for one in ids}
    host = headers.get("host", "").partition(":")[0]
    url = f"{headers.get('x-forwarded-proto', 'http')}://{host}{path}{'?' if query else ''}{query}"
    try:
        signatures.Viewer(url, _cookies(headers), address, time.time()).check(keys)
    except signatures.RefusedError as error:
        given = cloudfront._add_cloudfront_headers({"content-type": "text/xml"}, cloudfront._ERROR_X_CACHE)
        return _FORBIDDEN, cloudfront._render_headers(given, title_case=True), error.body
    return None


def _cookies(headers: Mapping[str, str]) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def _made(status: int, headers: Mapping[str, Any], body: bytes, *, head: bool = False) -> Answer:
    """Return an answer of ministack's as one to be sent."""
    pairs: Headers = [
        (name.lower(), str(value))
        for name, values in headers.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return Answer(status, [pair for pair in pairs if head or pair[0] != "content-length"], body)
