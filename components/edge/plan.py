"""Names of the edge. Pure: no resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from components.naming import physical

if TYPE_CHECKING:
    from config.edge import Edge
    from config.identity import Identity

ALIAS_ZONE_OF_CLOUDFRONT: Final = "Z2FDTNDATAQYW2"
"""Hosted zone that every alias to CloudFront names (Route 53 API, `AliasTarget`, 2026-11)."""
CACHING_DISABLED: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""AWS-managed cache policy `CachingDisabled` (CloudFront developer guide, "Use managed cache policies", 2026-11)."""
ALL_VIEWER_EXCEPT_HOST: Final = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""AWS-managed origin request policy `AllViewerExceptHostHeader`: the origin gets its own name as Host, for which it has
a certificate (CloudFront developer guide, "Use managed origin request policies", 2026-11)."""

ALL_VIEWER: Final = "216adef6-5c7f-47e4-b989-5492eafa07d3"
"""AWS-managed origin request policy `AllViewer`: the origin gets the name that the viewer asked for as Host (same page,
2026-11). Either policy hands on what a WebSocket begins with."""

HEALTHY_CODES: Final = "200-399"
"""Answers of a target that can serve; Route 53 takes the same."""


def origin_domain(domain: str) -> str:
    """Return the name that leads to the load balancer of the region that serves."""
    return f"origin.{domain}"


def balancer_names(settings: Edge) -> tuple[str, ...]:
    """Return the names in the certificate of a load balancer; CloudFront asks by the viewer's where there are several.

    The certificate must hold what CloudFront sends as Host (CloudFront developer guide, "Require HTTPS for
    communication between CloudFront and your custom origin", 2026-11).
    """
    return (origin_domain(settings.domain), *(settings.names if settings.hosts else ()), *settings.doors)


def viewer_names(settings: Edge) -> tuple[str, ...]:
    """Return the names in the certificate of CloudFront: what viewers ask for, and what it asks the origin by.

    A door that leads past it is among them, as the records that prove the names are made for this certificate.
    """
    origin = (origin_domain(settings.domain),) if settings.balancer else ()
    return (settings.domain, *origin, *settings.hosts, *settings.doors)


def standby_domain(domain: str) -> str:
    """Return the name that leads to the standby's load balancer, whoever serves."""
    return f"standby.{domain}"


def firewall_log_group(identity: Identity, firewall: str) -> str:
    """Return the log group of a web ACL; the name must begin as WAF demands."""
    return physical("firewall-log-group", identity.system, identity.environment, firewall)


def bucket_origin(physical_name: str, region: str) -> str:
    """Return the name under which CloudFront asks a bucket; the region keeps S3 from redirecting."""
    return f"{physical_name}.s3.{region}.amazonaws.com"
