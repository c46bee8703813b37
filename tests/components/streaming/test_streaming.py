"""Kafka as it is registered: closed, durable, growing; and the replicator that a standby attaches to its primary."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

from components.naming import physical
from components.recovery.primary import needs
from components.stack import deploy
from config.objectives.calls import SILENCE, WRITERS, of_update
from review.graph import ROOT_TYPE
from review.order import only_by_depends_on
from review.record import record
from review.recording import record_stack
from review.verdict import judge
from tests.config import containersfile
from tests.config.containersfile import GONE
from tests.config.streamingfile import STACK, STANDBY, standby, watched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.stack import StackConfig
    from review.graph import Graph

ARN: Final = "arn:aws:msk:recorded:000000000000:cluster/streaming-cluster"
THERE: Final = "b-1.primary.example:9098"
SIZE: Final = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Brokers in three zones, alarms on them."""
    return record_stack(STACK, watched())


@pytest.fixture(scope="module")
def shop() -> Graph:
    """Prod with containers, of which pods, tasks and functions use topics."""
    return record_stack(containersfile.STACK, containersfile.accepted())


def outputs(graph: Graph) -> Mapping[str, Any]:
    return next(one.outputs for one in graph.resources if one.type == ROOT_TYPE)


def followed(graph: Graph, settings: StackConfig) -> Graph:
    """Record a standby of a primary that is recorded."""
    theirs = {**outputs(graph), "streaming": {**outputs(graph)["streaming"], "brokers": THERE}}
    references = {STACK: theirs, STANDBY: {"primary": theirs}}
    return record(lambda: deploy(settings).publish(), STANDBY, references)


@pytest.fixture(scope="module")
def follower(graph: Graph) -> Graph:
    """A standby whose topics are copied from that stack."""
    return followed(graph, standby())


def inputs(graph: Graph, name: str) -> dict[str, Any]:
    return dict(graph.named(name).inputs)


def statements(graph: Graph, name: str, key: str = "policy") -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for one in json.loads(inputs(graph, name)[key])["Statement"]}


def test_brokers_are_entered_by_iam_over_tls_and_not_otherwise(graph: Graph) -> None:
    made = inputs(graph, "streaming-cluster")
    assert made["clientAuthentication"] == {"unauthenticated": False, "sasl": {"iam": True, "scram": False}}
    assert made["encryptionInfo"]["encryptionInTransit"] == {"clientBroker": "TLS", "inCluster": True}
    assert made["encryptionInfo"]["encryptionAtRestKmsKeyArn"].endswith("keys-data")
    connected = made["brokerNodeGroupInfo"]["connectivityInfo"]
    assert connected["publicAccess"] == {"type": "DISABLED"}
    assert connected["vpcConnectivity"] == {"clientAuthentication": {"sasl": {"iam": True}}}


def test_there_are_as_many_brokers_in_each_zone_and_their_log_is_kept_under_the_key(graph: Graph) -> None:
    made = inputs(graph, "streaming-cluster")
    group = made["brokerNodeGroupInfo"]
    assert (made["numberOfBrokerNodes"], len(group["clientSubnets"])) == (3, 3)
    assert all("brokers" in one for one in group["clientSubnets"]), "in the isolated tier"
    log = inputs(graph, "streaming-log")
    assert made["loggingInfo"]["brokerLogs"]["cloudwatchLogs"] == {"enabled": True, "logGroup": log["name"]}
    assert log["kmsKeyId"].endswith("keys-logs")
    assert log["name"] == physical("log-group", "ledger", "prod", "streaming")


def test_no_message_makes_a_topic_and_no_broker_that_lacks_messages_leads(graph: Graph) -> None:
    said = dict(line.split("=") for line in inputs(graph, "streaming-configuration")["serverProperties"].splitlines())
    assert said == {
        "auto.create.topics.enable": "false",
        "default.replication.factor": "3",
        "log.retention.hours": "168",
        "min.insync.replicas": "2",
        "num.partitions": "1",
        "unclean.leader.election.enable": "false",
    }
    assert "kafkaVersions" not in inputs(graph, "streaming-configuration"), "an upgrade would replace it"


def test_the_cluster_is_protected_and_its_name_is_left_to_pulumi(graph: Graph) -> None:
    cluster = graph.named("streaming-cluster")
    assert (cluster.protect, cluster.retain_on_delete) == (True, True)
    assert "clusterName" not in cluster.inputs


def test_storage_grows_and_never_shrinks_and_then_nobody_else_sets_it(graph: Graph) -> None:
    assert graph.named("streaming-cluster").ignore_changes == (SIZE,)
    target, policy = inputs(graph, "streaming-storage"), inputs(graph, "streaming-storage-policy")
    assert (target["serviceNamespace"], target["scalableDimension"]) == ("kafka", "kafka:broker-storage:VolumeSize")
    assert (target["resourceId"], target["minCapacity"], target["maxCapacity"]) == (ARN, 1, 500)
    tracking = policy["targetTrackingScalingPolicyConfiguration"]
    assert (tracking["disableScaleIn"], tracking["targetValue"]) == (True, 60)
    assert tracking["predefinedMetricSpecification"] == {"predefinedMetricType": "KafkaBrokerStorageUtilization"}
    fixed = record_stack(STACK, watched({"streaming.brokers.storage_scaling": GONE}))
    assert fixed.named("streaming-cluster").ignore_changes == ()
    assert not [one for one in fixed.resources if one.type.startswith("aws:appautoscaling/")]


def test_the_data_key_is_used_by_way_of_kafka(graph: Graph) -> None:
    made = statements(graph, "keys-data")
    for sid in ("UsedThroughServices", "GrantedThroughServices"):
        assert "kafka.eu-west-1.amazonaws.com" in made[sid]["Condition"]["StringEquals"]["kms:ViaService"]


def test_every_broker_has_an_alarm_on_its_disk_and_the_cluster_one_on_its_partitions(graph: Graph) -> None:
    alarms = [one.inputs for one in graph.resources if one.inputs.get("namespace") == "AWS/Kafka"]
    found = sorted((one["metricName"], one["dimensions"].get("Broker ID", "")) for one in alarms)
    assert found == [
        *(("KafkaDataLogsDiskUsed", str(broker)) for broker in (1, 2, 3)),
        ("OfflinePartitionsCount", ""),
    ]
    assert {one["dimensions"]["Cluster Name"] for one in alarms} == {"streaming-cluster-id"}


def test_clients_have_rights_on_the_topics_that_are_named_and_on_no_others(shop: Graph) -> None:
    pods = statements(shop, "streaming-application")
    assert {sid: one["Resource"] for sid, one in pods.items()} == {
        "ConnectToKafka": [ARN],
        "ReadTopics": [f"{ARN.replace(':cluster/', ':topic/')}/{name}" for name in ("bids", "lots.*")],
        "JoinGroups": [f"{ARN.replace(':cluster/', ':group/')}/application*"],
        "WriteTopics": [f"{ARN.replace(':cluster/', ':topic/')}/views"],
        "ManageTopics": [f"{ARN.replace(':cluster/', ':topic/')}/views"],
    }
    assert "kafka-cluster:WriteDataIdempotently" in pods["ConnectToKafka"]["Action"]
    assert not [one for one in pods.values() if "kafka-cluster:DeleteTopic" in one["Action"]]
    (tasks,) = [
        one
        for one in shop.resources
        if one.type == "aws:iam/rolePolicy:RolePolicy" and "live" in one.name and "ReadTopics" in str(one.inputs)
    ]
    assert f"{ARN.replace(':cluster/', ':topic/')}/bids" in str(tasks.inputs["policy"])
    assert "kafka-cluster" in str([one.inputs for one in shop.resources if "thumbnails" in one.name])


def test_tasks_and_functions_are_told_where_the_brokers_are(shop: Graph) -> None:
    brokers = "streaming-cluster.recorded.example"
    (definition,) = [
        one for one in shop.resources if one.type == "aws:ecs/taskDefinition:TaskDefinition" and "live" in one.name
    ]
    (container,) = [one for one in json.loads(definition.inputs["containerDefinitions"]) if one["name"] == "live"]
    assert {"name": "STREAMING_BROKERS", "value": brokers} in container["environment"]
    (function,) = [
        one for one in shop.resources if one.type == "aws:lambda/function:Function" and "thumbnails" in one.name
    ]
    assert function.inputs["environment"]["variables"]["STREAMING_BROKERS"] == brokers


def test_a_standby_copies_topics_under_their_own_names_with_the_offsets_of_consumers(follower: Graph) -> None:
    made = inputs(follower, "recovery-topics-replicator")
    source, target = made["kafkaClusters"]
    assert "securityGroupsIds" not in source["vpcConfig"], "it is entered by PrivateLink"
    assert len(source["vpcConfig"]["subnetIds"]) == 3, "those of the primary's brokers"
    assert all("private" in one for one in target["vpcConfig"]["subnetIds"])
    assert target["vpcConfig"]["securityGroupsIds"] == ["network-replicator-group-id"]
    (topics,) = made["replicationInfoList"]["topicReplications"]
    assert topics["topicNameConfiguration"] == {"type": "IDENTICAL"}, "clients find them by the names they know"
    assert (topics["topicsToReplicates"], topics["startingPosition"]) == ([".*"], {"type": "EARLIEST"})
    assert not topics["copyAccessControlListsForTopics"], "IAM says who may"
    (groups,) = made["replicationInfoList"]["consumerGroupReplications"]
    assert groups["synchroniseConsumerGroupOffsets"]


def test_the_standby_makes_what_lets_the_replicator_into_the_primarys_cluster(follower: Graph, graph: Graph) -> None:
    policy = follower.named("recovery-topics-source-policy")
    assert "aws-primary" in str(policy.provider), "in the primary's region"
    (admitted,) = statements(follower, "recovery-topics-source-policy").values()
    assert admitted["Principal"] == {"Service": ["kafka.amazonaws.com"]}
    assert admitted["Action"] == ["kafka:CreateVpcConnection", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"]
    assert admitted["Resource"] == [ARN]
    waits = {edge.earlier for edge in only_by_depends_on(follower) if edge.later == "recovery-topics-replicator"}
    assert waits == {"recovery-topics-source-policy", "recovery-topics-rights"}, "it connects when it is made"
    assert not [one for one in graph.resources if "eplicator" in one.type or "clusterPolicy" in one.type]


def test_brokers_let_the_replicator_in_and_it_reaches_nothing_else(follower: Graph) -> None:
    rule = inputs(follower, "network-streaming-in-kafka-replicator")
    assert (rule["fromPort"], rule["toPort"]) == (9098, 9098)
    assert inputs(follower, "network-replicator-out-vpc")["cidrIpv4"] == "10.71.0.0/16"


def test_a_standby_that_is_behind_or_silent_is_told_of_until_it_serves(follower: Graph, graph: Graph) -> None:
    lag, failures = inputs(follower, "recovery-lag-streaming"), inputs(follower, "recovery-lag-streaming-failures")
    measured = [query["metric"] for query in lag["metricQueries"] if "metric" in query]
    assert [(one["metricName"], one["dimensions"]) for one in measured] == [
        ("ReplicationLatency", {"ReplicatorName": inputs(follower, "recovery-topics-replicator")["replicatorName"]})
    ]
    assert (lag["threshold"], lag["treatMissingData"]) == (120, "breaching")
    assert failures["metricName"] == "ReplicatorFailure"
    serving = followed(graph, standby({"recovery.standby.active": True}))
    assert inputs(serving, "recovery-lag-streaming")["treatMissingData"] == "notBreaching"


def test_a_failover_changes_where_topics_are_written_to_and_touches_no_iam(follower: Graph, graph: Graph) -> None:
    settings = standby({"recovery.standby.active": True})
    serving = followed(graph, settings)
    before, after = ({one.urn: one.inputs for one in found.resources} for found in (follower, serving))
    changed = {urn.rpartition("::")[2] for urn in before.keys() | after.keys() if before.get(urn) != after.get(urn)}
    assert changed == {"recovery-writers-streaming", "recovery-lag-streaming"}, "the replicator stays as it is"
    assert inputs(follower, "recovery-writers-streaming")["insecureValue"] == THERE
    assert settings.recovery is not None
    assert settings.recovery.standby is not None
    assert set(of_update(settings, settings.recovery.standby)) == {WRITERS, SILENCE}


def test_a_standby_needs_the_outputs_of_its_primarys_cluster() -> None:
    settings = standby()
    assert settings.recovery is not None
    assert settings.recovery.standby is not None
    assert "streaming" in needs(settings, settings.recovery.standby)


@pytest.mark.parametrize("which", ["graph", "follower"])
def test_the_pack_finds_nothing(which: str, request: pytest.FixtureRequest) -> None:
    verdict = judge(request.getfixturevalue(which), environment="prod", today=date(2026, 11, 30))
    assert [one.message for one in verdict.findings] == []
    assert not [one for one in verdict.unread if one.startswith("aws:msk/") and "Policy" not in one]
