"""A replica's lag is published, and grows while its source's region is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.emulator import outage
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.databases import follow, make

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


def _lag(cloudwatch: Client, name: str) -> list[float]:
    now = datetime.now(UTC)
    asked: dict[str, Any] = {"Namespace": "AWS/RDS", "MetricName": "ReplicaLag", "Statistics": ["Maximum"]}
    span = {"StartTime": now - timedelta(minutes=15), "EndTime": now + timedelta(minutes=1), "Period": 60}
    dimensions = [{"Name": "DBInstanceIdentifier", "Value": name}]
    found = cloudwatch.get_metric_statistics(**asked, **span, Dimensions=dimensions)
    return [point["Maximum"] for point in found["Datapoints"]]


def test_a_replica_that_follows_lags_by_nothing_and_a_source_has_no_lag(aws: Aws) -> None:
    make(aws("rds"), "source")
    follow(aws("rds"), "replica", "source")
    assert set(_lag(aws("cloudwatch"), "replica")) == {0.0}
    assert _lag(aws("cloudwatch"), "source") == []
    metrics = aws("cloudwatch").list_metrics(Namespace="AWS/RDS")["Metrics"]
    named = [metric["Dimensions"] for metric in metrics if metric["MetricName"] == "ReplicaLag"]
    assert named == [[{"Name": "DBInstanceIdentifier", "Value": "replica"}]], "and is listed"


def test_a_minute_has_one_point_however_often_it_is_asked_for(aws: Aws) -> None:
    make(aws("rds"), "source")
    follow(aws("rds"), "replica", "source")
    query = {"Namespace": "AWS/RDS", "MetricName": "ReplicaLag", "Period": 3600, "Statistics": ["SampleCount"]}
    now = datetime.now(UTC)
    for _ in range(3):
        found = aws("cloudwatch").get_metric_statistics(
            **query, StartTime=now - timedelta(hours=2), EndTime=now + timedelta(minutes=1)
        )
    assert sum(point["SampleCount"] for point in found["Datapoints"]) <= 2, "one, or two about a full minute"


def test_the_lag_grows_while_the_source_s_region_is_lost(running: Emulator, request: pytest.FixtureRequest) -> None:
    aws = session(running, account_of(request))
    make(aws("rds"), "source")
    arn = aws("rds").describe_db_instances()["DBInstances"][0]["DBInstanceArn"]
    follow(aws("rds", "us-west-2"), "replica", arn)
    west = aws("cloudwatch", "us-west-2")
    assert _lag(west, "replica")[-1] == 0
    outage.cut(running.url, "us-east-1")
    first = _lag(west, "replica")[-1]
    assert 0 < first < _lag(west, "replica")[-1]
    outage.heal(running.url, "us-east-1")
    assert _lag(west, "replica")[-1] == 0, "it has caught up"
