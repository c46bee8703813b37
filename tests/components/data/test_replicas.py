"""Replicas of buckets in other regions, and what copies to them, with no standby there."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from config.examine import examine
from review.recording import record_stack
from review.verdict import judge
from tests.config.leaves import changed

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph, Resource

ALARM = {"threshold_seconds": 1800, "period_seconds": 300, "evaluation_periods": 2}
REPLICAS = {
    "app-data": {"region": "us-west-2", "lag_alarm": ALARM},
    "logs": {"region": "us-west-2", "name": "phoenix-old-logs", "time_control": False},
    "ai-models": {"region": "eu-west-1", "lag_alarm": ALARM},
}
ALARMS = "aws:cloudwatch/metricAlarm:MetricAlarm"


@pytest.fixture(scope="module")
def graph(settings: StackConfig) -> Graph:
    """Prod with three buckets that have replicas in two regions."""
    plain: dict[str, Any] = settings.model_dump(mode="json", by_alias=True, exclude_none=True)
    paths = {("data", "buckets", short, "replica"): replica for short, replica in REPLICAS.items()}
    return record_stack("prod", examine(changed(plain, dict(paths)), None, "Pulumi.prod.yaml", stack="prod"))


def _region(graph: Graph, resource: Resource) -> str:
    return str(graph.by_urn[resource.provider].inputs["region"])


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("app-data", "phoenix-app-data-prod-us-west-2-100000000004"),
        ("logs", "phoenix-old-logs-100000000004"),
        ("ai-models", "phoenix-ai-models-eu-west-1-100000000004"),
    ],
)
def test_a_replica_stands_in_its_region_under_a_key_of_that_region(graph: Graph, short: str, name: str) -> None:
    region = str(REPLICAS[short]["region"])
    parts = [one for one in graph.resources if one.custom and one.name.startswith(f"data-replicas-{region}-{short}-")]
    assert {_region(graph, part) for part in parts} == {region}, "every part of it"
    bucket = graph.named(f"data-replicas-{region}-{short}-bucket")
    assert (bucket.inputs["bucket"], bucket.protect, bucket.retain_on_delete) == (name, True, True)
    (rule,) = graph.named(f"data-replicas-{region}-{short}-encryption").inputs["rules"]
    key = graph.named(f"replica-storage-{region}-key")
    assert _region(graph, key) == region
    assert key.name in rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"], "not the key of the lost region"


@pytest.mark.parametrize("region", ["us-west-2", "eu-west-1"])
def test_access_to_replicas_is_logged_in_their_region_by_buckets_alone(graph: Graph, region: str) -> None:
    policy = json.loads(graph.named(f"data-replicas-{region}-access-logs-policy").inputs["policy"])
    assert {one["Sid"] for one in policy["Statement"]} == {"DenyWithoutTls", "AdmitAccessLogs"}
    logging = [one for one in graph.resources if one.type.endswith("BucketLogging") and region in one.name]
    assert len(logging) == sum(one["region"] == region for one in REPLICAS.values())
    assert {one.inputs["targetBucket"] for one in logging} == {f"phoenix-prod-replica-logs-{region}-100000000004"}


@pytest.mark.parametrize("short", REPLICAS)
def test_a_bucket_is_copied_whole_from_where_it_stands(graph: Graph, short: str) -> None:
    replica = REPLICAS[short]
    region = str(replica["region"])
    config = graph.named(f"bucket-copies-{region}-out-{short}")
    assert _region(graph, config) == "us-east-1", "a rule lives with its source"
    (rule,) = config.inputs["rules"]
    assert rule["destination"]["bucket"].startswith("arn:aws:s3:::phoenix-")
    assert rule["sourceSelectionCriteria"]["sseKmsEncryptedObjects"]["status"] == "Enabled"
    assert rule["deleteMarkerReplication"]["status"] == "Enabled"
    assert ("replicationTime" in rule["destination"]) == replica.get("time_control", True)
    assert rule["destination"]["metrics"]["status"] == "Enabled", "counted either way"


@pytest.mark.parametrize("region", ["us-west-2", "eu-west-1"])
def test_the_role_copies_to_its_region_and_does_no_more(graph: Graph, region: str) -> None:
    policy = json.loads(graph.named(f"bucket-copies-{region}-out-policy").inputs["policy"])
    statements = {one["Sid"]: one for one in policy["Statement"]}
    written = " ".join(statements["WriteCopies"]["Resource"])
    assert all(
        (f"{short}" in written) == (one["region"] == region) for short, one in REPLICAS.items() if "name" not in one
    )
    assert statements["SealCopies"]["Condition"] == {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}}


def test_late_copies_alarm_where_their_metric_is_and_failed_ones_at_home(graph: Graph) -> None:
    copies = [one for one in graph.of_type(ALARMS) if one.name.startswith("bucket-copies-")]
    found = {(one.name, _region(graph, one)) for one in copies}
    assert found == {
        ("bucket-copies-us-west-2-lagging-app-data-late-app-data", "us-west-2"),
        ("bucket-copies-us-west-2-failing-app-data-failed-app-data", "us-east-1"),
        ("bucket-copies-eu-west-1-lagging-ai-models-late-ai-models", "eu-west-1"),
        ("bucket-copies-eu-west-1-failing-ai-models-failed-ai-models", "us-east-1"),
    }, "none for logs, which asks for none"
    topics = [one for one in graph.of_type("aws:sns/topic:Topic") if one.name.startswith("bucket-copies-")]
    assert {_region(graph, one) for one in topics} == {"us-west-2", "eu-west-1"}
    mail = [one for one in graph.of_type("aws:sns/topicSubscription:TopicSubscription") if "bucket-copies" in one.name]
    assert mail, "somebody reads them"


def test_the_pack_misses_nothing_in_replicas_but_the_time_that_one_of_them_is_not_promised(graph: Graph) -> None:
    verdict = judge(graph, environment="prod", today=date(2026, 11, 30))
    (message,) = [finding.message for finding in verdict.blocking]
    assert message.startswith("s3-replication-time: bucket-copies-us-west-2-out-logs: ")
