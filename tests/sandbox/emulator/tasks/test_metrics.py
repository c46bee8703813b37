"""Container Insights say each minute how many tasks of a service run, where the cluster has them switched on."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.tasks.fleet import Fleet

if TYPE_CHECKING:
    from sandbox.emulator import client

pytestmark = pytest.mark.emulator
DIMENSIONS = [{"Name": "ClusterName", "Value": "shop"}, {"Name": "ServiceName", "Value": "web"}]


def numbers(fleet: Fleet, metric: str) -> list[float]:
    """What was measured from an hour ago on, a number for each minute."""
    now = time.time()
    found = fleet.aws("cloudwatch").get_metric_statistics(
        Namespace="ECS/ContainerInsights",
        MetricName=metric,
        Dimensions=DIMENSIONS,
        StartTime=datetime.fromtimestamp(now - 3600, UTC),
        EndTime=datetime.fromtimestamp(now + 10 * 86400, UTC),
        Period=60,
        Statistics=["Average"],
    )["Datapoints"]
    return [one["Average"] for one in sorted(found, key=lambda one: one["Timestamp"])]


def test_each_minute_has_the_number_of_tasks(timed: client.Emulator, request: pytest.FixtureRequest) -> None:
    fleet = Fleet(session(timed, account_of(request)))
    fleet.serve(desired=3)
    fleet.stable()
    timed.advance(180)
    fleet.ecs.update_service(cluster="shop", service="web", desiredCount=1)
    fleet.stable()
    timed.advance(120)
    running = numbers(fleet, "RunningTaskCount")
    assert set(running) <= {1.0, 3.0}, "no number in between"
    assert running.count(3.0) >= 2
    assert running[-2:] == [1.0, 1.0]
    assert numbers(fleet, "DesiredTaskCount")[-1] == 1.0


def test_a_cluster_without_insights_has_none(timed: client.Emulator, request: pytest.FixtureRequest) -> None:
    fleet = Fleet(session(timed, account_of(request)))
    off = [{"name": "containerInsights", "value": "disabled"}]
    fleet.ecs.update_cluster_settings(cluster="shop", settings=off)
    fleet.serve(desired=1)
    fleet.stable()
    timed.advance(60)
    assert numbers(fleet, "RunningTaskCount") == []
