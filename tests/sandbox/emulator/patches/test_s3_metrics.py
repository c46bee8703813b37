"""Lateness is reported where copies arrive, failures where they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.patches.replication import EAST, WEST, Pair, until

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.emulator


def _alarm(pair: Pair, region: str, metric: str) -> Callable[[], str]:
    """Make an alarm on any value of a metric of the rule from east to west; returns who tells its state."""
    watch = pair.aws("cloudwatch", region)
    names = {"SourceBucket": pair.east, "DestinationBucket": pair.west, "RuleId": "all"}
    name = f"{pair.east}-{metric}"
    watch.put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/S3",
        MetricName=metric,
        Dimensions=[{"Name": key, "Value": value} for key, value in names.items()],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )

    def state() -> str:
        found: str = watch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"]
        return found

    return state


def test_lateness_is_reported_where_copies_arrive_and_failures_where_they_leave(pair: Pair) -> None:
    late, failed = _alarm(pair, WEST, "ReplicationLatency"), _alarm(pair, EAST, "OperationsFailedReplication")
    pair.put(pair.east)
    assert until("ALARM", late) == "ALARM", "a copy takes time, and the destination's region shows how much"
    assert failed() != "ALARM", "nothing failed yet"
    pair.aws("iam").delete_role_policy(RoleName=pair.role.rpartition("/")[2], PolicyName="replicate")
    pair.put(pair.east)
    assert until("ALARM", failed) == "ALARM", "a copy that was refused is reported in the source's region"
