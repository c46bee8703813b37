"""What operators may do: one list of statements for each right. Pure: statements only, no resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from components.iam import Statement
from components.outputs import needed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.identity import Identity
    from config.operators import Right

_LOOKS: Final = (
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeScalingActivities",
    "backup:ListBackupJobs",
    "backup:ListCopyJobs",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:DescribeAlarmHistory",
    "cloudwatch:GetDashboard",
    "cloudwatch:GetMetricData",
    "cloudwatch:ListDashboards",
    "cloudwatch:ListMetrics",
    "ec2:DescribeInstances",
    "ec2:DescribeNatGateways",
    "ec2:DescribeSubnets",
    "ecs:DescribeServices",
    "ecs:ListServices",
    "eks:DescribeNodegroup",
    "eks:ListClusters",
    "eks:ListNodegroups",
    "elasticache:DescribeEvents",
    "elasticache:DescribeReplicationGroups",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "logs:DescribeLogGroups",
    "rds:DescribeDBInstances",
    "rds:DescribeEvents",
    "sqs:GetQueueAttributes",
    "sqs:ListQueues",
)
"""Calls that tell what stands and how it is, and hand out no object, row, message or line of a log."""
_SHELL: Final = "SSM-SessionManagerRunShell"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The stack in which rights hold."""

    identity: Identity
    """The stack file's `identity`."""
    cluster_arn: str | None
    """The cluster; None = there is none."""


def _look(ground: Ground) -> list[Statement]:
    return [
        Statement(
            sid="Look",
            reason="Who is on call sees what stands, its metrics and its alarms, and none of its data",
            actions=_LOOKS,
            resources=["*"],
            conditions={"StringEquals": {"aws:RequestedRegion": ground.identity.region}},
        )
    ]


def _shell(ground: Ground) -> list[Statement]:
    identity = ground.identity
    place = f"{identity.region}:{identity.account_id}"
    tags = {"ssm:resourceTag/Project": identity.system, "ssm:resourceTag/Environment": identity.environment}
    return [
        Statement(
            sid="Begin",
            reason="Session Manager opens a shell on an instance of the system, without a port or a key",
            actions=["ssm:StartSession"],
            resources=[f"arn:aws:ec2:{place}:instance/*"],
            conditions={"StringEquals": tags},
        ),
        Statement(
            sid="AsAShell",
            reason="A session is an interactive shell, which is logged, and no tunnel",
            actions=["ssm:StartSession"],
            resources=[f"arn:aws:ssm:{place}:document/{_SHELL}"],
        ),
        Statement(
            sid="OwnSessions",
            reason="Who has begun a session goes on with it and ends it",
            actions=["ssm:ResumeSession", "ssm:TerminateSession"],
            resources=[f"arn:aws:ssm:{place}:session/${{aws:userid}}-*"],
        ),
    ]


def _kubernetes(ground: Ground) -> list[Statement]:
    return [
        Statement(
            sid="FindTheCluster",
            reason="`aws eks update-kubeconfig` asks for the address of the API, which then asks for an access entry",
            actions=["eks:DescribeCluster"],
            resources=[needed(ground.cluster_arn, "cluster")],
        )
    ]


RIGHTS: Final[Mapping[Right, Callable[[Ground], list[Statement]]]] = {
    "look": _look,
    "shell": _shell,
    "kubernetes": _kubernetes,
}
"""Right -> its statements."""
