"""The target group of a service of ECS, or of a group of instances, whichever load balancer it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import lb

from components.base import child
from components.edge.plan import HEALTHY_CODES

if TYPE_CHECKING:
    import pulumi

    from config.balanced import Balanced
    from config.containers import TargetChecks


def service_target_group(
    parent: pulumi.Resource,
    name: str,
    asked: tuple[Balanced, TargetChecks],
    vpc_id: pulumi.Output[str],
) -> lb.TargetGroup:
    """Make the target group of a service, by address, or of a group of instances, by their ids.

    Args:
        parent: The component that owns it.
        name: Its logical name; AWS takes 32 characters, with eight that Pulumi appends.
        asked: The service or group, and how its tasks or instances are asked.
        vpc_id: VPC of its tasks.

    Raises:
        ValueError: The service has no port.
    """
    service, checks = asked
    if service.port is None:
        raise ValueError(f"{name}: without a port; config/rules/containers.py and instances.py refuse it")
    return lb.TargetGroup(
        name,
        target_type=service.target_type,
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
