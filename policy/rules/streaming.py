"""MSK: encrypted, closed to the public, no clients without a name, durable by default, copied whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.reading.routes import public_subnets
from policy.rule import Breach, Level, Rule, Setting, Severity, WhenUnknown, resource_rule, stack_rule
from policy.table import be_one_of, be_own_key, check, not_be
from policy.tokens import REPLICATORS, STREAM_CONFIGURATIONS, STREAMS, SUBNETS
from policy.values import plain, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
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


@resource_rule(
    "msk-version-supported",
    on=STREAMS,
    severity=Severity.MEDIUM,
    controls=("NIST-CM-2",),
    url=f"{_GUIDE}/supported-kafka-versions.html",
    remediation="raise kafka_version to one that MSK supports; it goes up in place, and never back",
    settings={
        "versions": Setting(
            ["3.7.x", "3.8.x", "3.9.x", "4.0.x"],
            {"type": "array", "items": {"type": "string"}},
            "versions that may be used, with their forms for KRaft",
        )
    },
    guards=("kafkaVersion",),
)
def version_supported(cluster: Resource, settings: Settings) -> Iterator[str]:
    """Kafka is of a version that MSK still mends.

    It upgrades any other by itself, at a time of its own.
    """
    version = cluster.get("kafkaVersion")
    allowed = settings.strings("versions")
    if str(version).removesuffix(".kraft") not in allowed:
        yield f"kafkaVersion is {show(version)}; allowed: {', '.join(allowed)}"


@stack_rule(
    "msk-private-subnets",
    on=STREAMS,
    severity=Severity.HIGH,
    controls=("NIST-SC-7",),
    url=f"{_GUIDE}/msk-create-cluster.html",
    remediation="give the brokers subnets whose route table leads nothing to an internet gateway",
    guards=("brokerNodeGroupInfo",),
    reads=("brokerNodeGroupInfo.clientSubnets",),
)
def brokers_not_public(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Brokers stand in subnets to which no internet gateway leads.

    Judged by the subnets, route tables and routes of this stack.
    """
    public = [each for each in stack.of(SUBNETS) if each.urn in public_subnets(stack)]
    for cluster in stack.of(STREAMS):
        behind = (cluster.origin.property_dependencies or {}).get("brokerNodeGroupInfo", ())
        given = plain(cluster.inputs.get("brokerNodeGroupInfo"))
        listed = given.get("clientSubnets") if isinstance(given, dict) else ()
        ids = listed if isinstance(listed, list | tuple) else ()
        named = [
            each.origin.name
            for each in public
            if each.urn in behind or any(plain(one) in each.identities for one in ids)
        ]
        if named:
            where = "brokerNodeGroupInfo.clientSubnets"
            yield Breach(cluster, f"{where} hold {show(named)}, which an internet gateway leads to; allowed: others")


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
    brokers_not_public,
    version_supported,
    broker_logs,
    check(
        "msk-enhanced-monitoring", "Brokers are watched one by one", "enhancedMonitoring",
        be_one_of("PER_BROKER", "PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION"),
        on=STREAMS, severity=Severity.LOW, level=Level.ADVISORY, controls=("MSK.2",),
        remediation="set enhanced_monitoring to PER_BROKER or more",
    ),
    durable_topics,
    check(
        "msk-replicator-whole", "Replicators copy what topics are set to, and where consumers are",
        (
            "replicationInfoList.topicReplications.copyTopicConfigurations",
            "replicationInfoList.consumerGroupReplications.synchroniseConsumerGroupOffsets",
        ),
        not_be(False), why="Both are the default; without them consumers of the copy begin anew, or lose messages.",
        on=REPLICATORS, severity=Severity.MEDIUM, controls=("NIST-CP-9",),
        url=f"{_GUIDE}/msk-replicator.html", remediation="leave both out or set them to True",
    ),
)  # fmt: skip
