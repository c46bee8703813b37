"""A topic for each severity: encrypted by the `logs` key, spoken to by TLS, written to by the services that must.

EventBridge passes neither the rule's account nor its ARN on to an encrypted topic (SNS developer guide, "Key
management", 2026-11), so its statement binds them only where they are passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

import pulumi
from pulumi_aws import sns

from components.base import child, named
from components.iam import Statement, document, source, source_if_named
from config.observability import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.identity import Identity

SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)


@dataclass(frozen=True, kw_only=True)
class TopicsArgs:
    """What the topics are built from."""

    identity: Identity
    """The stack file's `identity`."""
    logs_key_arn: pulumi.Output[str]
    """Key of the topics' region that encrypts the messages."""
    region: str
    """Region of the topics."""
    severities: Sequence[Severity] = SEVERITIES
    """Severities that have a topic."""


class Topics(pulumi.ComponentResource):
    """One topic for each severity."""

    arns: Mapping[Severity, pulumi.Output[str]]
    """Severity -> ARN, known once the services may publish."""
    names: Mapping[Severity, pulumi.Output[str]]
    """Severity -> name."""

    def __init__(self, name: str, args: TopicsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:observability:Topics", name, None, opts)
        self._name = name
        self._args = args
        topics = {severity: self._topic(severity) for severity in args.severities}
        self.arns = {severity: self._admit(severity, topic) for severity, topic in topics.items()}
        self.names = {severity: topic.name for severity, topic in topics.items()}
        self.register_outputs({"arns": dict(self.arns)})

    def _topic(self, severity: Severity) -> sns.Topic:
        return sns.Topic(named(self._name, severity), kms_master_key_id=self._args.logs_key_arn, opts=child(self))

    def _admit(self, severity: Severity, topic: sns.Topic) -> pulumi.Output[str]:
        policy = sns.TopicPolicy(
            named(self._name, f"{severity}-policy"),
            arn=topic.arn,
            policy=document(*topic_statements(topic.arn, self._args.identity.account_id, self._args.region)),
            opts=child(self),
        )
        return pulumi.Output.all(topic.arn, policy.urn).apply(lambda values: str(values[0]))


def topic_statements(topic_arn: pulumi.Input[str], account_id: str, region: str) -> tuple[Statement, ...]:
    """Return who may publish to a topic."""
    site = f"{region}:{account_id}"
    return (
        Statement(
            sid="AlarmsTell",
            reason="alarms of this account and region tell of their changes",
            actions=["sns:Publish"],
            resources=[topic_arn],
            principals={"Service": ["cloudwatch.amazonaws.com"]},
            conditions=source(account_id, f"arn:aws:cloudwatch:{site}:alarm:*"),
        ),
        Statement(
            sid="EventsTell",
            reason="rules of EventBridge in this account and region pass events on",
            actions=["sns:Publish"],
            resources=[topic_arn],
            principals={"Service": ["events.amazonaws.com"]},
            conditions=source_if_named(account_id, f"arn:aws:events:{site}:rule/*"),
        ),
        Statement(
            sid="TlsOnly",
            reason="nothing is sent in plain text",
            effect="Deny",
            actions=["sns:Publish"],
            resources=[topic_arn],
            principals={"AWS": ["*"]},
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        ),
    )
