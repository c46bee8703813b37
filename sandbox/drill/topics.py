"""Topics of Kafka: does the replicator bring what the primary's cluster takes to the standby's?

What should be there is derived from what the primary publishes and promises: a primary that publishes a cluster has
one here, and something that copies. The embedded AWS has no brokers, so no message is looked at: the replicator, its
direction, and what CloudWatch has of its lag and its failures.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sandbox.drill.checks import holds, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.drill.checks import Check
    from sandbox.drill.sides import Pair, Side

_PUBLISHED: Final = "streaming"
_OBJECTIVE: Final = "recovery.objectives.streaming.rpo_minutes"
_SPACE: Final = "AWS/Kafka"
_LAG: Final = "ReplicationLatency"
"""Milliseconds from a message's arrival here to its arrival there (MSK Developer Guide, "Replication metrics")."""
_FAILURES: Final = "ReplicatorFailure"
_RUNNING: Final = "RUNNING"
_ACTIVE: Final = "ACTIVE"
_LOOK_BACK: Final = timedelta(minutes=15)
_MINUTE: Final = 60
_NO_CLUSTER: Final = "give the standby `streaming`, and `recovery.standby.streaming`, and deploy it"


def follow(pair: Pair, fix: str) -> Iterator[Check]:
    """Look at the replicator between two clusters; a primary without topics is not asked for one."""
    source = arn_of(pair.primary.outputs)
    if source is None:
        return
    target = arn_of(pair.standby.outputs)
    if target is None:
        yield holds("topics-follow", f"a cluster of Kafka in {pair.standby.region}", "none", _NO_CLUSTER, ok=False)
        return
    found = replicators(pair, source, target)
    names = [one["ReplicatorName"] for one in found]
    yield holds("topics-follow", f"a replicator to {target}", names or "no replicator", fix, ok=len(found) == 1)
    for one in found:
        yield from _runs(one, fix)
        yield from _reported(pair, one["ReplicatorName"])
    for side in (pair.primary, pair.standby):
        yield from serve(side, "wait for it, or read its operations")


def serve(side: Side, fix: str) -> Iterator[Check]:
    """Look at a stack's cluster: it takes what is written; a stack without one is not asked."""
    arn = arn_of(side.outputs)
    if arn is not None:
        state = side.client("kafka").describe_cluster_v2(ClusterArn=arn)["ClusterInfo"]["State"]
        yield same(f"topics-brokers {side.region}", _ACTIVE, state, fix)


def arn_of(outputs: dict[str, Any]) -> str | None:
    """Return the ARN of a stack's cluster; None where it publishes none."""
    published = outputs.get(_PUBLISHED)
    return str(published["arn"]) if published else None


def replicators(pair: Pair, source: str, target: str) -> list[dict[str, Any]]:
    """Return what copies from one cluster to the other; it stands where it writes."""
    kafka = pair.standby.client("kafka")
    described = [
        kafka.describe_replicator(ReplicatorArn=one["ReplicatorArn"]) for one in kafka.list_replicators()["Replicators"]
    ]
    found = []
    for one in described:
        names = {each["KafkaClusterAlias"]: each["AmazonMskCluster"]["MskClusterArn"] for each in one["KafkaClusters"]}
        directions = [
            (names.get(info["SourceKafkaClusterAlias"]), names.get(info["TargetKafkaClusterAlias"]))
            for info in one["ReplicationInfoList"]
        ]
        if (source, target) in directions:
            found.append(one)
    return found


def _runs(replicator: dict[str, Any], fix: str) -> Iterator[Check]:
    name, info = replicator["ReplicatorName"], replicator["ReplicationInfoList"][0]
    advice = "read its StateInfo; make it anew by the standby's update"
    yield same(f"topics-replicator {name}", _RUNNING, replicator["ReplicatorState"], advice)
    named = info["TopicReplication"].get("TopicNameConfiguration", {}).get("Type")
    yield same("topics-names", "IDENTICAL", named, "clients find topics of a prefix only: " + fix)
    offsets = info["ConsumerGroupReplication"].get("SynchroniseConsumerGroupOffsets", True)
    yield same("topics-offsets", "True", str(offsets), "consumers would begin anew: " + fix)


def _reported(pair: Pair, name: str) -> Iterator[Check]:
    """Look at what was reported to CloudWatch lately; silence is the alarm's to judge, which takes it for a breach."""
    promised = pair.standby.setting(_OBJECTIVE)
    lag, failures = (_worst(pair, name, metric) for metric in (_LAG, _FAILURES))
    if promised is not None and lag is not None:
        most = int(promised) * _MINUTE
        behind = lag / 1000
        fix = "a failover now would lose more than is promised: find what holds the replicator up"
        yield holds("topics-lag", f"{most} s or less", f"{behind:g} s", fix, ok=behind <= most)
    if failures is not None:
        yield same("topics-failures", "0", f"{failures:g}", "read the replicator's StateInfo and its log")


def _worst(pair: Pair, name: str, metric: str) -> float | None:
    now = datetime.now(tz=UTC)
    said = pair.standby.client("cloudwatch").get_metric_statistics(
        Namespace=_SPACE,
        MetricName=metric,
        Dimensions=[{"Name": "ReplicatorName", "Value": name}],
        StartTime=now - _LOOK_BACK,
        EndTime=now + timedelta(minutes=1),
        Period=_MINUTE,
        Statistics=["Maximum"],
    )["Datapoints"]
    return max(said, key=lambda one: one["Timestamp"])["Maximum"] if said else None
