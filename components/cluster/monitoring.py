"""The monitoring role: pods of one service account write metrics and logs to CloudWatch, and read no data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import eks as aws_eks
from pulumi_aws import iam

from components.base import child, named
from components.cluster.plan import cluster_arn, cluster_name
from components.iam import Statement, document, send_traces, trust_pods

if TYPE_CHECKING:
    from config.cluster import PodIdentity
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    """What the monitoring role is built from."""

    pods: PodIdentity
    """The stack file's `cluster.identities.monitoring`."""
    identity: Identity
    """The stack file's `identity`."""
    traces: bool
    """Whether these pods hand traces to X-Ray."""
    cluster_name: pulumi.Output[str]
    """Cluster that the pods run on."""


class Monitoring(pulumi.ComponentResource):
    """Role of the monitoring agents, by pod identity."""

    association: aws_eks.PodIdentityAssociation
    """Ties the role to the service account; pods that start before it have no credentials."""
    role_name: pulumi.Output[str]
    """Name of the role."""

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:cluster:Monitoring", name, None, opts)
        self._name = name
        self._args = args
        role = self._role()
        self.role_name = role.name
        iam.RolePolicy(
            named(name, "policy"),
            role=role.name,
            policy=document(*statements(args.identity, traces=args.traces)),
            opts=child(self),
        )
        self.association = aws_eks.PodIdentityAssociation(
            named(name, "identity"),
            cluster_name=args.cluster_name,
            namespace=args.pods.namespace,
            service_account=args.pods.service_account,
            role_arn=role.arn,
            opts=child(self),
        )
        self.register_outputs({})

    def _role(self) -> iam.Role:
        pods = self._args.pods
        return iam.Role(
            named(self._name, "role"),
            description="Monitoring agents on the cluster",
            assume_role_policy=trust_pods(
                cluster_arn=cluster_arn(self._args.identity),
                namespace=pods.namespace,
                service_account=pods.service_account,
            ),
            opts=child(self),
        )


def statements(identity: Identity, *, traces: bool) -> tuple[Statement, ...]:
    """Return what the monitoring agents may do."""
    cluster = cluster_name(identity)
    logs = f"arn:aws:logs:{identity.region}:{identity.account_id}:log-group:/aws/containerinsights/{cluster}"
    return (
        Statement(
            sid="WriteMetrics",
            reason="container insights and agent metrics; the namespace condition keeps it out of every other metric",
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],  # the action knows no resource
            conditions={"StringEquals": {"cloudwatch:namespace": ["ContainerInsights", "CWAgent"]}},
        ),
        Statement(
            sid="WriteLogs",
            reason="application, host and performance logs of this cluster's nodes",
            actions=[
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
                "logs:PutRetentionPolicy",
            ],
            resources=[f"{logs}/*", f"{logs}/*:log-stream:*"],
        ),
        Statement(
            sid="FindGroups",
            reason="the agents look for their groups first, by a call that lists groups and names none",
            actions=["logs:DescribeLogGroups"],
            resources=["*"],
        ),
        Statement(
            sid="NameInstances",
            reason="the agent adds instance and volume names to metrics as dimensions",
            actions=["ec2:DescribeTags", "ec2:DescribeVolumes"],
            resources=["*"],  # describe calls know no resource
        ),
        *([send_traces("traces of the cluster's pods")] if traces else []),
    )
