"""Events that are published at once: patterns of EventBridge (pure), and the rules that pass them to the topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_aws import cloudwatch

from components.base import child, named
from components.documents import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from components.observability.sources import Subjects
    from config.observability import Event, EventKind, Severity

Pattern = dict[str, object]

NODE_GROUPS: Final = "eks-"
"""Beginning of the names of the Auto Scaling groups that EKS makes for its node groups."""
HIGH_FINDING: Final = 7
"""Lowest severity of a GuardDuty finding that is high (GuardDuty user guide, "Severity levels", 2026-11)."""
_CLUSTER_CALLS: Final = (
    "CreateAddon",
    "CreateNodegroup",
    "DeleteAddon",
    "DeleteNodegroup",
    "UpdateAddon",
    "UpdateClusterConfig",
    "UpdateClusterVersion",
    "UpdateNodegroupConfig",
    "UpdateNodegroupVersion",
)
OF_CLUSTER: Final[tuple[EventKind, ...]] = ("deployments", "node_failures", "node_scaling")
"""Kinds of events of a cluster."""
_DATABASE_CATEGORIES: Final = ("availability", "failover", "failure", "low storage", "maintenance", "recovery")
"""Categories of RDS events (RDS user guide, "Amazon RDS event categories and event messages")."""


def pattern_of(kind: EventKind, databases: Sequence[pulumi.Input[str]], subjects: Subjects) -> Pattern:
    """Return the pattern of a kind of events.

    Args:
        kind: Which events.
        databases: Identifiers of the stack's database instances.
        subjects: What there is to watch: the EKS cluster, the services of ECS.

    Raises:
        ValueError: The stack has nothing that has such events.
    """
    cluster, services = subjects.cluster, subjects.services
    lacking = {
        "databases": not databases,
        "service_deployments": not services,
        **dict.fromkeys(OF_CLUSTER, cluster is None),
    }
    if lacking.get(kind):
        raise ValueError(f"events of kind {kind} are of something that this stack does not have")
    calls = {"eventSource": ["eks.amazonaws.com"], "eventName": list(_CLUSTER_CALLS)}
    patterns: dict[EventKind, Pattern] = {
        "node_scaling": _of_nodes("EC2 Instance Launch Successful", "EC2 Instance Terminate Successful"),
        "node_failures": _of_nodes("EC2 Instance Launch Unsuccessful", "EC2 Instance Terminate Unsuccessful"),
        "deployments": _pattern(
            "aws.eks", "AWS API Call via CloudTrail", detail={**calls, "requestParameters": {"name": [cluster]}}
        ),
        "service_deployments": _of_services(subjects.ecs_cluster_arn),
        "images": _pattern("aws.ecr", "ECR Image Action", detail={"action-type": ["PUSH"], "result": ["SUCCESS"]}),
        "databases": _pattern(
            "aws.rds",
            "RDS DB Instance Event",
            detail={"SourceIdentifier": list(databases), "EventCategories": list(_DATABASE_CATEGORIES)},
        ),
        "guardduty_findings": _pattern(
            "aws.guardduty", "GuardDuty Finding", detail={"severity": [{"numeric": [">=", HIGH_FINDING]}]}
        ),
        "aws_health": _pattern("aws.health", "AWS Health Event"),
    }
    return patterns[kind]


def _pattern(source: str, *types: str, detail: Pattern | None = None) -> Pattern:
    return {"source": [source], "detail-type": list(types), **({"detail": detail} if detail else {})}


def _of_services(cluster_arn: str) -> Pattern:
    """Match deployments that failed; the ARN of a service is that of its cluster and its name."""
    services = {"prefix": f"{cluster_arn.replace(':cluster/', ':service/')}/"}
    failed = _pattern("aws.ecs", "ECS Deployment State Change", detail={"eventName": ["SERVICE_DEPLOYMENT_FAILED"]})
    return {**failed, "resources": [services]}


def _of_nodes(*types: str) -> Pattern:
    return _pattern("aws.autoscaling", *types, detail={"AutoScalingGroupName": [{"prefix": NODE_GROUPS}]})


def event_rule(
    parent: pulumi.Resource,
    name: str,
    matched: tuple[Event, Pattern],
    topics: Mapping[Severity, pulumi.Output[str]],
) -> None:
    """Make the rule that passes events on as they are; chat and PagerDuty know how to show them."""
    event, pattern = matched
    rule = cloudwatch.EventRule(
        name,
        description=f"Tells of {event.kind.replace('_', ' ')}",
        event_pattern=as_json(pattern),
        opts=child(parent),
    )
    cloudwatch.EventTarget(named(name, "topic"), rule=rule.name, arn=topics[event.severity], opts=child(parent))
