"""Every bucket of the standby is a copy of its primary's, and the other way round, by roles that can do no more."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.recovery.bucket_direction import Place
from components.recovery.bucket_replication import BucketReplication, BucketReplicationArgs

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.recovery import Standby
    from review.graph import Graph, Resource

RULES = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
ALARMS = "aws:cloudwatch/metricAlarm:MetricAlarm"
BUCKETS = ("app-data", "blockchain-backups", "ai-models", "logs", "static-assets")
WAYS = {"out": ("prod", "dr"), "back": ("dr", "prod")}
known = pulumi.Output.from_input


def _place(stack: str, region: str, *topics: str) -> Place:
    names = {short: known(f"{stack}-{short}") for short in BUCKETS}
    return Place(region=region, key_arn=known(f"key-{stack}"), names=names, topics=topics)


@pytest.fixture(scope="module")
def replicated(record_in_standby: Callable[..., Graph], standby: Standby) -> Callable[..., Graph]:
    """Records the replication of dr's buckets with other arguments."""

    def recorded(*, primary_topics: tuple[str, ...] = ("topic-prod",), **changes: object) -> Graph:
        def make(primary: pulumi.ProviderResource, options: pulumi.ResourceOptions) -> None:
            assert standby.buckets is not None
            args = BucketReplicationArgs(
                settings=standby.buckets,
                here=_place("dr", "us-west-2", "topic-dr"),
                primary=_place("prod", "us-east-1", *primary_topics),
                primary_provider=primary,
            )
            BucketReplication("recovery-buckets", replace(args, **changes), options)  # type: ignore[arg-type]  # named by the test

        return record_in_standby(make)

    return recorded


@pytest.fixture(scope="module")
def graph(replicated: Callable[..., Graph]) -> Graph:
    """The replication of dr's buckets."""
    return replicated()


def _rule(graph: Graph, direction: str, bucket: str) -> dict[str, Any]:
    (rule,) = graph.named(f"recovery-buckets-{direction}-{bucket}").inputs["rules"]
    return dict(rule)


def _statements(graph: Graph, direction: str) -> dict[str, dict[str, Any]]:
    policy = graph.named(f"recovery-buckets-{direction}-policy").inputs["policy"]
    return {statement["Sid"]: statement for statement in json.loads(policy)["Statement"]}


def _by(resource: Resource) -> str:
    return resource.provider.rpartition("::")[2]


@pytest.mark.parametrize("bucket", BUCKETS)
@pytest.mark.parametrize("direction", WAYS)
def test_each_bucket_is_copied_to_the_one_of_its_name_under_that_regions_key(
    graph: Graph, direction: str, bucket: str
) -> None:
    source, destination = WAYS[direction]
    found, rule = graph.named(f"recovery-buckets-{direction}-{bucket}"), _rule(graph, direction, bucket)
    assert found.inputs["bucket"] == f"{source}-{bucket}", "the rule lives with its source"
    assert rule["destination"]["bucket"] == f"arn:aws:s3:::{destination}-{bucket}", "and names the other region's"
    assert rule["destination"]["encryptionConfiguration"] == {"replicaKmsKeyId": f"key-{destination}"}, (
        "a copy must be readable while the source's region is lost"
    )


@pytest.mark.parametrize("direction", WAYS)
def test_a_rule_takes_everything(graph: Graph, direction: str) -> None:
    rule = _rule(graph, direction, "app-data")
    enabled = {"status": "Enabled"}
    assert (rule["status"], rule["filter"]) == ("Enabled", {"prefix": ""}), "every object"
    assert rule["deleteMarkerReplication"] == enabled, "what is deleted here does not live on there"
    assert rule["sourceSelectionCriteria"] == {
        "sseKmsEncryptedObjects": enabled,
        "replicaModifications": enabled,
    }, "encrypted objects too, and tags changed on copies"


def test_time_control_promises_fifteen_minutes_and_can_be_left_out(
    graph: Graph, replicated: Callable[..., Graph], standby: Standby
) -> None:
    fifteen = {"minutes": 15}
    timed = _rule(graph, "out", "logs")["destination"]
    assert timed["replicationTime"] == {"status": "Enabled", "time": fifteen}, "S3's only promise"
    assert timed["metrics"] == {"status": "Enabled", "eventThreshold": fifteen}, "which S3 demands beside it"
    assert standby.buckets is not None
    plain = replicated(settings=standby.buckets.model_copy(update={"time_control": False}))
    destination = _rule(plain, "out", "logs")["destination"]
    assert "replicationTime" not in destination, "it is paid for by the byte"
    assert destination["metrics"] == {"status": "Enabled"}, "the alarm needs the metrics either way"


def test_rules_of_the_primarys_buckets_are_made_in_its_region(graph: Graph) -> None:
    by_way = {
        direction: {_by(graph.named(f"recovery-buckets-{direction}-{bucket}")) for bucket in BUCKETS}
        for direction in WAYS
    }
    assert by_way == {"out": {"aws-primary"}, "back": {"aws"}}, "S3 takes a bucket's rules in the bucket's region"


@pytest.mark.parametrize("direction", WAYS)
def test_a_role_reads_one_region_and_writes_the_other(graph: Graph, direction: str) -> None:
    source, destination = WAYS[direction]
    statements = _statements(graph, direction)
    allowed = {sid: (statement["Action"], statement["Resource"]) for sid, statement in statements.items()}
    buckets = [f"arn:aws:s3:::{source}-{bucket}" for bucket in BUCKETS]
    versions = ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"]
    copies = ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"]
    assert allowed == {
        "ReadRules": (["s3:GetReplicationConfiguration", "s3:ListBucket"], buckets),
        "ReadVersions": (versions, [f"{bucket}/*" for bucket in buckets]),
        "WriteCopies": (copies, [f"arn:aws:s3:::{destination}-{bucket}/*" for bucket in BUCKETS]),
        "OpenSource": (["kms:Decrypt"], [f"key-{source}"]),
        "SealCopies": (["kms:Encrypt"], [f"key-{destination}"]),
    }, "and nothing else"


def test_keys_are_used_through_s3_of_their_region_only(graph: Graph) -> None:
    statements = _statements(graph, "out")
    through = {
        sid: statements[sid]["Condition"]["StringEquals"]["kms:ViaService"] for sid in ("OpenSource", "SealCopies")
    }
    assert through == {"OpenSource": "s3.us-east-1.amazonaws.com", "SealCopies": "s3.us-west-2.amazonaws.com"}


def test_rules_wait_for_the_rights_of_their_role(graph: Graph) -> None:
    for found in graph.of_type(RULES):
        direction = found.name.removeprefix("recovery-buckets-").partition("-")[0]
        policy = graph.named(f"recovery-buckets-{direction}-policy").urn
        assert policy in found.dependencies, f"{found.name}: S3 fails what it may not copy, and does not try again"


def test_each_region_watches_what_arrives_late_and_what_fails_to_leave(graph: Graph) -> None:
    seen = {
        (_by(alarm), alarm.inputs["metricName"], alarm.inputs["dimensions"]["DestinationBucket"].partition("-")[0])
        for alarm in graph.of_type(ALARMS)
    }
    assert seen == {
        ("aws", "ReplicationLatency", "dr"),
        ("aws", "OperationsFailedReplication", "prod"),
        ("aws-primary", "ReplicationLatency", "prod"),
        ("aws-primary", "OperationsFailedReplication", "dr"),
    }, "S3 publishes latency where copies arrive, and failures where they leave"
    assert len(graph.of_type(ALARMS)) == 4 * len(BUCKETS), "for every bucket"


def test_the_alarm_on_lateness_is_the_stack_files(graph: Graph, standby: Standby) -> None:
    assert standby.buckets is not None
    wanted = standby.buckets.lag_alarm
    assert wanted is not None
    inputs = graph.named("recovery-buckets-alarms-here-late-app-data").inputs
    found = (inputs["threshold"], inputs["period"], inputs["evaluationPeriods"], inputs["statistic"])
    assert found == (wanted.threshold_seconds, wanted.period_seconds, wanted.evaluation_periods, "Maximum")
    assert inputs["dimensions"] == {
        "SourceBucket": "prod-app-data",
        "DestinationBucket": "dr-app-data",
        "RuleId": _rule(graph, "out", "app-data")["id"],
    }, "a metric with other dimensions is another metric, and never has data"
    assert inputs["alarmActions"] == ["topic-dr"], "reported in the alarm's own region"


def test_nobody_to_tell_means_no_alarm(replicated: Callable[..., Graph]) -> None:
    graph = replicated(primary_topics=())
    assert {_by(alarm) for alarm in graph.of_type(ALARMS)} == {"aws"}, "alarms of the region with a topic stay"
