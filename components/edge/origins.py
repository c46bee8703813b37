"""What a distribution serves, by where it asks: the origins, the behaviours that lead to them, and the default one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from components.edge.plan import ALL_VIEWER, ALL_VIEWER_EXCEPT_HOST, CACHING_DISABLED, origin_domain
from config.edge import HTTP_PORT, HTTPS_PORT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi
    from pulumi_aws import cloudfront

    from config.api import Api
    from config.cdn import Cdn
    from config.edge import Edge

APPLICATION: Final = "application"
"""Origin that answers what no bucket does."""
API: Final = "api"
"""Origin that is the API."""
EVERY_METHOD: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""Methods of the application."""


@dataclass(frozen=True, kw_only=True)
class Served:
    """What a distribution serves of one kind. Another kind of origin is another of these, beside it."""

    origins: Sequence[cloudfront.DistributionOriginArgsDict] = ()
    """Where it asks."""
    groups: Sequence[cloudfront.DistributionOriginGroupArgsDict] = ()
    """Pairs of origins of which the second is asked when the first does not answer."""
    behaviors: Sequence[cloudfront.DistributionOrderedCacheBehaviorArgsDict] = field(default=())
    """What leads to them, in the order in which it is compared."""
    default: cloudfront.DistributionDefaultCacheBehaviorArgsDict | None = None
    """What leads to them where no pattern does; one of all kinds has it."""


ANSWER_SECONDS: Final = 5
"""Seconds that CloudFront waits for the API beyond its longest time-out, so that the API's own answer is what comes."""


def shield(cdn: Cdn) -> cloudfront.DistributionOriginOriginShieldArgsDict:
    """Return the cache that is asked before an origin is."""
    region = cdn.origin_shield
    return {"enabled": False} if region is None else {"enabled": True, "origin_shield_region": region}


def application(settings: Edge, cdn: Cdn, headers_id: pulumi.Output[str]) -> Served:
    """Return what the load balancer of the region that serves answers; nothing of it is kept.

    Args:
        settings: The stack file's `edge`.
        cdn: The stack file's `edge.cdn`.
        headers_id: Policy of the headers of answers.
    """
    origin: cloudfront.DistributionOriginArgsDict = {
        "origin_id": APPLICATION,
        "domain_name": origin_domain(settings.domain),
        "origin_shield": shield(cdn),
        "custom_origin_config": {
            "http_port": HTTP_PORT,
            "https_port": HTTPS_PORT,
            "origin_protocol_policy": "https-only",
            "origin_ssl_protocols": ["TLSv1.2"],
            "origin_read_timeout": cdn.origin_timeout_seconds,
            "origin_keepalive_timeout": cdn.origin_keepalive_seconds,
        },
    }
    default: cloudfront.DistributionDefaultCacheBehaviorArgsDict = {
        "target_origin_id": APPLICATION,
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": list(EVERY_METHOD),
        "cached_methods": ["GET", "HEAD"],
        "compress": True,
        "cache_policy_id": CACHING_DISABLED,
        "origin_request_policy_id": ALL_VIEWER if settings.hosts else ALL_VIEWER_EXCEPT_HOST,
        "response_headers_policy_id": headers_id,
    }
    return Served(origins=[origin], default=default)


def api_paths(settings: Edge, cdn: Cdn, api: Api, headers_id: pulumi.Output[str]) -> Served:
    """Return what the API answers; nothing of it is kept, and it gets its own name, by which alone it answers.

    Args:
        settings: The stack file's `edge`.
        cdn: The stack file's `edge.cdn`.
        api: The stack file's `api`.
        headers_id: Policy of the headers of answers.
    """
    origin: cloudfront.DistributionOriginArgsDict = {
        "origin_id": API,
        "domain_name": api.name_in(settings.domain),
        "origin_shield": shield(cdn),
        "custom_origin_config": {
            "http_port": HTTP_PORT,
            "https_port": HTTPS_PORT,
            "origin_protocol_policy": "https-only",
            "origin_ssl_protocols": ["TLSv1.2"],
            "origin_read_timeout": api.longest_seconds + ANSWER_SECONDS,
            "origin_keepalive_timeout": cdn.origin_keepalive_seconds,
        },
    }
    behaviors: list[cloudfront.DistributionOrderedCacheBehaviorArgsDict] = [
        {
            "path_pattern": path,
            "target_origin_id": API,
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": list(EVERY_METHOD),
            "cached_methods": ["GET", "HEAD"],
            "compress": True,
            "cache_policy_id": CACHING_DISABLED,
            "origin_request_policy_id": ALL_VIEWER_EXCEPT_HOST,
            "response_headers_policy_id": headers_id,
        }
        for path in cdn.api_paths
    ]
    return Served(origins=[origin], behaviors=behaviors)
