"""Alarms, topics, queues: somebody is notified, and only allowed services publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.documents import statements
from policy.reading.logic import every, some
from policy.reading.statement import PLAIN_TEXT
from policy.rule import Rule, Severity, WhenUnknown, resource_rule
from policy.table import Must, be_set, check, not_be
from policy.tokens import ALARMS, QUEUE_POLICIES, QUEUES, TOPIC_POLICIES, TOPICS
from policy.values import same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.reading.statement import Statement
    from policy.resources import Resource
    from policy.rule import Settings

_NOT_OF_AWS: Final = Must("a key of ours", lambda found: "alias/aws/" not in str(found), absent_is_fine=True)


@resource_rule(
    "sqs-encrypted",
    on=QUEUES,
    severity=Severity.MEDIUM,
    controls=("SQS.1", "CKV_AWS_27", "AWS-0096"),
    remediation="set sqs_managed_sse_enabled=True, or kms_master_key_id",
    guards=("sqsManagedSseEnabled", "kmsMasterKeyId"),
)
def queue_encrypted(queue: Resource, _settings: Settings) -> Iterator[str]:
    """Queues are encrypted.

    SQS's own key will do where what the queue holds is no secret.
    """
    if not queue.has("kmsMasterKeyId") and not same(queue.get("sqsManagedSseEnabled"), wanted=True):
        yield f"sqsManagedSseEnabled is {show(queue.get('sqsManagedSseEnabled'))}; allowed: true, or a key of ours"


@resource_rule(
    "message-policy-tls-only",
    on=(*TOPIC_POLICIES, *QUEUE_POLICIES),
    severity=Severity.MEDIUM,
    controls=("NIST-SC-8",),
    url="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    when_unknown=WhenUnknown.DEFER,
    remediation="deny sending to everyone where aws:SecureTransport is false",
    guards=("policy",),
)
def tls_only(policy: Resource, _settings: Settings) -> Iterator[str]:
    """Policies of topics and queues deny sending without TLS."""
    sending = "sns:Publish" if policy.type in TOPIC_POLICIES else "sqs:SendMessage"
    if not some(statements(policy, "policy"), lambda each: _denies_plain_text(each, sending)):
        yield "policy has no statement that denies everyone to send without TLS; allowed: one on the topic or queue"


def _denies_plain_text(statement: Statement, sending: str) -> bool:
    return every(
        lambda: statement.denies,
        lambda: statement.is_for_everyone,
        lambda: statement.only_if(PLAIN_TEXT),
        lambda: statement.actions.cover(sending),
        lambda: not statement.resources.inverted,
    )


RULES: Final[tuple[Rule, ...]] = (
    check(
        "alarm-has-action", "Every alarm notifies somebody", "alarmActions", be_set(),
        why="An alarm without a recipient is found in the review of the outage.",
        on=ALARMS, severity=Severity.HIGH, controls=("CloudWatch.15", "CKV_AWS_319"),
        remediation="set alarm_actions to the topic of its severity",
    ),
    check(
        "alarm-actions-enabled", "Alarms are not silenced", "actionsEnabled", not_be(False),
        on=ALARMS, severity=Severity.HIGH, controls=("CloudWatch.17", "CKV_AWS_319"),
        remediation="leave actions_enabled out; silence an alarm by hand, for a while",
    ),
    check(
        "sns-encrypted", "Topics are encrypted", "kmsMasterKeyId", be_set(),
        on=TOPICS, severity=Severity.MEDIUM, controls=("SNS.1", "CKV_AWS_26", "AWS-0095"),
        remediation="set kms_master_key_id to the key of the logs domain",
    ),
    check(
        "sns-own-key", "Topics are encrypted by a key of ours", "kmsMasterKeyId", _NOT_OF_AWS,
        why="Alarms and EventBridge cannot publish under AWS's own key, whose policy nobody can change.",
        on=TOPICS, severity=Severity.HIGH, controls=("SNS.1", "AWS-0136"), when_unknown=WhenUnknown.PASS,
        remediation="set kms_master_key_id to the key of the logs domain",
    ),
    queue_encrypted,
    tls_only,
)  # fmt: skip
