"""An alarm is judged by the datapoints of its own metric, or of its expression, period by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.containers.plan import backlog_expression, backlog_metrics
from tests.sandbox.emulator.conftest import account_of, session

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

ONE = {"Namespace": "N", "MetricName": "Lag", "Dimensions": [{"Name": "Of", "Value": "mine"}]}


@pytest.fixture
def watch(timed: Emulator, request: pytest.FixtureRequest) -> Client:
    aws: Aws = session(timed, account_of(request))
    return aws("cloudwatch")


def _alarm(watch: Client, **given: Any) -> None:  # noqa: ANN401 - parameters of PutMetricAlarm
    more: dict[str, Any] = {"Period": 60, "EvaluationPeriods": 1, "Statistic": "Maximum"} | given
    if "Metrics" in given:
        more = {"EvaluationPeriods": 1} | given
    watch.put_metric_alarm(
        **{"AlarmName": "lag", "Threshold": 10, "ComparisonOperator": "GreaterThanThreshold"}
        | ({} if "Metrics" in given else ONE)
        | more
    )


def _put(watch: Client, value: float, *, of: str = "mine", name: str = "Lag") -> None:
    dimensions = [{"Name": "Of", "Value": of}]
    watch.put_metric_data(Namespace="N", MetricData=[{"MetricName": name, "Dimensions": dimensions, "Value": value}])


def _state(watch: Client) -> str:
    found: str = watch.describe_alarms(AlarmNames=["lag"])["MetricAlarms"][0]["StateValue"]
    return found


def test_what_another_resource_measures_is_nothing_to_it(watch: Client) -> None:
    _alarm(watch)
    _put(watch, 99, of="other")
    assert _state(watch) == "INSUFFICIENT_DATA", "nothing is known of its own"
    _put(watch, 1)
    assert _state(watch) == "OK", "its own is well"


def test_its_own_resource_sets_it_off(watch: Client) -> None:
    _alarm(watch)
    _put(watch, 99)
    assert _state(watch) == "ALARM", "its own is not"


TABLE = [
    # datapoints (X breaches), M of N, state by treatment: missing, ignore, breaching, notBreaching; K: as it was
    ("0-X-X", 3, 3, "OK OK OK OK"),
    ("----0", 3, 3, "OK OK OK OK"),
    ("-----", 3, 3, "INSUFFICIENT_DATA K ALARM OK"),
    ("0XX-X", 3, 3, "ALARM ALARM ALARM ALARM"),
    ("--X--", 3, 3, "ALARM K ALARM OK"),
    ("0-X-X", 2, 3, "ALARM ALARM ALARM ALARM"),
    ("00X0X", 2, 3, "ALARM ALARM ALARM ALARM"),
    ("0-X--", 2, 3, "OK OK ALARM OK"),
    ("----0", 2, 3, "OK OK ALARM OK"),
    ("---X-", 2, 3, "ALARM K ALARM OK"),
    ("----X", 3, 3, "K K ALARM OK"),  # too young for an alarm of three datapoints
]
"""The tables of the guide (alarms-and-missing-data.html, alarm-evaluation.html), and an alarm that would be early."""
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")


def test_missing_datapoints_count_as_the_guide_has_it(timed: Emulator, request: pytest.FixtureRequest) -> None:
    watch = session(timed, account_of(request))("cloudwatch")
    rows = [
        (f"{points}-{least}of{number}-{treatment}", points, least, number, treatment, said)
        for points, least, number, states in TABLE
        for treatment, said in zip(TREATMENTS, states.split(), strict=True)
    ]
    for name, _, least, number, treatment, _ in rows:
        watch.put_metric_alarm(
            AlarmName=name,
            Namespace="N",
            MetricName=name.partition("of")[0],
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=number,
            DatapointsToAlarm=least,
            TreatMissingData=treatment,
            Threshold=10,
            ComparisonOperator="GreaterThanThreshold",
        )
        watch.put_metric_data(Namespace="N", MetricData=[{"MetricName": name.partition("of")[0], "Value": 0}])
    timed.advance(600)  # all that was measured is long ago, and leaves no trace
    for at in range(5):
        for name, *_ in rows:
            watch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="as it was")
        data = [
            {"MetricName": f"{points}-{least}", "Value": 99 if points[at] == "X" else 1}
            for points, least in sorted({row[:2] for row in TABLE if row[0][at] != "-"})
        ]
        watch.put_metric_data(Namespace="N", MetricData=data)
        timed.advance(60)
    states = {one["AlarmName"]: one["StateValue"] for one in watch.describe_alarms()["MetricAlarms"]}
    assert states == {name: "OK" if said == "K" else said for name, *_, said in rows}


def test_what_aws_measures_and_the_emulator_does_not_leaves_an_alarm_as_it_is(timed: Emulator, watch: Client) -> None:
    _alarm(watch, Namespace="AWS/Kinesis", Dimensions=[])
    watch.put_metric_data(Namespace="AWS/Kinesis", MetricData=[{"MetricName": "Lag", "Value": 1}])
    timed.advance(600)
    assert _state(watch) == "OK"


def _math(expression: str, *metrics: str) -> list[dict[str, Any]]:
    dimensions = [{"Name": "Of", "Value": "mine"}]
    parts: list[dict[str, Any]] = [
        {
            "Id": f"m{at}",
            "MetricStat": {
                "Metric": {"Namespace": "N", "MetricName": metric, "Dimensions": dimensions},
                "Period": 60,
                "Stat": "Average",
            },
            "ReturnData": False,
        }
        for at, metric in enumerate(metrics, 1)
    ]
    return [*parts, {"Id": "e", "Expression": expression, "ReturnData": True}]


@pytest.mark.parametrize(
    ("expression", "state"),
    [
        ("m1 + m2", "ALARM"),  # 8 + 3
        ("m1", "OK"),
        ("m1 - -m2", "ALARM"),
        ("m1 + m2 * 0 + 2", "OK"),  # a product before a sum
        ("(m1 + m2) * 0 + 10.5", "ALARM"),
        ("2 ^ 3 + m2", "ALARM"),
        ("SUM(METRICS())", "ALARM"),
        ("MAX([m1, m2])", "OK"),
        ("MAX(METRICS()) + MIN([m1,m2])", "ALARM"),
        ('AVG(METRICS("m")) * 2', "ALARM"),
        ("IF(m1 > m2 AND m2 >= 3, 11, 0)", "ALARM"),
        ("IF(m1 < m2 || m2 != 3, 11, 0)", "OK"),
        ("100*(FILL(m1,0)+FILL(m3,0))/m2", "ALARM"),  # m3 was never measured
        ("FILL(m3, 11)", "ALARM"),
        ("CEIL(m1 + 2.2) * ABS(-1)", "ALARM"),
        ("FLOOR(m1 + 2.9)", "OK"),
        ("m1 / (m2 - 3)", "INSUFFICIENT_DATA"),  # by 0: nothing
        ("m1 + m3", "INSUFFICIENT_DATA"),
    ],
)
def test_an_expression_is_judged_by_what_it_comes_to(
    timed: Emulator, watch: Client, expression: str, state: str
) -> None:
    _alarm(watch, Metrics=_math(expression, "a", "b", "c"))
    for name, value in (("a", 8), ("b", 3)):
        _put(watch, value, name=name)
    timed.advance(0)
    assert _state(watch) == state


@pytest.mark.parametrize(
    "expression", ["ANOMALY_DETECTION_BAND(m1)", "m1 +", "m1 m2", "m9", 'SEARCH("x")', "METRICS()"]
)
def test_an_expression_that_is_not_known_leaves_its_alarm_alone(
    timed: Emulator, watch: Client, expression: str
) -> None:
    _alarm(watch, Metrics=_math(expression, "a", "b"))
    _put(watch, 99, name="a")
    timed.advance(60)
    assert _state(watch) == "INSUFFICIENT_DATA"


@pytest.mark.parametrize(
    ("measured", "state"),
    [
        ((7, 4, None), "ALARM"),
        ((1, 0, None), "ALARM"),
        ((0, 0, None), "OK"),
        ((0, 22, 2), "ALARM"),
        ((0, 20, 2), "OK"),
        ((11, 0, 0), "ALARM"),
        ((1, 0, 0), "ALARM"),
        ((0, 0, 0), "OK"),
    ],
)
def test_the_backlog_of_a_service_is_that_of_its_tasks(
    timed: Emulator, watch: Client, measured: tuple[int | None, ...], state: str
) -> None:
    parts = backlog_metrics("videos", "cluster", "worker")
    given = dict(zip(("visible", "hidden", "desired"), measured, strict=True))
    metrics: list[dict[str, Any]] = []
    for key, (namespace, name, of) in parts.items():
        dimensions = [{"Name": one, "Value": value} for one, value in of.items()]
        metric = {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions}
        metrics.append(
            {"Id": key, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Average"}, "ReturnData": False}
        )
        if given[key] is not None:
            datum = {"MetricName": name, "Dimensions": dimensions, "Value": given[key]}
            watch.put_metric_data(Namespace=namespace, MetricData=[datum])
    metrics.append({"Id": "backlog", "Expression": backlog_expression(10), "ReturnData": True})
    _alarm(watch, Metrics=metrics)
    timed.advance(0)
    assert _state(watch) == state
