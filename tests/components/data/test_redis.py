from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.graph import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.data import Data as DataSettings
    from config.stack import StackConfig
    from review.graph import Graph, Resource

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


def _group(graph: Graph) -> Resource:
    (found,) = graph.of_type(GROUP)
    return found


@pytest.mark.parametrize(
    ("setting", "expected", "rule"),
    [
        ("numNodeGroups", 3, "reference 004's three shards"),
        ("replicasPerNodeGroup", 2, "reference 004's two replicas"),
        ("nodeType", "cache.r6g.large", "reference 004's node type"),
        ("automaticFailoverEnabled", True, "a lost primary is replaced"),
        ("multiAzEnabled", True, "by a replica in another zone"),
        ("atRestEncryptionEnabled", True, "encrypted at rest"),
        ("kmsKeyId", "key-data", "by the data key"),
        ("transitEncryptionEnabled", True, "encrypted in transit"),
        ("transitEncryptionMode", "required", "no connection in the clear"),
        ("authToken", SECRET, "every client authenticates; the token is encrypted in the state"),
        ("authTokenUpdateStrategy", "ROTATE", "a new token never cuts clients off"),
        ("autoMinorVersionUpgrade", True, "security fixes come by themselves"),
        ("snapshotRetentionLimit", 7, "reference 004's seven days"),
        ("securityGroupIds", ["sg-redis"], "reached through the network's group only"),
        ("subnetGroupName", "data-redis-subnets", "in the database tier"),
        ("parameterGroupName", "data-redis-parameters", "the group that turns cluster mode on"),
    ],
)
def test_the_cache_is_guarded(data: Graph, setting: str, expected: object, rule: str) -> None:
    assert _group(data).inputs[setting] == expected, rule


def test_the_cache_is_protected_and_outlives_its_stack(data: Graph) -> None:
    assert (_group(data).protect, _group(data).retain_on_delete) == (True, True), "a cache of sessions is data"


def test_cluster_mode_is_on(data: Graph) -> None:
    (group,) = data.of_type("aws:elasticache/parameterGroup:ParameterGroup")
    assert group.inputs["family"] == "redis7", "of the engine's version"
    assert group.inputs["parameters"] == [{"name": "cluster-enabled", "value": "yes"}], "shards need it"


def test_the_cache_is_in_the_database_tier(data: Graph) -> None:
    (group,) = data.of_type("aws:elasticache/subnetGroup:SubnetGroup")
    assert group.inputs["subnetIds"] == ["database-a", "database-b", "database-c"], "the tier without the internet"


def test_both_logs_go_to_encrypted_log_groups(data: Graph) -> None:
    deliveries = {one["logType"]: one for one in _group(data).inputs["logDeliveryConfigurations"]}
    assert set(deliveries) == {"slow-log", "engine-log"}, "both logs leave the nodes"
    groups = {one.inputs.get("name"): one for one in data.of_type("aws:cloudwatch/logGroup:LogGroup")}
    for log, delivery in deliveries.items():
        group = groups[delivery["destination"]]
        assert group.inputs["kmsKeyId"] == "key-logs", f"{log} is encrypted by the logs key"


def test_without_replicas_there_is_no_failover_to_promise(
    settings: StackConfig, record_data: Callable[[DataSettings], Graph]
) -> None:
    redis = settings.data.redis.model_copy(update={"replicas_per_shard": 0})
    inputs = _group(record_data(settings.data.model_copy(update={"redis": redis}))).inputs
    assert (inputs["automaticFailoverEnabled"], inputs["multiAzEnabled"]) == (False, False), (
        "ElastiCache refuses failover without a replica"
    )


@pytest.mark.parametrize(
    ("member", "ignored"), [(True, {"parameterGroupName", "autoMinorVersionUpgrade"}), (False, set())]
)
def test_only_what_becomes_the_datastores_is_let_go_and_only_where_one_follows(
    settings: StackConfig,
    record_data: Callable[[DataSettings], Graph],
    member: bool,  # noqa: FBT001 - a case
    ignored: set[str],
) -> None:
    redis = settings.data.redis.model_copy(update={"in_global_datastore": member})
    group = _group(record_data(settings.data.model_copy(update={"redis": redis})))
    assert set(group.ignore_changes) == ignored, "ElastiCache refuses to set these back; all else is the program's"
    assert group.inputs["parameterGroupName"] == "data-redis-parameters", "it is made with a group of its own first"
