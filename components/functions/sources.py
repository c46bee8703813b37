"""What calls a function by itself: a queue, a stream, the clock; and where calls go that failed.

All of it calls the alias, so that a release moves it with the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_aws import iam, lambda_, scheduler, sqs

from components.base import child, named
from components.functions.outputs import ALIAS
from components.iam import Statement, document, trust_service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pulumi

    from config.functions import Failures, Planned, QueueSource, StreamSource
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class Called:
    """A function as its sources call it."""

    name: pulumi.Output[str]
    """Its name."""
    alias_arn: pulumi.Output[str]
    """ARN of its alias."""


def build_queue_source(
    parent: pulumi.Resource, name: str, source: QueueSource, queue_arn: pulumi.Output[str], called: Called
) -> None:
    """Let a function work on a queue; messages that it reports as failed are tried again, those done are not."""
    most = source.max_concurrency
    lambda_.EventSourceMapping(
        named(name, "queue"),
        event_source_arn=queue_arn,
        function_name=called.alias_arn,
        batch_size=source.batch_size,
        maximum_batching_window_in_seconds=source.window_seconds,
        function_response_types=["ReportBatchItemFailures"],
        scaling_config={"maximum_concurrency": most} if most is not None else None,
        opts=child(parent),
    )


def queue_statement(queue_arn: pulumi.Output[str]) -> Statement:
    """Return what lets Lambda take messages from a queue by the role of the function."""
    return Statement(
        sid="WorkOnQueue",
        reason="Lambda receives and deletes messages by the role of the function",
        actions=["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
        resources=[queue_arn],
    )


def build_stream_source(
    parent: pulumi.Resource,
    name: str,
    source: StreamSource,
    arns: tuple[pulumi.Output[str], pulumi.Output[str]],
    called: Called,
) -> None:
    """Let a function work on a stream of changes: in order, halving what fails, keeping what cannot be done.

    Args:
        parent: The function's component.
        name: Its logical name.
        source: The section of the stack file.
        arns: The stream, and the queue of failures.
        called: The function.
    """
    stream_arn, failures_arn = arns
    lambda_.EventSourceMapping(
        named(name, "stream"),
        event_source_arn=stream_arn,
        function_name=called.alias_arn,
        starting_position=source.starting_position,
        batch_size=source.batch_size,
        maximum_batching_window_in_seconds=source.window_seconds,
        maximum_retry_attempts=source.retries,
        maximum_record_age_in_seconds=source.max_age_seconds,
        bisect_batch_on_function_error=True,
        parallelization_factor=source.parallelization,
        function_response_types=["ReportBatchItemFailures"],
        destination_config={"on_failure": {"destination_arn": failures_arn}},
        opts=child(parent),
    )


def stream_statements(stream_arn: pulumi.Output[str]) -> Iterator[Statement]:
    """Yield what lets Lambda read a stream by the role of the function."""
    yield Statement(
        sid="ReadStream",
        reason="Lambda reads the changes by the role of the function",
        actions=["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
        resources=[stream_arn],
    )
    yield Statement(
        sid="FindStream",
        reason="Lambda looks the stream up among those of the region; the call takes no resource",
        actions=["dynamodb:ListStreams"],
        resources=["*"],
    )


def build_failures_queue(parent: pulumi.Resource, name: str, failures: Failures, purpose: str) -> sqs.Queue:
    """Make the queue of calls that were given up; encrypted by SQS's own key, reached by TLS only."""
    queue = sqs.Queue(
        named(name, "failures"),
        message_retention_seconds=failures.retention_seconds,
        sqs_managed_sse_enabled=True,
        tags={"Purpose": f"Failed calls - {purpose}"},
        opts=child(parent),
    )
    tls_only = Statement(
        sid="TlsOnly",
        reason="nobody sends or receives in the clear",
        effect="Deny",
        actions=["sqs:*"],
        principals={"AWS": ["*"]},
        resources=[queue.arn],
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )
    sqs.QueuePolicy(named(name, "failures-policy"), queue_url=queue.url, policy=document(tls_only), opts=child(parent))
    return queue


def failures_statement(queue_arn: pulumi.Output[str]) -> Statement:
    """Return what lets Lambda hand on what failed by the role of the function."""
    return Statement(
        sid="KeepFailures",
        reason="Lambda sends calls that were given up by the role of the function",
        actions=["sqs:SendMessage"],
        resources=[queue_arn],
    )


def build_failures(
    parent: pulumi.Resource, name: str, failures: Failures, queue_arn: pulumi.Output[str], alias: lambda_.Alias
) -> None:
    """Say how often calls that nobody waits for are tried, and where they go then."""
    lambda_.FunctionEventInvokeConfig(
        named(name, "calls"),
        function_name=alias.function_name,
        qualifier=alias.name,
        maximum_retry_attempts=failures.retries,
        maximum_event_age_in_seconds=failures.max_age_seconds,
        destination_config={"on_failure": {"destination": queue_arn}},
        opts=child(parent),
    )


def build_schedules(
    parent: pulumi.Resource, name: str, planned: Mapping[str, Planned], identity: Identity, called: Called
) -> None:
    """Have EventBridge Scheduler call a function at some times, by a role that may call this function only."""
    if not planned:
        return
    role = iam.Role(
        named(name, "scheduler"),
        description="Calls a function at its times",
        assume_role_policy=trust_service(
            "scheduler.amazonaws.com",
            reason="EventBridge Scheduler calls the function for schedules of this account",
            conditions={"StringEquals": {"aws:SourceAccount": identity.account_id}},
        ),
        opts=child(parent),
    )
    call = Statement(
        sid="CallFunction",
        reason=f"the schedules call the function's alias {ALIAS}",
        actions=["lambda:InvokeFunction"],
        resources=[called.alias_arn],
    )
    rights = iam.RolePolicy(named(name, "scheduler-rights"), role=role.name, policy=document(call), opts=child(parent))
    for short, one in planned.items():
        scheduler.Schedule(
            named(name, f"at-{short}"),
            schedule_expression=f"cron({one.recurrence})",
            schedule_expression_timezone=one.time_zone,
            flexible_time_window={"mode": "OFF"},
            target={"arn": called.alias_arn, "role_arn": role.arn},
            # No reference says so, but the first call needs the rights.
            opts=child(parent, depends_on=[rights]),
        )
