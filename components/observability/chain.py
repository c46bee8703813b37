"""The role by which the validators publish the blockchain's metrics: one namespace, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import eks, iam

from components.base import child, named
from components.iam import Statement, document, trust_pods

if TYPE_CHECKING:
    import pulumi

    from components.cluster import ClusterOutputs
    from config.observability import Chain


def publishing_role(parent: pulumi.Resource, name: str, settings: Chain, cluster: ClusterOutputs) -> None:
    """Make the role and bind it to the validators' service account."""
    pods = settings.pods
    role = iam.Role(
        named(name, "role"),
        description="Validators: publish the blockchain's metrics",
        assume_role_policy=trust_pods(
            cluster_arn=cluster.arn, namespace=pods.namespace, service_account=pods.service_account
        ),
        opts=child(parent),
    )
    iam.RolePolicy(
        named(name, "policy"), role=role.name, policy=document(publish(settings.metric_namespace)), opts=child(parent)
    )
    eks.PodIdentityAssociation(
        named(name, "identity"),
        cluster_name=cluster.name,
        namespace=pods.namespace,
        service_account=pods.service_account,
        role_arn=role.arn,
        opts=child(parent),
    )


def publish(metric_namespace: str) -> Statement:
    """Return what the validators may do."""
    return Statement(
        sid="PublishChainMetrics",
        reason="throughput, block time and active validators; the condition keeps it out of every other metric",
        actions=["cloudwatch:PutMetricData"],
        resources=["*"],  # the action knows no resource
        conditions={"StringEquals": {"cloudwatch:namespace": metric_namespace}},
    )
