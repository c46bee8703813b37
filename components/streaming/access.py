"""What clients may do with a cluster of Kafka, as IAM names it. Pure: statements only, no resource.

Source: MSK Developer Guide, "Semantics of IAM authorization policy actions and resources", 2026-11-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from components.iam import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pulumi

    from config.task import StreamingAccess

_READ: Final = ("kafka-cluster:DescribeTopic", "kafka-cluster:ReadData")
_WRITE: Final = ("kafka-cluster:DescribeTopic", "kafka-cluster:WriteData")
_MANAGE: Final = (
    "kafka-cluster:AlterTopic",
    "kafka-cluster:AlterTopicDynamicConfiguration",
    "kafka-cluster:CreateTopic",
    "kafka-cluster:DescribeTopic",
    "kafka-cluster:DescribeTopicDynamicConfiguration",
)
_GROUP: Final = ("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup")


def things(cluster_arn: pulumi.Output[str], kind: str, name: str) -> pulumi.Output[str]:
    """Return the ARN of topics or groups of a cluster.

    Args:
        cluster_arn: The cluster.
        kind: `topic` or `group`.
        name: Their name, or its beginning before `*`.
    """
    return cluster_arn.apply(lambda arn: f"{arn.replace(':cluster/', f':{kind}/', 1)}/{name}")


def use(cluster_arn: pulumi.Output[str], access: StreamingAccess) -> Iterator[Statement]:
    """Yield what lets a role connect, and do with topics what the stack file says."""
    connect = ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster"]
    if access.writes:
        connect.append("kafka-cluster:WriteDataIdempotently")
    yield Statement(sid="ConnectToKafka", reason=access.reason, actions=connect, resources=[cluster_arn])
    for sid, kind, names, actions in (
        ("ReadTopics", "topic", access.reads, _READ),
        ("JoinGroups", "group", access.groups, _GROUP),
        ("WriteTopics", "topic", access.writes, _WRITE),
        ("ManageTopics", "topic", access.manages, _MANAGE),
    ):
        if names:
            arns = [things(cluster_arn, kind, name) for name in names]
            yield Statement(sid=sid, reason=access.reason, actions=list(actions), resources=arns)
