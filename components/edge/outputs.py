"""What later areas may know of the edge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pulumi

from components.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class WebAclOutputs:
    """A web ACL as other areas see it."""

    arn: pulumi.Output[str]
    """Its ARN."""
    name: str
    """Its name among metrics: dimension `WebACL` (WAF developer guide, "metrics and dimensions", 2026-11)."""
    log_group: pulumi.Output[str]
    """Log group of its decisions."""


@dataclass(frozen=True, kw_only=True)
class Targets:
    """A target group of the load balancer."""

    arn: pulumi.Output[str]
    """Its ARN, known once a listener leads to it."""
    suffix: pulumi.Output[str]
    """Dimension `TargetGroup` of its metrics."""


@dataclass(frozen=True, kw_only=True)
class RegionalEdgeOutputs:
    """The load balancer of the region and what belongs to it."""

    balancer_arn: pulumi.Output[str]
    """Load balancer."""
    balancer_suffix: pulumi.Output[str]
    """Dimension `LoadBalancer` of its metrics."""
    balancer_dns_name: pulumi.Output[str]
    """Its own name."""
    balancer_zone_id: pulumi.Output[str]
    """Hosted zone of that name, for aliases to it."""
    listener_arn: pulumi.Output[str]
    """Its listener by TLS."""
    pods: Targets | None
    """Target group that pods are to be bound to; None = there is no cluster."""
    health_check_id: pulumi.Output[str]
    """Route 53 health check of the region; its metrics are in us-east-1."""
    serving_check_id: pulumi.Output[str]
    """Route 53 health check of the region's half of failover pairs: in a primary it fails while the standby serves."""
    web_acl: WebAclOutputs
    """Firewall of the load balancer."""
    services: Mapping[str, Targets] = field(default_factory=dict)
    """Service of ECS, or group of instances, that the load balancer sends requests to -> its target group."""


@dataclass(frozen=True, kw_only=True)
class CdnOutputs:
    """What stands before both regions."""

    zone_id: pulumi.Output[str]
    """Public zone, known once certificates for its names can be had in any region."""
    name_servers: pulumi.Output[Sequence[str]]
    """Name servers of the zone; the parent domain must delegate to them."""
    distribution_id: pulumi.Output[str]
    """CloudFront distribution; its metrics are in us-east-1."""
    distribution_arn: pulumi.Output[str]
    """Its ARN."""
    distribution_domain: pulumi.Output[str]
    """Its own name under cloudfront.net."""
    web_acl: WebAclOutputs
    """Firewall of CloudFront, in us-east-1."""


@dataclass(frozen=True, kw_only=True)
class AcceleratorOutputs:
    """A door of Global Accelerator, in a primary."""

    listener_arn: pulumi.Output[str]
    """Its listener, to which a standby adds its region."""
    dns_name: pulumi.Output[str]
    """Its own name."""
    addresses: pulumi.Output[list[str]]
    """Its fixed addresses."""

    def exports(self) -> pulumi.Output[Any]:
        """Return `listener_arn`, `dns_name` and `addresses`."""
        return pulumi.Output.all(listener_arn=self.listener_arn, dns_name=self.dns_name, addresses=self.addresses)


@dataclass(frozen=True, kw_only=True)
class EdgeOutputs(Outputs):
    """The edge of a stack."""

    domain: str
    """Name under which people reach the system."""
    regional: RegionalEdgeOutputs | None
    """Load balancer of the region; None = CloudFront serves buckets only."""
    cdn: CdnOutputs | None
    """What stands before both regions; None in a standby."""
    accelerator: AcceleratorOutputs | None = None
    """The door beside it; None = there is none, or the primary's."""

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """Return the name of the system and, where they are there, of its load balancer, of zone, CDN and accelerator.

        A standby writes its half of the failover pair into the zone; the parent domain must delegate to its name
        servers.
        """
        found: dict[str, pulumi.Input[Any]] = {"domain": self.domain}
        if self.regional is not None:
            found["balancer_dns_name"] = self.regional.balancer_dns_name
        if self.cdn is not None:
            found["zone_id"] = self.cdn.zone_id
            found["name_servers"] = self.cdn.name_servers
            found["distribution_domain"] = self.cdn.distribution_domain
        if self.accelerator is not None:
            found["accelerator"] = self.accelerator.exports()
        return found


@dataclass(frozen=True, kw_only=True)
class PrimaryZone(Outputs):
    """What a standby's edge takes of its primary's. A primary has none of it."""

    zone_id: pulumi.Output[str]
    """Public zone of the system."""
    accelerator: pulumi.Output[dict[str, Any]]
    """Door of Global Accelerator, as `AcceleratorOutputs` publishes it; the value None = there is none."""
