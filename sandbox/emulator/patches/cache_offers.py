"""ElastiCache tells offers of reserved nodes, the only call that says which node types a region has.

Types are those of the facts of the stack files; prices are none, since nobody buys here.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeReservedCacheNodesOfferings.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from ministack.core.responses import get_region
from ministack.services import elasticache

from config.facts.offers import offers
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Awaitable

_ACTION: Final = "DescribeReservedCacheNodesOfferings"
_YEAR_SECONDS: Final = 31536000
_OFFERINGS: Final = ("No Upfront", "Partial Upfront", "All Upfront")


def _route(original: Handler) -> Handler:
    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Response:
        params = {**query, **parse_qs(body.decode("utf-8", errors="replace"))}
        if elasticache._p(params, "Action") == _ACTION:
            return _describe(elasticache._p(params, "CacheNodeType"))
        pending: Awaitable[Response] = original(method, path, headers, body, query)
        return await pending

    return handle


def _describe(wanted: str) -> Response:
    found = "".join(
        _offer(name, kind)
        for name in sorted(offers(get_region()).cache or ())
        if wanted in ("", name)
        for kind in _OFFERINGS
    )
    inner = f"<ReservedCacheNodesOfferings>{found}</ReservedCacheNodesOfferings>"
    answer: Response = elasticache._xml(200, f"{_ACTION}Response", f"<{_ACTION}Result>{inner}</{_ACTION}Result>")
    return answer


def _offer(name: str, kind: str) -> str:
    fields = {
        "ReservedCacheNodesOfferingId": f"{name}-{kind}".replace(" ", "-").lower(),
        "CacheNodeType": name,
        "Duration": _YEAR_SECONDS,
        "FixedPrice": 0.0,
        "UsagePrice": 0.0,
        "ProductDescription": "redis",
        "OfferingType": kind,
        "RecurringCharges": "",
    }
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in fields.items())
    return f"<ReservedCacheNodesOffering>{inner}</ReservedCacheNodesOffering>"


PATCH = Patch(
    "elasticache-node-offers",
    "which node types a region has cannot be asked: unknown action",
    lambda: wrap(elasticache, "handle_request", _route),
)
