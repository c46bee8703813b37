"""Requests of an HTTP API come by its names, are throttled, and go by its VPC link to a load balancer.

ministack finds an API only in the account of who asks, and a caller of an API has none; it takes what a private
integration leads to for a URL, answers by a default endpoint that is off, and throttles nothing.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html,
http-api-throttling.html and http-api-disable-default-endpoint.html of the same guide (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import asyncio
import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

import ministack.app
from ministack.core.responses import get_region, request_scope
from ministack.services import acm, alb, apigateway, apigateway_v1

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.patches.api_vpc_links import PRIVATE
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap
from sandbox.emulator.traffic.balancer import send

if TYPE_CHECKING:
    from collections.abc import Mapping

Document = dict[str, Any]

_HOP: Final = frozenset(
    {"connection", "content-length", "host", "keep-alive", "te", "trailers", "transfer-encoding", "upgrade"}
)
"""Headers that are about a connection, or that the next one makes anew."""
_UNRESERVED: Final = "/~!$&'()*+,;=:@%-._"
_buckets: dict[tuple[str, str, str], tuple[float, float]] = {}
"""API, stage, route -> requests that may come at once, and when that was so."""


def _plain(status: int, message: str) -> Response:
    return status, {"Content-Type": "application/json"}, json.dumps({"message": message}).encode()


def _addressed(original: Handler) -> Handler:
    """Serve an API in its own account, and no default endpoint that is off."""

    async def serve(host: str, path: str, *rest: Any, **named: Any) -> Response | None:  # noqa: ANN401 - handed on
        owner = owner_of(host.split(":", maxsplit=1)[0].lower())
        parsed = ministack.app._parse_execute_api_url(host, path)
        if owner is None and parsed is not None:
            if is_off(parsed[0]):
                return _plain(404, "Not Found")
            found = apigateway._api_owner(parsed[0])
            owner = found[1:] if found else None
        with request_scope(*owner) if owner else nullcontext():
            answer: Response | None = await original(host, path, *rest, **named)
            return answer

    return serve


def owner_of(name: str) -> tuple[str, str] | None:
    """Return account and region of an API's own name; None = it is none."""
    stored = ((account, region, one) for (account, region, one), _ in apigateway_v1._domain_names.all_items())
    return next(((account, region) for account, region, one in stored if one.lower() == name), None)


def is_off(api_id: str) -> bool:
    """Tell whether the default endpoint of an API is off."""
    found = (api for (_, _, one), api in apigateway._apis.all_items() if one == api_id)
    return any(bool(api.get("disableExecuteApiEndpoint")) for api in found)


def _throttled(original: Handler) -> Handler:
    """Refuse what is more than the route, or its stage, takes."""

    async def execute(api_id: str, stage: str, path: str, method: str, *rest: Any, **named: Any) -> Response:  # noqa: ANN401
        route = apigateway._match_route(api_id, method, "/" + path.lstrip("/"))
        settings = apigateway._stages.get(api_id, {}).get(stage, {})
        if route and method != "OPTIONS" and not _taken((api_id, stage, route["routeKey"]), settings):
            return _plain(429, "Too Many Requests")
        answer: Response = await original(api_id, stage, path, method, *rest, **named)
        return answer

    return execute


def _taken(key: tuple[str, str, str], stage: Mapping[str, Any]) -> bool:
    """Take a token of the route's bucket; False where it is empty."""
    own = {**(stage.get("defaultRouteSettings") or {}), **(stage.get("routeSettings") or {}).get(key[2], {})}
    rate, burst = own.get("throttlingRateLimit"), own.get("throttlingBurstLimit")
    if not rate or not burst:
        return True
    now = CLOCK.now()
    left, before = _buckets.get(key, (float(burst), now))
    left = min(float(burst), left + (now - before) * float(rate))
    _buckets[key] = (left - 1 if left >= 1 else left, now)
    return left >= 1


def _proxied(original: Handler) -> Handler:
    """Hand a request of a private integration to the listener that it names."""

    async def invoke(  # noqa: PLR0913, PLR0917 - the signature it replaces
        integration: Document, path: str, method: str, headers: Mapping[str, str], body: bytes, query: Document
    ) -> Response:
        if integration.get("connectionType") != PRIVATE:
            answer: Response = await original(integration, path, method, headers, body, query)
            return answer
        listener = alb._listeners.get(integration["integrationUri"])
        if listener is None or not _trusted(integration, listener):
            return _plain(503, "Service Unavailable")
        pairs = urlencode(query or {}, doseq=True)
        target = quote(path, safe=_UNRESERVED) + (f"?{pairs}" if pairs else "")
        asked = send(integration["integrationUri"], method, target, _forwarded(headers), body or b"")
        try:
            status, said, whole = await asyncio.wait_for(asked, integration["timeoutInMillis"] / 1000)
        except (TimeoutError, OSError):
            return _plain(503, "Service Unavailable")
        return status, {name: value for name, value in said if name.lower() not in _HOP}, whole

    return invoke


def _trusted(integration: Document, listener: Document) -> bool:
    """Tell whether the listener speaks what the integration does, and has a certificate for the name it asks for."""
    wanted = (integration.get("tlsConfig") or {}).get("serverNameToVerify")
    if (wanted is None) is (listener["Protocol"] in ("HTTPS", "TLS")):
        return False
    found = [acm._certificates.get(arn) for arn in listener.get("Certificates") or []]
    names = [name for one in found if one for name in one.get("SubjectAlternativeNames") or [one["DomainName"]]]
    return wanted is None or any(_covers(one, wanted) for one in names)


def _covers(certified: str, name: str) -> bool:
    wild = certified.startswith("*.") and name.partition(".")[2] == certified.removeprefix("*.")
    return wild or certified.lower() == name.lower()


def _forwarded(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the headers as they reach the load balancer: those of the caller, and who has passed them on."""
    kept = [(name, value) for name, value in headers.items() if name.lower() not in _HOP]
    host = headers.get("host", "").partition(":")[0]
    by = f"execute-api.{get_region()}.amazonaws.com"
    forwarded = f"by={by};for=127.0.0.1;host={host};proto=https"
    return [*kept, ("host", host or by), ("forwarded", forwarded), ("via", "HTTP/1.1 AmazonAPIGateway")]


def _apply() -> None:
    wrap(ministack.app, "_handle_execute_api_request", _addressed)
    wrap(apigateway, "_handle_execute_in_scope", _throttled)
    wrap(apigateway, "_invoke_http_proxy", _proxied)


PATCH = Patch(
    name="apigateway-requests",
    symptom="Nobody reaches a service by the API: its names are not found, and its link leads nowhere.",
    apply=_apply,
)
