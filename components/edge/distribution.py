"""The CloudFront distribution: the application at `origin.<domain>`, objects of buckets and their spares.

Everything is asked by TLS. What the application answers is never kept; objects are kept as long as the stack file says.
Another kind of origin is one more `Served` (origins).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi_aws import cloudfront, cloudwatch

from components.base import child, named
from components.edge.bucket_origins import BucketOrigins
from components.edge.origins import Served, api_paths, application

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.data import BucketOutputs
    from config.api import Api
    from config.cdn import Cdn as CdnSettings
    from config.edge import Edge
    from config.identity import Identity

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
    buckets: Mapping[str, BucketOutputs]
    """Buckets by short name, among them those that are served, whose policies admit CloudFront."""
    access_logs: BucketOutputs
    """Bucket that access logs are delivered to."""
    api: Api | None = None
    """The stack file's `api`; None = there is none, and no path leads to it."""


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

    def _served(self) -> list[Served]:
        """Return what is served, by kind; patterns are compared in this order."""
        settings, cdn = self._args.settings, self._args.cdn
        balancer = [application(settings, cdn, self._headers)] if settings.balancer else []
        api = self._args.api
        paths = [api_paths(settings, cdn, api, self._headers)] if api is not None and cdn.api_paths else []
        return [*balancer, *paths, BucketOrigins(self, self._name, self._args, self._headers).served()]

    def _distribution(self) -> cloudfront.Distribution:
        settings, cdn, served = self._args.settings, self._args.cdn, self._served()
        return cloudfront.Distribution(
            named(self._name, "distribution"),
            enabled=True,
            comment=settings.domain,
            aliases=list(settings.names),
            default_root_object=cdn.root_object,
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class=cdn.price_class,
            web_acl_id=self._args.web_acl_arn,
            origins=[origin for kind in served for origin in kind.origins],
            origin_groups=[group for kind in served for group in kind.groups],
            default_cache_behavior=next(kind.default for kind in served if kind.default is not None),
            ordered_cache_behaviors=[behavior for kind in served for behavior in kind.behaviors],
            restrictions={"geo_restriction": {"restriction_type": "none"}},  # the web ACL blocks countries, and logs it
            viewer_certificate={
                "acm_certificate_arn": self._args.certificate_arn,
                "minimum_protocol_version": cdn.tls_minimum,
                "ssl_support_method": "sni-only",
            },
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
