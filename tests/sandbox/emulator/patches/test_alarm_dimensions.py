"""An alarm follows the metric of its own resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def watch(aws: Aws) -> Client:
    """An account with an alarm on the lag of `mine`."""
    client = aws("cloudwatch")
    client.put_metric_alarm(
        AlarmName="lag",
        Namespace="N",
        MetricName="Lag",
        Dimensions=[{"Name": "Of", "Value": "mine"}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=10,
        ComparisonOperator="GreaterThanThreshold",
    )
    return client


def _lag(watch: Client, of: str, value: float) -> str:
    dimensions = [{"Name": "Of", "Value": of}]
    watch.put_metric_data(Namespace="N", MetricData=[{"MetricName": "Lag", "Dimensions": dimensions, "Value": value}])
    state: str = watch.describe_alarms(AlarmNames=["lag"])["MetricAlarms"][0]["StateValue"]
    return state


def test_what_another_resource_measures_is_nothing_to_it(watch: Client) -> None:
    assert _lag(watch, "other", 99) == "INSUFFICIENT_DATA", "nothing is known of its own"
    assert _lag(watch, "mine", 1) == "OK", "its own is well"


def test_its_own_resource_sets_it_off(watch: Client) -> None:
    assert _lag(watch, "mine", 99) == "ALARM", "its own is not"
