"""The CloudFront distribution: the application at `origin.<domain>`, static assets from a bucket and its spare.

Everything is asked by TLS. What the application answers is never kept; assets are kept as long as the stack file says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi_aws import cloudfront, cloudwatch

from components.base import child, named
from components.data.plan import bucket_name
from components.edge.plan import ALL_VIEWER_EXCEPT_HOST, CACHING_DISABLED, bucket_origin, origin_domain
from config.edge import HTTP_PORT, HTTPS_PORT

if TYPE_CHECKING:
    from components.data import BucketOutputs
    from config.edge import CachedPaths, Edge
    from config.edge import Cdn as CdnSettings
    from config.identity import Identity

APPLICATION: Final = "application"
"""Origin that answers everything but assets."""
ASSETS: Final = "assets"
"""Origin of assets, or the pair of origins."""
READ: Final = ("GET", "HEAD", "OPTIONS")
"""Methods of assets."""
EVERY_METHOD: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""Methods of the application."""
GONE: Final = (500, 502, 503, 504)
"""Answers of a bucket after which its spare is asked; no answer at all counts too."""
SECONDS_PER_DAY: Final = 86400


@dataclass(frozen=True, kw_only=True)
class DistributionArgs:
    """What the distribution is built from."""

    settings: Edge
    """The stack file's `edge`."""
    cdn: CdnSettings
    """The stack file's `edge.cdn`."""
    identity: Identity
    """The stack file's `identity`."""
    certificate_arn: pulumi.Output[str]
    """Issued certificate of the domain, in us-east-1."""
    web_acl_arn: pulumi.Output[str]
    """Web ACL of scope CLOUDFRONT."""
    assets: BucketOutputs
    """Bucket of static assets, whose policy admits CloudFront."""
    access_logs: BucketOutputs
    """Bucket that access logs are delivered to."""


class Distribution(pulumi.ComponentResource):
    """A CloudFront distribution with its policies and its access logs."""

    id: pulumi.Output[str]
    """Id of the distribution."""
    arn: pulumi.Output[str]
    """Its ARN."""
    domain_name: pulumi.Output[str]
    """Its own name."""

    def __init__(self, name: str, args: DistributionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:edge:Distribution", name, None, opts)
        self._name = name
        self._args = args
        self._headers = self._response_headers().id
        distribution = self._distribution()
        self._log_access(distribution)
        self.id = distribution.id
        self.arn = distribution.arn
        self.domain_name = distribution.domain_name
        self.register_outputs({"domainName": self.domain_name})

    def _distribution(self) -> cloudfront.Distribution:
        settings, cdn = self._args.settings, self._args.cdn
        return cloudfront.Distribution(
            named(self._name, "distribution"),
            enabled=True,
            comment=settings.domain,
            aliases=[settings.domain],
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class=cdn.price_class,
            web_acl_id=self._args.web_acl_arn,
            origins=[self._application(), *self._asset_origins()],
            origin_groups=self._pair(),
            default_cache_behavior=self._to_application(),
            ordered_cache_behaviors=[self._to_assets(short, cached) for short, cached in cdn.assets.paths.items()],
            restrictions={"geo_restriction": {"restriction_type": "none"}},  # the web ACL blocks countries, and logs it
            viewer_certificate={
                "acm_certificate_arn": self._args.certificate_arn,
                "minimum_protocol_version": cdn.tls_minimum,
                "ssl_support_method": "sni-only",
            },
            opts=child(self),
        )

    def _application(self) -> cloudfront.DistributionOriginArgsDict:
        cdn = self._args.cdn
        return {
            "origin_id": APPLICATION,
            "domain_name": origin_domain(self._args.settings.domain),
            "origin_shield": self._shield(),
            "custom_origin_config": {
                "http_port": HTTP_PORT,
                "https_port": HTTPS_PORT,
                "origin_protocol_policy": "https-only",
                "origin_ssl_protocols": ["TLSv1.2"],
                "origin_read_timeout": cdn.origin_timeout_seconds,
                "origin_keepalive_timeout": cdn.origin_keepalive_seconds,
            },
        }

    def _asset_origins(self) -> list[cloudfront.DistributionOriginArgsDict]:
        control = self._access_control()
        identity, spare = self._args.identity, self._args.cdn.assets.standby
        first = self._args.assets.name.apply(lambda name: bucket_origin(name, identity.region))
        domains: list[pulumi.Input[str]] = [first]
        if spare is not None:
            domains.append(bucket_origin(bucket_name(spare.name, identity), spare.region))
        return [
            {
                "origin_id": origin_id,
                "domain_name": domain,
                "origin_access_control_id": control.id,
                "origin_shield": self._shield(),
            }
            for origin_id, domain in zip(self._asset_ids(), domains, strict=True)
        ]

    def _asset_ids(self) -> list[str]:
        """Return the ids of the buckets as origins; a pair of them is an origin of its own, called `ASSETS`."""
        return [f"{ASSETS}-first", f"{ASSETS}-spare"] if self._args.cdn.assets.standby else [ASSETS]

    def _pair(self) -> list[cloudfront.DistributionOriginGroupArgsDict]:
        if self._args.cdn.assets.standby is None:
            return []
        members: list[cloudfront.DistributionOriginGroupMemberArgsDict] = [
            {"origin_id": origin_id} for origin_id in self._asset_ids()
        ]
        return [{"origin_id": ASSETS, "members": members, "failover_criteria": {"status_codes": list(GONE)}}]

    def _shield(self) -> cloudfront.DistributionOriginOriginShieldArgsDict:
        shield = self._args.cdn.origin_shield
        return {"enabled": False} if shield is None else {"enabled": True, "origin_shield_region": shield}

    def _to_application(self) -> cloudfront.DistributionDefaultCacheBehaviorArgsDict:
        return {
            "target_origin_id": APPLICATION,
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": list(EVERY_METHOD),
            "cached_methods": ["GET", "HEAD"],
            "compress": True,
            "cache_policy_id": CACHING_DISABLED,
            "origin_request_policy_id": ALL_VIEWER_EXCEPT_HOST,
            "response_headers_policy_id": self._headers,
        }

    def _to_assets(self, short: str, cached: CachedPaths) -> cloudfront.DistributionOrderedCacheBehaviorArgsDict:
        return {
            "path_pattern": cached.path,
            "target_origin_id": ASSETS,
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": list(READ),
            "cached_methods": list(READ),
            "compress": True,
            "cache_policy_id": self._cache_policy(short, cached).id,
            "response_headers_policy_id": self._headers,
        }

    def _cache_policy(self, short: str, cached: CachedPaths) -> cloudfront.CachePolicy:
        return cloudfront.CachePolicy(
            named(self._name, f"cache-{short}"),
            comment=f"Assets under {cached.path}",
            min_ttl=cached.min_seconds,
            default_ttl=cached.default_seconds,
            max_ttl=cached.max_seconds,
            parameters_in_cache_key_and_forwarded_to_origin={
                "cookies_config": {"cookie_behavior": "none"},
                "headers_config": {"header_behavior": "none"},
                "query_strings_config": {"query_string_behavior": "none"},
                "enable_accept_encoding_gzip": True,
                "enable_accept_encoding_brotli": True,
            },
            opts=child(self),
        )

    def _access_control(self) -> cloudfront.OriginAccessControl:
        return cloudfront.OriginAccessControl(
            named(self._name, "bucket-access"),
            description="Signs CloudFront's requests to the buckets of static assets",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=child(self),
        )

    def _response_headers(self) -> cloudfront.ResponseHeadersPolicy:
        cdn = self._args.cdn
        return cloudfront.ResponseHeadersPolicy(
            named(self._name, "headers"),
            comment="What browsers must not do with our pages",
            security_headers_config={
                "strict_transport_security": {
                    "access_control_max_age_sec": cdn.hsts_days * SECONDS_PER_DAY,
                    "include_subdomains": True,
                    "preload": True,
                    "override": True,
                },
                "content_type_options": {"override": True},
                "frame_options": {"frame_option": "DENY", "override": True},
                "referrer_policy": {"referrer_policy": "strict-origin-when-cross-origin", "override": True},
                # the application knows better what its pages need
                "content_security_policy": {
                    "content_security_policy": cdn.content_security_policy,
                    "override": False,
                },
            },
            opts=child(self),
        )

    def _log_access(self, distribution: cloudfront.Distribution) -> None:
        """Deliver access logs by CloudWatch's delivery; CloudFront's own needs a bucket with access lists."""
        source = cloudwatch.LogDeliverySource(
            named(self._name, "access"),
            log_type="ACCESS_LOGS",
            resource_arn=distribution.arn,
            opts=child(self),
        )
        bucket: Any = {"destination_resource_arn": self._args.access_logs.arn}
        destination = cloudwatch.LogDeliveryDestination(
            named(self._name, "access-logs"),
            output_format="json",
            delivery_destination_configuration=bucket,
            opts=child(self),
        )
        cloudwatch.LogDelivery(
            named(self._name, "access-delivery"),
            delivery_source_name=source.name,
            delivery_destination_arn=destination.arn,
            opts=child(self),
        )
