"""Tables of DynamoDB as they are registered: keys, capacity, copies, who may use them, what watches them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.keys.policy import Site, key_statements, tables_elsewhere_statements
from review.recording import record_stack
from tests.config.containersfile import STACK, accepted

if TYPE_CHECKING:
    from review.graph import Graph

SESSIONS, COUNTERS = "data-table-sessions-table", "data-table-counters-table"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Prod with containers, as it is registered."""
    return record_stack(STACK, accepted())


def statements(graph: Graph, name: str) -> dict[str, Any]:
    return {one["Sid"]: one for one in json.loads(graph.named(name).inputs["policy"])["Statement"]}


def test_a_table_is_encrypted_recoverable_and_held(graph: Graph) -> None:
    for name in (SESSIONS, COUNTERS):
        table = graph.named(name)
        assert table.protect, "the engine does not delete it"
        assert table.inputs["deletionProtectionEnabled"] is True, "nor does anybody else"
        assert table.inputs["pointInTimeRecovery"]["enabled"] is True
        assert table.inputs["serverSideEncryption"]["kmsKeyArn"].endswith("key/keys-data")
    assert graph.named(SESSIONS).inputs["name"] == "phoenix-prod-sessions", "a standby computes it"
    assert graph.named(SESSIONS).inputs["ttl"] == {"attributeName": "expires", "enabled": True}


def test_a_copy_is_under_a_key_of_its_region_and_guarded_like_the_table(graph: Graph) -> None:
    (copy,) = graph.named(SESSIONS).inputs["replicas"]
    assert copy["regionName"] == "us-west-2"
    assert copy["kmsKeyArn"].endswith("replica-data-us-west-2-key")
    assert copy["pointInTimeRecovery"] is copy["deletionProtectionEnabled"] is copy["propagateTags"] is True
    assert graph.named("replica-data-us-west-2-key").protect, "with it the copy is lost"
    assert not graph.named(COUNTERS).inputs.get("replicas")


def test_provisioned_capacity_is_scaled_and_left_to_the_scaling(graph: Graph) -> None:
    targets = {
        (one.inputs["scalableDimension"], one.inputs["resourceId"]): (
            one.inputs["minCapacity"],
            one.inputs["maxCapacity"],
        )
        for one in graph.of_type("aws:appautoscaling/target:Target")
        if one.inputs["serviceNamespace"] == "dynamodb"
    }
    table, index = "table/phoenix-prod-counters", "table/phoenix-prod-counters/index/by-day"
    assert targets == {
        ("dynamodb:table:ReadCapacityUnits", table): (5, 100),
        ("dynamodb:index:ReadCapacityUnits", index): (5, 100),
        ("dynamodb:table:WriteCapacityUnits", table): (10, 200),
        ("dynamodb:index:WriteCapacityUnits", index): (10, 200),
    }
    held = graph.named("data-table-counters-write_by-day", "aws:appautoscaling/policy:Policy").inputs
    tracked = held["targetTrackingScalingPolicyConfiguration"]
    assert tracked["targetValue"] == 60
    assert tracked["predefinedMetricSpecification"] == {"predefinedMetricType": "DynamoDBWriteCapacityUtilization"}
    assert graph.named(COUNTERS).inputs["readCapacity"] == 5, "what it begins with"


def test_tasks_may_do_what_the_file_says_and_open_the_key_by_way_of_dynamodb(graph: Graph) -> None:
    found = statements(graph, "containers-web-task-policy")
    assert found["TableSessions"]["Action"] == ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
    table = found["TableSessions"]["Resource"]
    assert [one.removeprefix(table[0]) for one in table] == ["", "/index/*"], "the table and its indexes, no other"
    assert found["OpenTables"]["Condition"] == {"StringEquals": {"kms:ViaService": "dynamodb.us-east-1.amazonaws.com"}}
    assert "OpenTables" not in statements(graph, "containers-worker-task-policy")


def test_the_key_serves_dynamodb_only_where_there_are_tables() -> None:
    site = Site(account_id="100000000004", region="us-east-1")

    def services(*, tables: bool) -> set[str]:
        used = [one for one in key_statements("data", site, tables=tables) if one.sid == "UsedThroughServices"]
        (only,) = used
        return {str(one) for one in only.conditions["StringEquals"]["kms:ViaService"]}

    assert services(tables=True) - services(tables=False) == {"dynamodb.us-east-1.amazonaws.com"}
    assert {one.sid for one in tables_elsewhere_statements(site)} >= {"UsedThroughServices", "GrantedThroughServices"}


def test_alarms_watch_tables_indexes_calls_and_copies(graph: Graph) -> None:
    alarms = {
        one.name.removeprefix("observability-alarms-"): one.inputs
        for one in graph.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    }
    throttled = {name for name in alarms if name.startswith("throttled-tables-")}
    of_tables = {"sessions", "sessions_by-device", "counters", "counters_by-day"}
    assert throttled == {f"throttled-tables-{one}" for one in of_tables}, "an index is throttled by itself"
    assert "late-copies-sessions_us-west-2" in alarms
    queries = alarms["failing-tables-counters"]["metricQueries"]
    calls = {one["metric"]["dimensions"]["Operation"] for one in queries if one.get("metric")}
    assert {"GetItem", "TransactWriteItems"} <= calls
    assert len(calls) <= 10, "metrics of one alarm"
    (added,) = [one["expression"] for one in queries if one.get("expression")]
    assert added == "SUM(METRICS())"


def test_tables_are_backed_up_and_exported_by_name(graph: Graph) -> None:
    selected = graph.named("backup-data").inputs["resources"]
    assert sum("table" in str(arn) for arn in selected) == len(accepted().tables)
