"""MSK: encrypted, closed to the public, no clients without a name, durable by default."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.rule import Level, Rule, Severity, WhenUnknown, resource_rule
from policy.table import be_one_of, be_own_key, check, not_be
from policy.tokens import STREAM_CONFIGURATIONS, STREAMS
from policy.values import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings

_GUIDE: Final = "https://docs.aws.amazon.com/msk/latest/developerguide"
_SINKS: Final = ("cloudwatchLogs", "firehose", "s3")
_LEAST: Final = {"default.replication.factor": 3, "min.insync.replicas": 2}


@resource_rule(
    "msk-broker-logs",
    on=STREAMS,
    severity=Severity.MEDIUM,
    controls=("CKV_AWS_80", "AWS-0074"),
    url=f"{_GUIDE}/msk-logging.html",
    remediation="set logging_info.broker_logs with one destination enabled",
    guards=("loggingInfo",),
)
def broker_logs(cluster: Resource, _settings: Settings) -> Iterator[str]:
    """Brokers send their logs somewhere."""
    if not any(same(cluster.get(f"loggingInfo.brokerLogs.{sink}.enabled"), wanted=True) for sink in _SINKS):
        yield f"no destination of loggingInfo.brokerLogs is enabled; allowed: one of {', '.join(_SINKS)}"


@resource_rule(
    "msk-no-unauthenticated",
    on=STREAMS,
    severity=Severity.HIGH,
    controls=("MSK.6",),
    remediation="set client_authentication with sasl or tls, and leave unauthenticated out",
    guards=("clientAuthentication",),
)
def clients_are_known(cluster: Resource, _settings: Settings) -> Iterator[str]:
    """Clients say who they are.

    Left out, MSK takes clients without a name.
    """
    if not cluster.has("clientAuthentication"):
        yield "clientAuthentication is not set; allowed: sasl or tls"
    elif same(cluster.get("clientAuthentication.unauthenticated"), wanted=True):
        yield "clientAuthentication.unauthenticated is true; allowed: false"


@resource_rule(
    "msk-durable-topic-defaults",
    on=STREAM_CONFIGURATIONS,
    severity=Severity.MEDIUM,
    controls=("NIST-CP-9",),
    url=f"{_GUIDE}/bestpractices.html",
    when_unknown=WhenUnknown.FAIL,
    remediation="set default.replication.factor=3, min.insync.replicas=2 and unclean.leader.election.enable=false",
    guards=("serverProperties",),
)
def durable_topics(configuration: Resource, _settings: Settings) -> Iterator[str]:
    """New topics outlive a lost zone.

    MSK's own default is three copies in three zones; a configuration that says less takes it away. It does elect a
    leader that lacks messages unless the configuration forbids it.
    """
    text = str(configuration.get("serverProperties") or "")
    said = dict(re.findall(r"^\s*([\w.]+)\s*=\s*(\S+)\s*$", text, re.MULTILINE))
    for name, least in _LEAST.items():
        if name in said and (not said[name].isdigit() or int(said[name]) < least):
            yield f"serverProperties has {name}={said[name]}; allowed: at least {least}"
    if said.get("unclean.leader.election.enable", "true") != "false":
        yield "serverProperties lets a leader be elected that lacks messages; allowed: ...enable=false"


RULES: Final[tuple[Rule, ...]] = (
    check(
        "msk-in-transit", "Kafka speaks TLS", "encryptionInfo.encryptionInTransit.clientBroker",
        not_be("PLAINTEXT", "TLS_PLAINTEXT"), why="TLS is the default, among brokers too.",
        on=STREAMS, severity=Severity.HIGH, controls=("MSK.1", "CKV_AWS_81", "AWS-0073"),
        remediation="leave client_broker out or set it to TLS",
    ),
    check(
        "msk-in-cluster", "Brokers speak TLS among each other", "encryptionInfo.encryptionInTransit.inCluster",
        not_be(False), why="It is the default, and cannot be changed later.",
        on=STREAMS, severity=Severity.HIGH, controls=("MSK.1", "CKV_AWS_81", "AWS-0073"),
        remediation="leave in_cluster out or set it to True",
    ),
    check(
        "msk-at-rest-cmk", "Kafka is encrypted by a key of ours",
        "encryptionInfo.encryptionAtRestKmsKeyArn", be_own_key(),
        on=STREAMS, severity=Severity.LOW, level=Level.REGULATED, controls=("AWS-0179",),
        url=f"{_GUIDE}/msk-encryption.html", remediation="set encryption_at_rest_kms_key_arn",
    ),
    check(
        "msk-not-public", "Kafka has no public address", "brokerNodeGroupInfo.connectivityInfo.publicAccess.type",
        not_be("SERVICE_PROVIDED_EIPS"),
        on=STREAMS, severity=Severity.CRITICAL, controls=("MSK.4", "CKV_AWS_291"),
        remediation="leave public_access out or set its type to DISABLED",
    ),
    clients_are_known,
    broker_logs,
    check(
        "msk-enhanced-monitoring", "Brokers are watched one by one", "enhancedMonitoring",
        be_one_of("PER_BROKER", "PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION"),
        on=STREAMS, severity=Severity.LOW, level=Level.ADVISORY, controls=("MSK.2",),
        remediation="set enhanced_monitoring to PER_BROKER or more",
    ),
    durable_topics,
)  # fmt: skip
