"""What reads a topic of Kafka for a function: a mapping with pollers of its own, and the rights that they read by.

Pollers are provisioned: without them Lambda would call the function by a way of its own through the brokers' subnets,
which have none, and would try a message that cannot be done until it expires (docs/adr/0070-topic-consumers.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_aws import lambda_

from components.base import child, named
from components.iam import Statement
from components.streaming.access import things

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pulumi

    from components.functions.sources import Called
    from config.functions import TopicSource


@dataclass(frozen=True, kw_only=True)
class TopicArgs:
    """What a mapping of a topic is built from."""

    source: TopicSource
    """The section of the stack file."""
    cluster_arn: pulumi.Output[str]
    """The cluster of Kafka."""
    failures_arn: pulumi.Output[str]
    """Queue of what is given up."""
    waits: bool
    """Whether the stack is a standby that does not serve: the primary's function does the work."""


def build_topic_source(parent: pulumi.Resource, name: str, args: TopicArgs, called: Called) -> None:
    """Let a function work on a topic: each partition in order, halving what fails, keeping what cannot be done."""
    source = args.source
    lambda_.EventSourceMapping(
        named(name, "topic"),
        event_source_arn=args.cluster_arn,
        function_name=called.alias_arn,
        enabled=not args.waits,
        topics=[source.name],
        amazon_managed_kafka_event_source_config={"consumer_group_id": source.group},
        starting_position=source.starting_position,
        batch_size=source.batch_size,
        maximum_batching_window_in_seconds=source.window_seconds,
        maximum_retry_attempts=source.retries,
        maximum_record_age_in_seconds=source.max_age_seconds,
        bisect_batch_on_function_error=True,
        function_response_types=["ReportBatchItemFailures"],
        provisioned_poller_config={
            "minimum_pollers": source.pollers.least,
            "maximum_pollers": source.pollers.most,
        },
        filter_criteria={"filters": [{"pattern": one} for one in source.filters]} if source.filters else None,
        destination_config={"on_failure": {"destination_arn": args.failures_arn}},
        opts=child(parent),
    )


def topic_statements(source: TopicSource, cluster_arn: pulumi.Output[str]) -> Iterator[Statement]:
    """Yield what lets Lambda read a topic by the role of the function, and stand in the brokers' subnets for it.

    Source: Lambda Developer Guide, "Configuring Lambda permissions for Amazon MSK event source mappings", 2026-12-01.
    """
    reason = "Lambda reads the topic as a member of the function's group, by the role of the function"
    yield Statement(
        sid="PollBrokers",
        reason=reason,
        actions=["kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration"],
        resources=[cluster_arn],
    )
    yield Statement(
        sid="PollTopic",
        reason=reason,
        actions=["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"],
        resources=[things(cluster_arn, "topic", source.name)],
    )
    yield Statement(
        sid="PollGroup",
        reason=reason,
        actions=["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"],
        resources=[things(cluster_arn, "group", source.group)],
    )
    yield Statement(
        sid="FindBrokers",
        reason="Lambda looks up where the brokers are",
        actions=["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
        resources=[cluster_arn],
    )
    yield Statement(
        sid="StandBesideBrokers",
        reason="Lambda makes and removes the pollers' interfaces by the role of the function; no name is known before",
        actions=[
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
        ],
        resources=["*"],
    )
