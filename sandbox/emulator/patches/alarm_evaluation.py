"""CloudWatch alarms are judged period by period: metric math, M out of N datapoints, those that are missing.

ministack takes all points of the last periods together, those of any dimensions, and knows no expression. Here an
alarm is judged when metrics are put, and at each tick of the clock. Periods end at the moment of judgement; the newest
counts from its first datapoint on. As on AWS it looks at more periods than the alarm counts, so that a late point is no
missing one; how many more, AWS does not say. Two are taken, as in the tables of its guide. Two departures: what was
never measured leaves an alarm as it is; so does a metric of AWS's own of which nothing was measured lately, because the
emulator measures less than AWS.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, alarm-evaluation.html
(2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import logging
import operator
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import request_scope
from ministack.services import cloudwatch

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.patches import metric_math
from sandbox.emulator.patches.base import Handler, Patch, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sandbox.emulator.patches.metric_math import Series

    Document = Mapping[str, Any]

MORE_PERIODS: Final = 2
"""Periods that are looked at beyond those that an alarm counts."""
_BREACHES: Final[dict[str, Callable[[float, float], bool]]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanOrEqualToThreshold": operator.le,
    "LessThanThreshold": operator.lt,
}
_MINUTE: Final = 60

log = logging.getLogger(__name__)
_judging: Final = threading.RLock()


def values(alarm: Document) -> Series | None:
    """Return what an alarm follows in each period that it looks at, the newest first; None where it cannot be known.

    It cannot be known where no metric of the alarm was ever measured, or its expression is not one of `metric_math`.
    """
    count = int(alarm.get("EvaluationPeriods") or 1) + MORE_PERIODS
    parts = alarm.get("Metrics") or []
    if not parts:
        stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
        found = _measured(alarm, stat, int(alarm.get("Period") or _MINUTE), count)
        return None if found is None else _looked_at({"": found})[""]
    try:
        return mathematics(parts, count)
    except metric_math.MathError as error:
        log.info("the alarm %s is not judged: %s", alarm["AlarmName"], error)
        return None


def mathematics(parts: Sequence[Document], count: int) -> Series | None:
    """Return what metrics and expressions make together: that of them which returns data.

    Raises:
        MathError: An expression is not one of `metric_math`, or nothing returns data.
    """
    known: dict[str, Series] = {}
    measured = False
    for part in (part for part in parts if "Expression" not in part):
        stat = part["MetricStat"]
        found = _measured(stat["Metric"], stat["Stat"], int(stat.get("Period") or _MINUTE), count)
        measured = measured or found is not None
        known[part["Id"]] = found or (None,) * (count + 1)
    known = _looked_at(known)
    for part in _in_order([part for part in parts if "Expression" in part]):
        known[part["Id"]] = metric_math.evaluate(part["Expression"], known)
    shown = [part["Id"] for part in parts if part.get("ReturnData", True)]
    if len(shown) != 1:
        raise metric_math.MathError(f"{len(shown)} of the metrics and expressions return data; one is to")
    return known[shown[0]] if measured else None


def _looked_at(measured: Mapping[str, Series]) -> dict[str, Series]:
    """Leave out the period that is not over, unless something was measured in it already; else the last one."""
    begun = any(series[0] is not None for series in measured.values())
    return {name: series[:-1] if begun else series[1:] for name, series in measured.items()}


def _in_order(expressions: list[Document]) -> Iterable[Document]:
    """Yield expressions such that each comes after those that it names."""
    left = list(expressions)
    while left:
        ids = {part["Id"] for part in left}
        free = [part for part in left if not ids & set(metric_math.names(part["Expression"])) - {part["Id"]}]
        if not free:
            raise metric_math.MathError(f"the expressions {sorted(ids)} need each other")
        yield from free
        left = [part for part in left if part not in free]


def _measured(metric: Document, stat: str, period: int, count: int) -> Series | None:
    """Return what was measured in so many periods and in the present one, which comes first."""
    dimensions = cloudwatch._dims_from_list(metric.get("Dimensions") or [])
    key = (metric.get("Namespace"), metric.get("MetricName"), cloudwatch._dims_key(dimensions))
    points = cloudwatch._metrics.get(key)
    if not points:
        return None
    periods: list[list[Document]] = [[] for _ in range(count + 1)]
    now = time.time()
    for point in list(points):
        age = max(0.0, now - point["Timestamp"])
        if age < period * len(periods):
            periods[int(age // period)].append(point)
    found = (cloudwatch._stat_value(cloudwatch._calc_stats(each), stat, each) if each else None for each in periods)
    return tuple(found)


def judged(alarm: Document, series: Series) -> str:
    """Return the state that follows from what an alarm sees; the state that it has where nothing follows."""
    breaches, threshold = _BREACHES.get(str(alarm.get("ComparisonOperator"))), float(alarm.get("Threshold") or 0)
    counted = int(alarm.get("EvaluationPeriods") or 1)
    needed = int(alarm.get("DatapointsToAlarm") or counted)
    present = [(age, value) for age, value in enumerate(series, 1) if value is not None][:counted]
    kept = str(alarm["StateValue"])
    treatment = alarm.get("TreatMissingData") or "missing"
    missing = counted - len(present)
    if breaches is None or (not present and (treatment == "ignore" or _seldom_measured(alarm))):
        return kept
    if not present and treatment == "missing":
        return "INSUFFICIENT_DATA"
    bad = [age for age, value in present if breaches(value, threshold)]
    if len(bad) + (missing if treatment == "breaching" else 0) >= needed:
        return "ALARM"
    if treatment in {"missing", "ignore"} and bad and len(bad) == len(present):
        return "ALARM" if treatment == "missing" and bad[-1] >= needed else kept
    return "OK"


def _seldom_measured(alarm: Document) -> bool:
    parts = [part["MetricStat"]["Metric"] for part in alarm.get("Metrics") or [] if "MetricStat" in part]
    return any(str(each.get("Namespace")).startswith("AWS/") for each in (parts or [alarm]))


def _evaluate(_: Handler) -> Handler:
    def evaluate(alarm: dict[str, Any]) -> None:
        with _judging:
            series = values(alarm)
            state = alarm["StateValue"] if series is None else judged(alarm, series)
            if series is not None and state != alarm["StateValue"]:
                _enter(alarm, state, series)

    return evaluate


def _enter(alarm: dict[str, Any], state: str, series: Series) -> None:
    seen = [value for value in series if value is not None][: int(alarm.get("EvaluationPeriods") or 1)]
    reason = (
        f"Threshold Crossed: {len(seen)} datapoints {seen} were judged by {alarm.get('ComparisonOperator')} "
        f"{alarm.get('Threshold')}."
    )
    before = alarm["StateValue"]
    alarm.update(StateValue=state, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _everywhere() -> None:
    for account, region in sorted({scope[:2] for scope, _ in cloudwatch._alarms.all_items()}):
        with request_scope(account, region):
            cloudwatch._evaluate_all_alarms()


def _apply() -> None:
    wrap(cloudwatch, "_evaluate_alarm", _evaluate)
    CLOCK.at_each_tick(_everywhere)


PATCH = Patch("cloudwatch-alarm-evaluation", "an alarm goes off for what another resource measures, or at once", _apply)
