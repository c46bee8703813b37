"""What sends requests to services of ECS: a target group and a rule of the listener for each.

Not here: the services, which register their tasks there (containers).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import lb

from components.base import child, named
from components.edge.outputs import ServiceTargets
from components.edge.plan import HEALTHY_CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.containers import Service


def build_targets(
    parent: pulumi.Resource,
    name: str,
    services: Mapping[str, Service],
    where: tuple[pulumi.Output[str], pulumi.Output[str]],
) -> dict[str, ServiceTargets]:
    """Make what leads to each service that the load balancer sends requests to.

    Args:
        parent: The edge's component.
        name: Its logical name.
        services: Services of the stack by name.
        where: VPC, and listener of the load balancer.
    """
    return {
        service: _targets(parent, name, (service, settings), where)
        for service, settings in services.items()
        if settings.target is not None
    }


def _targets(
    parent: pulumi.Resource,
    name: str,
    named_service: tuple[str, Service],
    where: tuple[pulumi.Output[str], pulumi.Output[str]],
) -> ServiceTargets:
    (short, service), (vpc_id, listener_arn) = named_service, where
    target = service.target
    if target is None or service.port is None:
        raise ValueError(f"{short}: a service without a port or a target; config/rules/containers.py refuses it")
    group = lb.TargetGroup(
        named(name, f"to-{short}"),  # short: AWS takes 32 characters, with eight that Pulumi appends
        target_type="ip",
        protocol=service.protocol,
        port=service.port,
        vpc_id=vpc_id,
        deregistration_delay=target.deregistration_delay_seconds,
        health_check={
            "protocol": service.protocol,
            "path": target.health_path,
            "matcher": HEALTHY_CODES,
            "interval": target.interval_seconds,
            "timeout": target.timeout_seconds,
            "healthy_threshold": target.healthy_threshold,
            "unhealthy_threshold": target.unhealthy_threshold,
        },
        opts=child(parent),
    )
    rule = lb.ListenerRule(
        named(name, f"route-{short}"),
        listener_arn=listener_arn,
        priority=target.priority,
        conditions=[{"path_pattern": {"values": list(target.paths)}}],
        actions=[{"type": "forward", "target_group_arn": group.arn}],
        opts=child(parent),
    )
    # ECS refuses a target group that no load balancer leads to yet.
    arn = pulumi.Output.all(group.arn, rule.arn).apply(lambda arns: str(arns[0]))
    return ServiceTargets(arn=arn, suffix=group.arn_suffix)
