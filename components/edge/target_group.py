"""The target group of a service of ECS, whichever load balancer it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import lb

from components.base import child
from components.edge.plan import HEALTHY_CODES

if TYPE_CHECKING:
    import pulumi

    from config.containers import Service, TargetChecks


def service_target_group(
    parent: pulumi.Resource,
    name: str,
    asked: tuple[Service, TargetChecks],
    vpc_id: pulumi.Output[str],
) -> lb.TargetGroup:
    """Make the target group of a service.

    Args:
        parent: The component that owns it.
        name: Its logical name; AWS takes 32 characters, with eight that Pulumi appends.
        asked: The service, and how its tasks are asked.
        vpc_id: VPC of its tasks.

    Raises:
        ValueError: The service has no port.
    """
    service, checks = asked
    if service.port is None:
        raise ValueError(f"{name}: a service without a port; config/rules/containers.py refuses it")
    return lb.TargetGroup(
        name,
        target_type="ip",
        protocol=service.protocol,
        port=service.port,
        vpc_id=vpc_id,
        deregistration_delay=checks.deregistration_delay_seconds,
        health_check={
            "protocol": service.protocol,
            "path": checks.health_path,
            "matcher": HEALTHY_CODES,
            "interval": checks.interval_seconds,
            "timeout": checks.timeout_seconds,
            "healthy_threshold": checks.healthy_threshold,
            "unhealthy_threshold": checks.unhealthy_threshold,
        },
        opts=child(parent),
    )
