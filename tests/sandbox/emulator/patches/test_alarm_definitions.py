"""Alarms by the query protocol, which the Terraform provider speaks and boto3 no longer does."""

from __future__ import annotations

import urllib.parse
import urllib.request
import uuid
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

ACCOUNT = "111122223333"
NAMESPACE = "{http://monitoring.amazonaws.com/doc/2010-08-01/}"
MATH = [
    {"Id": "result", "Expression": "MAX(METRICS())", "Label": "worst", "ReturnData": True},
    {
        "Id": "m1",
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/ElastiCache",
                "MetricName": "Evictions",
                "Dimensions": [{"Name": "CacheClusterId", "Value": "cache-0001-001"}],
            },
            "Period": 60,
            "Stat": "Sum",
        },
    },
]


@pytest.fixture
def query(emulator: Emulator) -> Callable[..., ET.Element]:
    """Call by the query protocol; parameters are given as dotted names."""

    def call(action: str, **params: str) -> ET.Element:
        signed = f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20261121/us-east-1/monitoring/aws4_request, "
        request = urllib.request.Request(  # noqa: S310 - our own emulator
            emulator.url,
            data=urllib.parse.urlencode({"Action": action, "Version": "2010-08-01", **params}).encode(),
            headers={
                "Authorization": f"{signed}SignedHeaders=host, Signature=0",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own emulator
            return ET.fromstring(answer.read())  # noqa: S314 - our own emulator

    return call


def document(element: ET.Element) -> Any:  # noqa: ANN401 - texts, lists and mappings
    """Return an answer's elements as mappings, lists and texts."""
    children = list(element)
    if not children:
        return element.text or ""
    if all(child.tag == f"{NAMESPACE}member" for child in children):
        return [document(child) for child in children]
    return {child.tag.removeprefix(NAMESPACE): document(child) for child in children}


def described(query: Callable[..., ET.Element], name: str, kind: str = "MetricAlarm") -> dict[str, Any]:
    answer = query("DescribeAlarms", **{"AlarmNames.member.1": name, "AlarmTypes.member.1": kind})
    found: dict[str, Any] = document(answer)["DescribeAlarmsResult"][f"{kind}s"][0]
    return found


def fresh() -> str:
    return f"alarm-{uuid.uuid4().hex[:8]}"


def test_an_alarm_put_by_query_is_read_back_whole(query: Callable[..., ET.Element]) -> None:
    name = fresh()
    query(
        "PutMetricAlarm",
        **{
            "AlarmName": name,
            "AlarmDescription": "free < 20 & falling",
            "Namespace": "AWS/RDS",
            "MetricName": "FreeStorageSpace",
            "Dimensions.member.1.Name": "DBInstanceIdentifier",
            "Dimensions.member.1.Value": "db",
            "Statistic": "Minimum",
            "Period": "300",
            "EvaluationPeriods": "3",
            "DatapointsToAlarm": "2",
            "Threshold": "20.5",
            "ComparisonOperator": "LessThanThreshold",
            "TreatMissingData": "breaching",
            "AlarmActions.member.1": "arn:aws:sns:us-east-1:111122223333:one",
            "OKActions.member.1": "arn:aws:sns:us-east-1:111122223333:two",
        },
    )
    found = described(query, name)
    assert found["AlarmDescription"] == "free < 20 & falling", "escaped and unescaped"
    assert found["Dimensions"] == [{"Name": "DBInstanceIdentifier", "Value": "db"}]
    read = [found[key] for key in ("Statistic", "Period", "DatapointsToAlarm", "Threshold", "TreatMissingData")]
    assert read == ["Minimum", "300", "2", "20.5", "breaching"]
    actions = (found["ActionsEnabled"], found["AlarmActions"], found["OKActions"])
    assert actions == (
        "true", ["arn:aws:sns:us-east-1:111122223333:one"], ["arn:aws:sns:us-east-1:111122223333:two"]
    )  # fmt: skip


def test_an_alarm_on_a_percentile_has_no_plain_statistic(aws: Aws) -> None:
    name, cloudwatch = fresh(), aws("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name, Namespace="N", MetricName="Time", ExtendedStatistic="p99", Period=60, EvaluationPeriods=1,
        Threshold=2, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    found = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    assert (found.get("Statistic"), found["ExtendedStatistic"]) == (None, "p99"), "AWS takes one of the two"


def test_the_metrics_of_an_expression_are_kept(aws: Aws) -> None:
    name, cloudwatch = fresh(), aws("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name, Metrics=MATH, EvaluationPeriods=1, Threshold=2, ComparisonOperator="GreaterThanThreshold"
    )
    found = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    assert found["Metrics"] == MATH
    assert "Period" not in found, "the metrics have periods of their own"


def test_the_metrics_of_an_expression_are_read_back_by_query(query: Callable[..., ET.Element]) -> None:
    name = fresh()
    metric = "Metrics.member.2.MetricStat"
    query(
        "PutMetricAlarm",
        **{
            "AlarmName": name,
            "EvaluationPeriods": "1",
            "Threshold": "2",
            "ComparisonOperator": "GreaterThanThreshold",
            "Metrics.member.1.Id": "result",
            "Metrics.member.1.Expression": "MAX(METRICS())",
            "Metrics.member.1.ReturnData": "true",
            "Metrics.member.2.Id": "m1",
            f"{metric}.Metric.Namespace": "N",
            f"{metric}.Metric.MetricName": "Evictions",
            f"{metric}.Metric.Dimensions.member.1.Name": "CacheClusterId",
            f"{metric}.Metric.Dimensions.member.1.Value": "cache-0001-001",
            f"{metric}.Period": "60",
            f"{metric}.Stat": "Sum",
        },
    )
    result, part = described(query, name)["Metrics"]
    assert (result["Expression"], result["ReturnData"]) == ("MAX(METRICS())", "true")
    assert part["MetricStat"]["Metric"]["Dimensions"] == [{"Name": "CacheClusterId", "Value": "cache-0001-001"}]
    assert (part["MetricStat"]["Period"], part["MetricStat"]["Stat"]) == ("60", "Sum")


def test_a_composite_alarm_is_read_back_whole(query: Callable[..., ET.Element]) -> None:
    child, name = fresh(), fresh()
    query(
        "PutMetricAlarm",
        AlarmName=child, Namespace="N", MetricName="M", Period="60", EvaluationPeriods="1", Threshold="1",
        Statistic="Sum", ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    rule = f'ALARM("{child}")'
    query(
        "PutCompositeAlarm",
        **{
            "AlarmName": name,
            "AlarmRule": rule,
            "AlarmDescription": "an outage",
            "AlarmActions.member.1": "arn:aws:sns:us-east-1:111122223333:one",
        },
    )
    found = described(query, name, "CompositeAlarm")
    assert (found["AlarmRule"], found["AlarmDescription"], found["ActionsEnabled"]) == (rule, "an outage", "true")
    assert found["AlarmActions"] == ["arn:aws:sns:us-east-1:111122223333:one"]


def test_a_refusal_by_query_is_still_a_refusal(query: Callable[..., ET.Element]) -> None:
    with pytest.raises(HTTPError) as refusal:
        query("DescribeAlarms", MaxRecords="1000")
    assert refusal.value.code == 400
    refusal.value.close()
