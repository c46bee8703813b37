"""CloudFront lets viewers in by signed URLs and cookies of its key groups, and asks origin groups and origins here.

ministack serves private content to everyone, answers 502 for an origin group, and knows no load balancer by TLS or by
a record of Route 53. `sandbox.emulator.traffic.cdn` says what is served.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PrivateContent.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ministack.app
from ministack.services import cloudfront

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap, wrap_action
from sandbox.emulator.traffic import cdn, origins, signatures
from sandbox.emulator.traffic.running import TRAFFIC

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    Document = dict[str, Any]

_COOKIE = "CloudFront-"


def _behavior(original: Handler) -> Handler:
    """Add the key groups that a behavior trusts."""

    def parse(element: Element, pattern: str | None = None) -> Document:
        found: Document = original(element, pattern)
        groups = cloudfront._find(element, "TrustedKeyGroups")
        named = [] if groups is None else [one.text for one in groups.iter() if one.tag.endswith("KeyGroup")]
        return found | {"key_groups": [one for one in named if one]}

    return parse


def _config(original: Handler) -> Handler:
    """Add the origin groups to the origins."""

    def parse(distribution: Document) -> Document:
        found: Document = original(distribution)
        groups = cloudfront._find(cloudfront._dist_config_el(distribution), "OriginGroups")
        items = None if groups is None else cloudfront._find(groups, "Items")
        for group in [] if items is None else items:
            ids = [one.text for one in group.iter() if one.tag.endswith("OriginId")]
            members = [found["origins"][one] for one in ids]
            codes = [int(one.text or 0) for one in group.iter() if one.tag.endswith("StatusCode")]
            found["origins"][cloudfront._text(group, "Id")] = members[0] | {"members": members, "codes": codes}
        return found

    return parse


def _viewer(original: Handler) -> Handler:
    """Refuse who may not see the content, and keep from the origin what let a viewer in."""

    async def serve(  # noqa: PLR0913, PLR0917 - the signature it replaces
        distribution: Document,
        method: str,
        path: str,
        raw_uri: str,
        query: str,
        headers: dict[str, str],
        body: bytes,
        pairs: Document,
        address: str = "127.0.0.1",
    ) -> Response:
        parsed = cloudfront.parse_distribution_dataplane_config(distribution)
        behavior = cloudfront._match_behavior(parsed, path)
        secure = headers.get("x-forwarded-proto") == "https"
        if behavior and behavior["key_groups"] and (secure or behavior["viewer_protocol_policy"] == "allow-all"):
            refused = cdn.refusal(behavior, raw_uri, query, headers, address)
            if refused is not None:
                return refused
            query = signatures.split(f"?{query}")[0].removeprefix("?")
            pairs = {name: value for name, value in pairs.items() if name not in signatures.PARAMETERS}
            headers = _without_cookies(headers)
        answer: Response = await original(distribution, method, path, raw_uri, query, headers, body, pairs, address)
        return answer

    return serve


def _without_cookies(headers: dict[str, str]) -> dict[str, str]:
    cookies = [part.strip() for part in headers.get("cookie", "").split(";")]
    kept = "; ".join(part for part in cookies if not part.startswith(_COOKIE))
    return {name: value for name, value in headers.items() if name != "cookie"} | ({"cookie": kept} if kept else {})


def _announced(original: Handler) -> Handler:
    async def handle(method: str, *args: Any) -> Response:  # noqa: ANN401 - as the function it replaces
        answer: Response = await original(method, *args)
        if method != "GET":
            TRAFFIC.changed()
        return answer

    return handle


def _apply() -> None:
    wrap(cloudfront, "_dataplane_behavior", _behavior)
    wrap(cloudfront, "parse_distribution_dataplane_config", _config)
    wrap(cloudfront, "handle_viewer_request", _viewer)
    wrap(cloudfront, "_fetch_from_origin", origins.fetching)
    wrap_action(ministack.app.SERVICE_HANDLERS, "cloudfront", _announced)


PATCH = Patch("cloudfront-viewers", "private content is served to everyone", _apply)
