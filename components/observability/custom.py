"""Who publishes custom metrics: its right to, by the role that it has or by one of its own, in one namespace only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import eks, iam

from components.base import child, named
from components.iam import Statement, document, trust_pods

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from components.cluster import ClusterOutputs
    from config.cluster import PodIdentity
    from config.observability import CustomMetrics


def build_publisher(
    parent: pulumi.Resource,
    name: str,
    entry: tuple[str, CustomMetrics],
    where: tuple[ClusterOutputs, Mapping[PodIdentity, pulumi.Output[str]]],
) -> None:
    """Let the publisher of an entry of `custom_metrics` publish.

    Args:
        parent: The component.
        name: Prefix of logical names.
        entry: Its short name and settings.
        where: The cluster, and the names of the roles that service accounts have already.
    """
    (short, settings), (cluster, roles) = entry, where
    role = roles.get(settings.publisher)
    if role is None:
        role = _own_role(parent, named(name, short), settings, cluster)
    policy = document(statement(short, settings.namespace))
    iam.RolePolicy(named(name, f"{short}-policy"), role=role, policy=policy, opts=child(parent))


def _own_role(
    parent: pulumi.Resource, name: str, settings: CustomMetrics, cluster: ClusterOutputs
) -> pulumi.Output[str]:
    pods = settings.publisher
    role = iam.Role(
        named(name, "role"),
        description=settings.description,
        assume_role_policy=trust_pods(
            cluster_arn=cluster.arn, namespace=pods.namespace, service_account=pods.service_account
        ),
        opts=child(parent),
    )
    eks.PodIdentityAssociation(
        named(name, "identity"),
        cluster_name=cluster.name,
        namespace=pods.namespace,
        service_account=pods.service_account,
        role_arn=role.arn,
        opts=child(parent),
    )
    return role.name


def statement(short: str, namespace: str) -> Statement:
    """Return what the publisher of an entry may do."""
    return Statement(
        sid=f"Publish{''.join(part.capitalize() for part in short.split('-'))}Metrics",
        reason="the metrics that the stack file names; the condition keeps it out of every other namespace",
        actions=["cloudwatch:PutMetricData"],
        resources=["*"],  # the action knows no resource
        conditions={"StringEquals": {"cloudwatch:namespace": namespace}},
    )
