"""The edge of one region: a load balancer behind a firewall, its health check, and its half of the failover pair.

Built alike for a primary and for its standby, but for a primary's second health check (fence). Which half answers is
decided by Route 53, by the health checks alone: nothing here changes when a standby takes over.

Not here: the zone and CloudFront (cdn), and who gets the requests (targets).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import pulumi
from pulumi_aws import lb, route53, wafv2

from components.base import child, named
from components.edge import fence
from components.edge.certificate import issued, request
from components.edge.outputs import RegionalEdgeOutputs
from components.edge.plan import balancer_names, origin_domain
from components.edge.targets import build_groups, build_rules, default_action
from components.edge.web_acl import WebAcl, WebAclArgs
from components.outputs import needed
from config.edge import HTTP_PORT, HTTPS_PORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.data import BucketOutputs
    from components.edge.targets import Group
    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.balanced import Balanced
    from config.edge import Balancer, Edge, HealthCheck
    from config.identity import Identity

LOG_PREFIX: Final = "alb"
"""Prefix of access logs in their bucket."""


@dataclass(frozen=True, kw_only=True)
class RegionalEdgeArgs:
    """What the edge of a region is built from."""

    settings: Edge
    """The stack file's `edge`."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs
    """Subnets and group of the load balancer."""
    keys: KeysOutputs
    """`logs`."""
    access_logs: BucketOutputs
    """Bucket of the region that load balancers may deliver to."""
    zone_id: pulumi.Output[str]
    """Public zone of the system, in which `origin.<domain>` is proven to be ours."""
    failover: Literal["PRIMARY", "SECONDARY"]
    """Half of the pair: PRIMARY answers while it is healthy, and no standby serves in its place. Under `edge.routing:
    latency` it is a name alone: both answer while they are healthy."""
    services: Mapping[str, Balanced] = field(default_factory=dict)
    """Services of ECS and groups of instances by name; the load balancer sends requests to those that have a target."""
    pods: bool = True
    """Whether there is a cluster, whose pods are targets."""

    @property
    def balancer(self) -> Balancer:
        """The stack file's `edge.balancer`."""
        return needed(self.settings.balancer, "edge.balancer")

    @property
    def health_check(self) -> HealthCheck:
        """The stack file's `edge.health_check`."""
        return needed(self.settings.health_check, "edge.health_check")


class RegionalEdge(pulumi.ComponentResource):
    """Where requests enter a region."""

    outputs: RegionalEdgeOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: RegionalEdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:edge:RegionalEdge", name, None, opts)
        self._name = name
        self._args = args
        balancer = self._balancer()
        groups = build_groups(self, name, args.settings, args.services, (args.network.vpc_id, args.pods))
        self._redirect(balancer)
        served = self._serve(balancer, groups)
        firewall = self._guard(balancer)
        check = self._health_check(balancer)
        fenced = check
        if args.failover == "PRIMARY" and args.settings.routing == "failover":
            fenced = fence.checked(self, name, (args.settings.domain, args.health_check), check)
        self._answer_for_origin(balancer, fenced)
        targets = build_rules(self, groups, served.arn)
        self.outputs = RegionalEdgeOutputs(
            balancer_arn=balancer.arn,
            balancer_suffix=balancer.arn_suffix,
            balancer_dns_name=balancer.dns_name,
            balancer_zone_id=balancer.zone_id,
            listener_arn=served.arn,
            pods=targets.pop("", None),
            health_check_id=check.id,
            serving_check_id=fenced.id,
            web_acl=firewall.outputs,
            services=targets,
        )
        self.register_outputs({"balancerDnsName": balancer.dns_name})

    def _balancer(self) -> lb.LoadBalancer:
        args = self._args
        return lb.LoadBalancer(
            named(self._name, "alb"),
            load_balancer_type="application",
            internal=False,
            subnets=args.network.subnets_of(args.settings.serves),
            security_groups=[args.network.group_of(args.settings.serves)],
            access_logs={"bucket": args.access_logs.name, "prefix": LOG_PREFIX, "enabled": True},
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            enable_deletion_protection=True,
            idle_timeout=args.balancer.idle_timeout_seconds,
            opts=child(self),
        )

    def _redirect(self, balancer: lb.LoadBalancer) -> None:
        to_tls: lb.ListenerDefaultActionRedirectArgsDict = {
            "protocol": "HTTPS",
            "port": str(HTTPS_PORT),
            "status_code": "HTTP_301",
        }
        lb.Listener(
            named(self._name, "http"),
            load_balancer_arn=balancer.arn,
            protocol="HTTP",
            port=HTTP_PORT,
            default_actions=[{"type": "redirect", "redirect": to_tls}],
            opts=child(self),
        )

    def _serve(self, balancer: lb.LoadBalancer, groups: Mapping[str, Group]) -> lb.Listener:
        certificate = request(self, self._name, *balancer_names(self._args.settings))
        return lb.Listener(
            named(self._name, "https"),
            load_balancer_arn=balancer.arn,
            protocol="HTTPS",
            port=HTTPS_PORT,
            ssl_policy=self._args.balancer.tls_policy,
            certificate_arn=issued(self, self._name, certificate, self._args.zone_id),
            default_actions=[default_action(groups)],
            opts=child(self),
        )

    def _guard(self, balancer: lb.LoadBalancer) -> WebAcl:
        args = self._args
        firewall_args = WebAclArgs(
            settings=args.settings.firewall,
            identity=args.identity,
            scope="REGIONAL",
            region=args.identity.region,
            logs_key_arn=args.keys.arn("logs"),
        )
        firewall = WebAcl(named(self._name, "firewall"), firewall_args, opts=child(self))
        wafv2.WebAclAssociation(
            named(self._name, "guarded"),
            resource_arn=balancer.arn,
            web_acl_arn=firewall.outputs.arn,
            opts=child(self),
        )
        return firewall

    def _health_check(self, balancer: lb.LoadBalancer) -> route53.HealthCheck:
        """Ask the load balancer by its own name: that of the failover pair leads to whoever is healthy."""
        settings = self._args.health_check
        return route53.HealthCheck(
            named(self._name, "health"),
            type="HTTPS",
            fqdn=balancer.dns_name,
            port=HTTPS_PORT,
            resource_path=settings.path,
            request_interval=settings.interval_seconds,
            failure_threshold=settings.failure_threshold,
            enable_sni=True,
            tags={"Name": f"{self._args.settings.domain} {self._args.failover.lower()}"},
            opts=child(self),
        )

    def _answer_for_origin(self, balancer: lb.LoadBalancer, check: route53.HealthCheck) -> None:
        half, routing = self._args.failover, self._args.settings.routing
        nearest: route53.RecordLatencyRoutingPolicyArgsDict = {"region": self._args.identity.region}
        route53.Record(
            named(self._name, "origin"),
            zone_id=self._args.zone_id,
            name=origin_domain(self._args.settings.domain),
            type="A",
            aliases=[{"name": balancer.dns_name, "zone_id": balancer.zone_id, "evaluate_target_health": True}],
            set_identifier=half.lower(),
            failover_routing_policies=[{"type": half}] if routing == "failover" else None,
            latency_routing_policies=[nearest] if routing == "latency" else None,
            health_check_id=check.id,
            opts=child(self),
        )
