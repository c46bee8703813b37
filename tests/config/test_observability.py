"""Alarms that could never go off, or that nobody would be told of, are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.facts.metrics import METRICS
from config.observability import Channels
from config.problems import dotted
from config.rules.observability import RULES
from tests.config.stackfile import accepted, refused

if TYPE_CHECKING:
    from config.stack import StackConfig

SLOW = "{severity: warning, source: response_time_seconds, threshold: 2, period_seconds: 60, evaluation_periods: 5,"
ROW = "observability.alarms.slow"


def slow(**changes: object) -> tuple[str, str]:
    """Replace values of the row `slow`."""
    fields = {
        "severity": "warning",
        "source": "response_time_seconds",
        "threshold": 2,
        "period_seconds": 60,
        "evaluation_periods": 5,
    } | changes
    return SLOW, "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + ","


def test_more_bad_periods_than_are_looked_at_are_refused() -> None:
    problem = refused(slow(datapoints=6))[f"{ROW}.datapoints"]
    assert (problem.got, problem.allowed) == ("6", "1 to 5, or none for all"), "it could never go off"


@pytest.mark.parametrize(("period", "periods", "most"), [(60, 1440, None), (300, 289, 288), (3600, 169, 168)])
def test_an_alarm_looks_back_no_further_than_cloudwatch_does(period: int, periods: int, most: int | None) -> None:
    found = refused(slow(period_seconds=period, evaluation_periods=periods))
    allowed = found[f"{ROW}.evaluation_periods"].allowed if found else None
    assert allowed == (f"1 to {most}" if most else None), "a day, or a week from periods of an hour"


def test_per_cent_never_pass_a_hundred() -> None:
    found = refused(slow(source="node_cpu_percent", threshold=100))
    assert "could never go off" in found[f"{ROW}.threshold"].what


def test_nothing_is_below_none() -> None:
    found = refused(slow(source="healthy_hosts", threshold=0))
    assert found[f"{ROW}.threshold"].allowed == "more than 0"


def test_free_storage_is_less_than_all_storage() -> None:
    found = refused(slow(source="rds_free_storage_gib", threshold=1024))
    assert "1024 GiB in all" in found[f"{ROW}.threshold"].what, "it would go off at once"


def test_an_unknown_source_is_told_with_those_there_are() -> None:
    found = refused(slow(source="rds_cpu"))
    assert "rds_cpu_percent" in found[f"{ROW}.source"].allowed or "rds_cpu_percent" in found[f"{ROW}.source"].cure


@pytest.mark.parametrize(
    ("swap", "row"),
    [
        (("        pagerduty: {secret_name: phoenix/prod/pagerduty, service_region: us, severities: [critical]}\n", ""),
         "undelivered-pages"),
        (("      chain: # section 5.1", "      unknown: # section 5.1"), "few-validators"),
    ],
)  # fmt: skip
def test_what_an_alarm_watches_is_there(swap: tuple[str, str], row: str) -> None:
    assert "this stack has none" in refused(swap)[f"observability.alarms.{row}.source"].what


def test_a_severity_that_nobody_hears_is_refused() -> None:
    found = refused(("severities: [info]}", "severities: [critical]}"))
    assert "nobody is told what is info" in found["observability.channels"].what


def test_who_hears_what_is_critical_hears_its_details_too() -> None:
    stack = accepted()
    assert stack.observability is not None
    channels = Channels(mail={"platform@phoenix.example": ("critical",)})
    alarms = {"errors": stack.observability.alarms["errors"]}
    alone = stack.observability.model_copy(update={"alarms": alarms, "events": {}, "channels": channels})
    problems = [problem for rule in RULES for problem in rule(stack.model_copy(update={"observability": alone}))]
    assert [problem.what for problem in problems] == ["nobody is told what is warning"], "the page names the alarm only"


def found_in(stack: StackConfig) -> set[str]:
    return {dotted(problem.path) for rule in RULES for problem in rule(stack)}


def test_what_is_measured_in_one_region_is_watched_there_only() -> None:
    stack = accepted()
    moved = stack.model_copy(update={"identity": stack.identity.model_copy(update={"region": "us-west-2"})})
    wanted = {f"observability.alarms.{row}.source" for row in ("region-down", "cdn-errors")}
    assert found_in(moved) == wanted, "CloudFront and Route 53 publish in us-east-1"


def test_what_is_counted_in_the_trail_needs_one() -> None:
    stack = accepted()
    assert stack.observability is not None
    rows = [row for row, alarm in stack.observability.alarms.items() if alarm.source not in METRICS]
    found = found_in(stack.model_copy(update={"audit": None}))
    assert found == {f"observability.alarms.{row}.source" for row in rows}, "every event of the trail, and nothing else"


def test_a_stack_may_do_without_observability() -> None:
    assert found_in(accepted().model_copy(update={"observability": None})) == set()


def test_both_incidents_of_the_document_are_made_of_something() -> None:
    observability = accepted().observability
    assert observability is not None
    critical = {alarm.source for alarm in observability.alarms.values() if alarm.severity == "critical"}
    assert critical & set(METRICS), "service outages"
    assert critical - set(METRICS), "security incidents"
