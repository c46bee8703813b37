"""One alarm, as every area makes it: what is measured, how much is too much, who is notified.

    metric_alarm(self, named(name, "lag"), AlarmArgs(
        description="...", series=Series(metrics=(Metric(...),), statistic="Maximum"),
        threshold=60, period_seconds=60, evaluation_periods=1, topics=[topic_arn]))

The alarm lives in the region of its parent's provider, and sees metrics of that region only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pulumi_aws import cloudwatch

from components.base import child
from config.facts.metrics import EXPRESSION_METRICS, GIB

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi

    from components.observability.metric import Metric, Series

_STATISTICS: Final = ("Average", "Maximum", "Minimum", "Sum", "SampleCount")
_RESULT: Final = "result"


@dataclass(frozen=True, kw_only=True)
class AlarmArgs:
    """What an alarm is built from."""

    description: str
    """What it means and what to do, for whoever is notified."""
    series: Series
    """What it follows."""
    threshold: float
    """Value that must not be passed, in the unit of the series."""
    period_seconds: int
    """Length of a period."""
    evaluation_periods: int
    """Periods that are looked at."""
    topics: Sequence[pulumi.Input[str]]
    """Topics that it is published to when it goes off and when it is over; at least one."""
    datapoints: int | None = None
    """Periods among them that must be bad; none = all."""
    treat_missing: str = "missing"
    """What a period without data is: `breaching`, `notBreaching`, `ignore` or `missing`."""


def metric_alarm(parent: pulumi.Resource, logical_name: str, args: AlarmArgs) -> cloudwatch.MetricAlarm:
    """Make an alarm.

    Raises:
        ValueError: Nobody is notified, or the series has more metrics than an alarm takes.
    """
    if not args.topics:
        raise ValueError(f"alarm {logical_name}: nobody is notified")
    if len(args.series.metrics) > EXPRESSION_METRICS:
        raise ValueError(
            f"alarm {logical_name}: {len(args.series.metrics)} metrics; an alarm takes {EXPRESSION_METRICS}"
        )
    measured = _queries(args) if args.series.expression else _metric(args)
    return cloudwatch.MetricAlarm(
        logical_name,
        alarm_description=args.description,
        comparison_operator="LessThanThreshold" if args.series.low else "GreaterThanThreshold",
        threshold=_threshold(args),
        evaluation_periods=args.evaluation_periods,
        datapoints_to_alarm=args.datapoints or args.evaluation_periods,
        treat_missing_data=args.treat_missing,
        alarm_actions=list(args.topics),
        ok_actions=list(args.topics),
        **measured,
        opts=child(parent),
    )


def _threshold(args: AlarmArgs) -> float:
    """Return the threshold in the metric's own unit."""
    if args.series.whole:
        return int(args.threshold * args.series.whole / 100)
    return args.threshold * GIB if args.series.unit == "gib" else args.threshold


def _metric(args: AlarmArgs) -> dict[str, Any]:
    metric, statistic = args.series.metrics[0], args.series.statistic
    plain = statistic in _STATISTICS
    return {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": dict(metric.dimensions),
        "period": args.period_seconds,
        "statistic": statistic if plain else None,
        "extended_statistic": None if plain else statistic,
    }


def _queries(args: AlarmArgs) -> dict[str, Any]:
    series = args.series
    result = cloudwatch.MetricAlarmMetricQueryArgs(
        id=_RESULT, expression=series.expression, label=series.metrics[0].name, return_data=True
    )
    parts = [_query(f"m{at}", metric, args) for at, metric in enumerate(series.metrics, 1)]
    return {"metric_queries": [result, *parts]}


def _query(identifier: str, metric: Metric, args: AlarmArgs) -> cloudwatch.MetricAlarmMetricQueryArgs:
    return cloudwatch.MetricAlarmMetricQueryArgs(
        id=identifier,
        metric=cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=dict(metric.dimensions),
            period=args.period_seconds,
            stat=args.series.statistic,
        ),
    )
