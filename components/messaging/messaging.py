"""SQS queues, each with a queue of dead letters.

Both are encrypted by SQS's own key: under one of ours every producer and consumer would need rights on it.

Not here: who may send and receive; that stands beside the principal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import sqs

from components.base import child, named
from components.iam import Statement, document
from components.messaging.outputs import MessagingOutputs, QueueOutputs

if TYPE_CHECKING:
    from config.messaging import Messaging as MessagingSettings
    from config.messaging import Queue


@dataclass(frozen=True, kw_only=True)
class MessagingArgs:
    """What the queues are built from."""

    settings: MessagingSettings
    """The stack file's `messaging`."""


class Messaging(pulumi.ComponentResource):
    """Queues of a stack."""

    outputs: MessagingOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: MessagingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:messaging:Messaging", name, None, opts)
        self._name = name
        self.outputs = MessagingOutputs(
            queues={short: self._queue(short, settings) for short, settings in args.settings.queues.items()}
        )
        self.register_outputs({"queues": {short: queue.url for short, queue in self.outputs.queues.items()}})

    def _queue(self, short: str, settings: Queue) -> QueueOutputs:
        dead = sqs.Queue(
            named(self._name, f"{short}-dead-letters"),
            message_retention_seconds=settings.dead_letter_retention_seconds,
            sqs_managed_sse_enabled=True,
            tags={"Purpose": f"Dead letters - {settings.purpose}"},
            opts=child(self),
        )
        queue = sqs.Queue(
            named(self._name, short),
            visibility_timeout_seconds=settings.visibility_timeout_seconds,
            message_retention_seconds=settings.retention_seconds,
            receive_wait_time_seconds=LONG_POLL_SECONDS,
            sqs_managed_sse_enabled=True,
            redrive_policy=dead.arn.apply(lambda arn: _redrive(arn, settings.max_receives)),
            tags={"Purpose": settings.purpose},
            opts=child(self),
        )
        sqs.RedriveAllowPolicy(
            named(self._name, f"{short}-sources"),
            queue_url=dead.url,
            redrive_allow_policy=queue.arn.apply(
                lambda arn: json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [arn]}, sort_keys=True)
            ),
            opts=child(self),
        )
        for thing, made in ((short, queue), (f"{short}-dead-letters", dead)):
            sqs.QueuePolicy(
                named(self._name, f"{thing}-policy"),
                queue_url=made.url,
                policy=document(_by_tls_only(made.arn)),
                opts=child(self),
            )
        return QueueOutputs(name=queue.name, url=queue.url, arn=queue.arn, dead_letters=dead.name)


LONG_POLL_SECONDS: Final = 20
"""Seconds that a receiver waits for a message; the most that SQS has, and the fewest empty answers."""


def _redrive(arn: str, receives: int) -> str:
    """Return the policy as the provider normalises it: with white space in it, every plan would show a change."""
    return json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": receives}, separators=(",", ":"), sort_keys=True)


def _by_tls_only(arn: pulumi.Output[str]) -> Statement:
    return Statement(
        sid="TlsOnly",
        reason="nobody sends or receives in the clear",
        effect="Deny",
        actions=["sqs:*"],
        principals={"AWS": ["*"]},
        resources=[arn],
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )
