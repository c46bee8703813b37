"""Where the VPC link leads: a load balancer inside the VPC, which nobody else reaches.

API Gateway says in a header which service is meant, and writes it over whatever the caller sent. The certificate is
that of the API's name, which the link asks for in its handshake. All of it are children of the API's component: AWS
takes 32 characters of what a target group's name is made of.

Not here: the tasks, which the services register themselves (containers); security group (network).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import lb

from components.api.plan import IDLE_SECONDS, SERVICE_HEADER, TLS_POLICY
from components.base import child, named
from components.edge import Targets
from components.edge.target_group import service_target_group
from config.edge import HTTPS_PORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.data import BucketOutputs
    from components.network.outputs import NetworkOutputs
    from config.api import Api
    from config.containers import Service, TargetChecks

LOG_PREFIX: Final = "alb"
"""Prefix of access logs in their bucket, whose policy admits this one; names of load balancers are part of the keys."""


@dataclass(frozen=True, kw_only=True)
class BalancerArgs:
    """What the load balancer is built from."""

    settings: Api
    """The stack file's `api`."""
    network: NetworkOutputs
    """Subnets and security group."""
    access_logs: BucketOutputs
    """Bucket of the region that load balancers may deliver to."""
    certificate_arn: pulumi.Output[str]
    """Issued certificate of the API's name."""
    services: Mapping[str, Service]
    """Services of ECS by name."""


@dataclass(frozen=True, kw_only=True)
class Balancer:
    """A load balancer that hands requests of the API to services."""

    suffix: pulumi.Output[str]
    """Dimension `LoadBalancer` of its metrics."""
    listener_arn: pulumi.Output[str]
    """Its listener."""
    services: Mapping[str, Targets]
    """Service -> its target group."""


def build_balancer(parent: pulumi.Resource, name: str, args: BalancerArgs) -> Balancer:
    """Make the load balancer, with a target group and a rule for each service that waits for the API.

    Args:
        parent: The API's component.
        name: Its logical name.
        args: What the load balancer is built from.
    """
    balancer = lb.LoadBalancer(
        named(name, "alb"),
        load_balancer_type="application",
        internal=True,
        subnets=args.network.subnets_of(args.settings.serves),
        security_groups=[args.network.group_of(args.settings.serves)],
        access_logs={"bucket": args.access_logs.name, "prefix": LOG_PREFIX, "enabled": True},
        drop_invalid_header_fields=True,
        desync_mitigation_mode="defensive",
        enable_deletion_protection=True,
        idle_timeout=IDLE_SECONDS,
        opts=child(parent),
    )
    listener = _listener(parent, name, balancer, args.certificate_arn)
    asked = {short: (one, one.api_target) for short, one in args.services.items()}
    services = {
        short: _targets(parent, (name, short), (service, checks), (args.network.vpc_id, listener.arn))
        for short, (service, checks) in asked.items()
        if checks is not None
    }
    return Balancer(suffix=balancer.arn_suffix, listener_arn=listener.arn, services=services)


def _listener(
    parent: pulumi.Resource, name: str, balancer: lb.LoadBalancer, certificate_arn: pulumi.Output[str]
) -> lb.Listener:
    refused: lb.ListenerDefaultActionFixedResponseArgsDict = {"content_type": "text/plain", "status_code": "404"}
    return lb.Listener(
        named(name, "https"),
        load_balancer_arn=balancer.arn,
        protocol="HTTPS",
        port=HTTPS_PORT,
        ssl_policy=TLS_POLICY,
        certificate_arn=certificate_arn,
        default_actions=[{"type": "fixed-response", "fixed_response": refused}],
        opts=child(parent),
    )


def _targets(
    parent: pulumi.Resource,
    names: tuple[str, str],
    asked: tuple[Service, TargetChecks],
    where: tuple[pulumi.Output[str], pulumi.Output[str]],
) -> Targets:
    (name, short), (vpc_id, listener_arn) = names, where
    group = service_target_group(parent, named(name, f"to-{short}"), asked, vpc_id)
    rule = lb.ListenerRule(
        named(name, f"service-{short}"),
        listener_arn=listener_arn,
        conditions=[{"http_header": {"http_header_name": SERVICE_HEADER, "values": [short]}}],
        actions=[{"type": "forward", "target_group_arn": group.arn}],
        opts=child(parent),
    )
    # ECS refuses a target group that no load balancer leads to yet.
    arn = pulumi.Output.all(group.arn, rule.arn).apply(lambda arns: str(arns[0]))
    return Targets(arn=arn, suffix=group.arn_suffix)
