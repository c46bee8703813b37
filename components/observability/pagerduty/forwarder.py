"""The function that calls PagerDuty (`handler.py`), its role, its log, and its dead-letter queue.

Why a function: docs/adr/0014-notification-channels.md.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import lambda_, sns, sqs

from components.base import child, named
from components.function import FunctionArgs, function, function_log, texts, writing
from components.iam import Statement, document, through

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.keys import KeysOutputs
    from config.identity import Identity
    from config.observability import PagerDuty, Severity

SOURCE: Final = Path(__file__).with_name("handler.py")
"""Source of the function."""
TIMEOUT_SECONDS: Final = 60
"""Longer than all attempts of the function with their pauses."""
KEPT_SECONDS: Final = 1_209_600
"""A message that could not be delivered is kept for 14 days, SQS's longest."""
RETRIES: Final = 2
"""Further runs by Lambda after one that failed, a minute and two minutes later (Lambda's most)."""
EVENT_AGE_SECONDS: Final = 3600
"""A page that is older is not sent any more; it goes to the queue, whose alarm goes by mail and chat."""
ENDPOINTS: Final = {
    "us": "https://events.pagerduty.com/v2/enqueue",
    "eu": "https://events.eu.pagerduty.com/v2/enqueue",
}
"""Events API v2 by service region (PagerDuty developer documentation, "Send an alert event", 2026-11)."""


@dataclass(frozen=True, kw_only=True)
class ForwarderArgs:
    """What the forwarder is built from."""

    settings: PagerDuty
    """The stack file's `observability.channels.pagerduty`."""
    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """`secrets` opens the integration key, `logs` encrypts the function's log."""
    log_retention_days: int
    """Days that the function's log is kept."""
    topics: Mapping[Severity, pulumi.Output[str]]
    """Topics that page, by severity."""
    topics_elsewhere: Mapping[Severity, pulumi.Output[str]] = field(default_factory=dict)
    """Topics of another region that page, too; SNS calls a function from there unless it is in an opt-in region (SNS
    developer guide, "Cross-region delivery", 2026-11-30)."""
    elsewhere: pulumi.ProviderResource | None = None
    """Provider of that region, where subscriptions to its topics are made."""


class Forwarder(pulumi.ComponentResource):
    """Passes topics on to PagerDuty."""

    dead_letters: pulumi.Output[str]
    """Name of the dead-letter queue."""

    def __init__(self, name: str, args: ForwarderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:observability:Forwarder", name, None, opts)
        self._name = name
        self._args = args
        self._queue = self._dead_letters()
        self.dead_letters = self._queue.name
        function = self._function()
        self._retries(function)
        for severity, topic in args.topics.items():
            self._subscribe(severity, topic, function)
        for severity, topic in args.topics_elsewhere.items():
            self._subscribe_elsewhere(severity, topic, function)
        self.register_outputs({"deadLetters": self.dead_letters})

    def _dead_letters(self) -> sqs.Queue:
        """Make the queue; encrypted by SQS's own key, as chat and mail have the same content."""
        queue = sqs.Queue(
            named(self._name, "undelivered"),
            message_retention_seconds=KEPT_SECONDS,
            sqs_managed_sse_enabled=True,
            opts=child(self),
        )
        sqs.QueuePolicy(
            named(self._name, "undelivered-policy"),
            queue_url=queue.url,
            policy=document(*queue_statements(queue.arn, self._args.topics)),
            opts=child(self),
        )
        return queue

    def _function(self) -> lambda_.Function:
        args = self._args
        log_group = function_log(self, self._name, args.keys.arn("logs"), args.log_retention_days)
        topics = [*args.topics.items(), *args.topics_elsewhere.items()]
        names = [str(severity) for severity, _ in topics]
        severities = pulumi.Output.all(*[arn for _, arn in topics]).apply(
            lambda arns: json.dumps(dict(zip(arns, names, strict=True)), sort_keys=True)
        )
        made = FunctionArgs(
            description="Passes alarms on to PagerDuty; called by SNS",
            role_description="Passes alarms on to PagerDuty",
            handler="handler.handler",
            code=texts({SOURCE.name: SOURCE}),
            timeout_seconds=TIMEOUT_SECONDS,
            memory_mib=128,
            log_group=log_group,
            statements=[*role_statements(args, self._queue.arn), writing(log_group)],
            environment={
                "ENDPOINT": ENDPOINTS[args.settings.service_region],
                "SECRET_NAME": args.settings.secret_name,
                "SEVERITIES": severities,
            },
        )
        return function(self, self._name, made)

    def _retries(self, function: lambda_.Function) -> None:
        lambda_.FunctionEventInvokeConfig(
            named(self._name, "retries"),
            function_name=function.name,
            maximum_retry_attempts=RETRIES,
            maximum_event_age_in_seconds=EVENT_AGE_SECONDS,
            destination_config=lambda_.FunctionEventInvokeConfigDestinationConfigArgs(
                on_failure=lambda_.FunctionEventInvokeConfigDestinationConfigOnFailureArgs(destination=self._queue.arn)
            ),
            opts=child(self),
        )

    def _subscribe_elsewhere(self, severity: Severity, topic: pulumi.Output[str], function: lambda_.Function) -> None:
        """Subscribe to a topic of another region; without a queue, which SNS takes from its own region only."""
        self._call(f"{severity}-global", topic, function, provider=self._args.elsewhere)

    def _subscribe(self, severity: Severity, topic: pulumi.Output[str], function: lambda_.Function) -> None:
        self._call(severity, topic, function, undelivered=self._queue.arn)

    def _call(
        self,
        key: str,
        topic: pulumi.Output[str],
        function: lambda_.Function,
        *,
        undelivered: pulumi.Output[str] | None = None,
        provider: pulumi.ProviderResource | None = None,
    ) -> None:
        permission = lambda_.Permission(
            named(self._name, f"{key}-permission"),
            action="lambda:InvokeFunction",
            function=function.name,
            principal="sns.amazonaws.com",
            source_arn=topic,
            opts=child(self),
        )
        queue = None if undelivered is None else pulumi.Output.json_dumps({"deadLetterTargetArn": undelivered})
        sns.TopicSubscription(
            named(self._name, f"{key}-subscription"),
            topic=topic,
            protocol="lambda",
            endpoint=function.arn,
            redrive_policy=queue,
            # No reference says so, but SNS calls from the moment it is subscribed.
            opts=child(self, depends_on=[permission], provider=provider),
        )


def role_statements(args: ForwarderArgs, queue_arn: pulumi.Output[str]) -> tuple[Statement, ...]:
    """Return what the function may do beside writing its log."""
    identity = args.identity
    secrets = f"arn:aws:secretsmanager:{identity.region}:{identity.account_id}:secret"
    return (
        Statement(
            sid="ReadRoutingKey",
            reason="the integration key of PagerDuty; Secrets Manager adds six characters to the name",
            actions=["secretsmanager:GetSecretValue"],
            resources=[f"{secrets}:{args.settings.secret_name}-??????"],
        ),
        Statement(
            sid="OpenRoutingKey",
            reason="the secret is encrypted by the secrets key; only by way of Secrets Manager",
            actions=["kms:Decrypt"],
            resources=[args.keys.arn("secrets")],
            conditions=through("secretsmanager", identity.region),
        ),
        Statement(
            sid="KeepUndelivered",
            reason="Lambda puts there, in the function's name, what failed for the last time",
            actions=["sqs:SendMessage"],
            resources=[queue_arn],
        ),
    )


def queue_statements(
    queue_arn: pulumi.Output[str], topics: Mapping[Severity, pulumi.Output[str]]
) -> tuple[Statement, ...]:
    """Return who may put something into the queue."""
    return (
        *(
            Statement(
                sid=f"{severity.capitalize()}Undelivered",
                reason="SNS puts there what it could not hand to the function",
                actions=["sqs:SendMessage"],
                resources=[queue_arn],
                principals={"Service": ["sns.amazonaws.com"]},
                conditions={"ArnEquals": {"aws:SourceArn": topic}},
            )
            for severity, topic in topics.items()
        ),
        Statement(
            sid="TlsOnly",
            reason="nothing is read or written in plain text",
            effect="Deny",
            actions=["sqs:*"],
            resources=[queue_arn],
            principals={"AWS": ["*"]},
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        ),
    )
