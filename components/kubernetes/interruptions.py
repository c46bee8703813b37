"""The queue by which Karpenter hears of nodes that EC2 takes away: Spot, maintenance, instances that end.

EventBridge sends; rules of this account and region, and nobody else. What the queue holds is ids of instances, and old
news within minutes: SQS's own key, five minutes, and no queue of dead letters, as a notice that nobody read is worth
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi_aws import cloudwatch, sqs

from components.base import child, named
from components.documents import as_json
from components.iam import Statement, document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RETENTION_SECONDS: Final = 300
"""A Spot instance is gone two minutes after its notice."""
_EC2: Final = ["aws.ec2"]
PATTERNS: Final[Mapping[str, Mapping[str, Any]]] = {
    "spot-interruption": {"source": _EC2, "detail-type": ["EC2 Spot Instance Interruption Warning"]},
    "rebalance": {"source": _EC2, "detail-type": ["EC2 Instance Rebalance Recommendation"]},
    "instance-state": {
        "source": _EC2,
        "detail-type": ["EC2 Instance State-change Notification"],
        "detail": {"state": ["stopping", "stopped", "shutting-down", "terminated"]},
    },
    "scheduled-change": {
        "source": ["aws.health"],
        "detail-type": ["AWS Health Event"],
        "detail": {"service": ["EC2"], "eventTypeCategory": ["scheduledChange"]},
    },
}
"""Rule -> events that Karpenter acts on (its interruption controller, v1.15, read 2026-12-01)."""


class Interruptions(pulumi.ComponentResource):
    """Queue and rules."""

    queue_name: pulumi.Output[str]
    """Name of the queue."""
    queue_arn: pulumi.Output[str]
    """Its ARN."""
    sources: Sequence[pulumi.Resource]
    """What makes notices reach it; a node that starts before may be taken away unheard."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:kubernetes:Interruptions", name, None, opts)
        queue = sqs.Queue(
            named(name, "queue"),
            message_retention_seconds=RETENTION_SECONDS,
            sqs_managed_sse_enabled=True,
            tags={"Purpose": "Nodes of Karpenter that EC2 takes away"},
            opts=child(self),
        )
        self._targets: list[pulumi.Resource] = []
        rules = {rule: self._rule(name, rule, queue.arn) for rule in PATTERNS}
        policy = sqs.QueuePolicy(
            named(name, "policy"),
            queue_url=queue.url,
            policy=document(*_statements(queue.arn, [one.arn for one in rules.values()])),
            opts=child(self),
        )
        self.queue_name, self.queue_arn = queue.name, queue.arn
        self.sources = [policy, *self._targets]
        self.register_outputs({"queueName": queue.name})

    def _rule(self, name: str, rule: str, queue_arn: pulumi.Output[str]) -> cloudwatch.EventRule:
        made = cloudwatch.EventRule(
            named(name, rule),
            description=f"Tells Karpenter of nodes: {rule.replace('-', ' ')}",
            event_pattern=as_json(dict(PATTERNS[rule])),
            opts=child(self),
        )
        self._targets.append(
            cloudwatch.EventTarget(
                named(name, f"{rule}-queue"),
                target_id="queue",  # Pulumi's own names are longer than the 64 characters that EventBridge takes
                rule=made.name,
                arn=queue_arn,
                opts=child(self),
            )
        )
        return made


def _statements(queue_arn: pulumi.Output[str], rule_arns: Sequence[pulumi.Output[str]]) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="SentByRules",
            reason="EventBridge tells of nodes that are taken away, by the rules of this queue alone",
            actions=["sqs:SendMessage"],
            principals={"Service": ["events.amazonaws.com"]},
            resources=[queue_arn],
            conditions={"ArnEquals": {"aws:SourceArn": pulumi.Output.all(*rule_arns)}},  # type: ignore[dict-item] # a list
        ),
        Statement(
            sid="TlsOnly",
            reason="nobody sends or receives in the clear",
            effect="Deny",
            actions=["sqs:*"],
            principals={"AWS": ["*"]},
            resources=[queue_arn],
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        ),
    )
