"""Container Insights tells how many tasks of a service run and are desired, where it is switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.patches.scaled import CLUSTER, SERVICE

if TYPE_CHECKING:
    from tests.sandbox.emulator.patches.scaled import Scaled

pytestmark = pytest.mark.emulator


def _metrics(scaled: Scaled) -> set[str]:
    found = scaled.aws("cloudwatch").list_metrics(Namespace="ECS/ContainerInsights")["Metrics"]
    of = {"ClusterName": CLUSTER, "ServiceName": SERVICE}
    return {one["MetricName"] for one in found if {d["Name"]: d["Value"] for d in one["Dimensions"]} == of}


def test_tasks_are_counted_each_minute(scaled: Scaled) -> None:
    scaled.emulator.advance(60)
    assert _metrics(scaled) == {"RunningTaskCount", "PendingTaskCount", "DesiredTaskCount"}
    state = scaled.aws("cloudwatch").put_metric_alarm(
        AlarmName="two",
        Namespace="ECS/ContainerInsights",
        MetricName="RunningTaskCount",
        Dimensions=[{"Name": "ClusterName", "Value": CLUSTER}, {"Name": "ServiceName", "Value": SERVICE}],
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        Threshold=2,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    assert state["ResponseMetadata"]["HTTPStatusCode"] == 200
    (alarm,) = scaled.aws("cloudwatch").describe_alarms()["MetricAlarms"]
    assert alarm["StateValue"] == "ALARM", "two tasks run"


def test_a_cluster_without_insights_tells_nothing(scaled: Scaled) -> None:
    scaled.aws("ecs").update_cluster_settings(
        cluster=CLUSTER, settings=[{"name": "containerInsights", "value": "disabled"}]
    )
    scaled.emulator.advance(60)
    assert _metrics(scaled) == set()
