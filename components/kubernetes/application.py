"""What the application finds in its namespace: account, service, way in from the load balancer. Pure.

Not here: the application. Its own pipeline deploys it, into the namespace of its identity. Nor where it writes to: the
parameter store says so (components/recovery/writers.py), which a failover can change without the Kubernetes API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from components.kubernetes.manifest import Manifest, disruption_budget, manifest, metadata
from components.kubernetes.namespace import admit, from_block
from components.kubernetes.target_definitions import GROUP, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pulumi

    from config.cluster import PodIdentity
    from config.kubernetes import Application

NAME: Final = "application"


def manifests(settings: Application, pods: PodIdentity, vpc: str) -> Iterator[Manifest]:
    """Yield service, disruption budget, and the policy that lets the load balancer in.

    Args:
        settings: The stack file's `kubernetes.application`.
        pods: The stack file's `cluster.identities.application`.
        vpc: Block of the VPC, where the load balancer's addresses are; the nodes' security group says which.
    """
    where, selector = pods.namespace, dict(settings.selector)
    ports = [{"name": "https", "port": settings.port, "targetPort": settings.port, "protocol": "TCP"}]
    yield manifest("v1", "Service", metadata(NAME, where), spec={"selector": selector, "ports": ports})
    yield disruption_budget(NAME, where, selector, f"{settings.max_unavailable_percent}%")
    yield admit("load-balancer", where, selector, [from_block(vpc)], settings.port)


def binding(settings: Application, pods: PodIdentity, target_group_arn: pulumi.Output[str]) -> Manifest:
    """Return what makes the service's pods targets of the load balancer, by their addresses."""
    return manifest(
        f"{GROUP}/{VERSION}",
        "TargetGroupBinding",
        metadata(NAME, pods.namespace),
        spec={
            "serviceRef": {"name": NAME, "port": settings.port},
            "targetGroupARN": target_group_arn,
            "targetType": "ip",
            "ipAddressType": "ipv4",
        },
    )
