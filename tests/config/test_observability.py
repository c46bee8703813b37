"""Alarms that could never go off, or that nobody would be notified of, are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from config.facts.metric import Family, Need
from config.facts.metrics import FAMILY_NEEDS, METRICS, Source, needs
from config.observability import Channels
from config.problems import dotted
from config.rules.observability import RULES
from tests.config import containersfile
from tests.config.stackfile import accepted, judged, refused

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


def test_an_unknown_source_is_reported_with_those_there_are() -> None:
    found = refused(slow(source="rds_cpu"))
    assert "rds_cpu_percent" in found[f"{ROW}.source"].allowed or "rds_cpu_percent" in found[f"{ROW}.source"].fix


@pytest.mark.parametrize(
    ("swap", "row"),
    [
        (("        pagerduty: {secret_name: phoenix/prod/pagerduty, service_region: us, severities: [critical]}\n", ""),
         "undelivered-pages"),
    ],
)  # fmt: skip
def test_what_an_alarm_watches_is_there(swap: tuple[str, str], row: str) -> None:
    assert "this stack has none" in refused(swap)[f"observability.alarms.{row}.source"].what


@pytest.mark.parametrize(
    ("changes", "what", "fix"),
    [
        ({"metric": "chain.validator"}, "no such custom metric", "did you mean `chain.validators`?"),
        ({"metric": "orders.placed"}, "no such custom metric", "add it to observability.custom_metrics"),
        ({"source": "nodes"}, "beside a source: an alarm watches one of the two", "drop one of the two"),
        ({"metric": None}, "neither a source nor a metric", "write `source:`, or `metric:` with one of custom_metrics"),
    ],
)
def test_an_alarm_watches_a_source_or_a_custom_metric_that_there_is(
    changes: dict[str, str | None], what: str, fix: str
) -> None:
    row = {"severity": "critical", "metric": "chain.validators", "threshold": 5, "period_seconds": 60}
    changed = {key: value for key, value in (row | changes).items() if value is not None} | {"evaluation_periods": 3}
    spelt = ", ".join(f"{key}: {value}" for key, value in changed.items())
    line = "{severity: critical, metric: chain.validators, threshold: 5, period_seconds: 60, evaluation_periods: 3, "
    found = refused((line, f"{{{spelt}, "))
    problem = found["observability.alarms.few-validators.metric"]
    assert (problem.what, problem.fix) == (what, fix)
    assert problem.line is not None


@pytest.mark.parametrize(
    ("metric", "threshold"),
    [
        ({"comparison": "LessThanThreshold"}, 0),
        ({"unit": "percent"}, 100),
    ],
)
def test_a_threshold_of_a_custom_metric_that_nothing_passes_is_refused(metric: dict[str, str], threshold: int) -> None:
    path = "observability.custom_metrics.chain.metrics.validators"
    plain = {"name": "ActiveValidators", "title": "Active validators", "statistic": "Minimum"}
    row = "observability.alarms.few-validators.threshold"
    assert judged({path: plain | metric, row: threshold}) == {row}
    assert judged({path: plain | metric, row: 5}) == set()


TAKEN_AWAY: dict[Need, dict[str, object]] = {
    "cluster": {"cluster": None},
    "postgres": {"data.postgres": None},
    "redis": {"data.redis": None},
    "edge": {"edge": None},
    "cloudfront": {"edge.cdn": None},
    "read_replicas": {"data.postgres.replicas": {}},
    "cache_replicas": {"data.redis.replicas_per_shard": 0},
    "nat_gateways": {"network.nat": "none"},
    "pagerduty": {"observability.channels.pagerduty": None},
    "trail": {"audit.trail": None},
    "agents": {"cluster.addons": {"vpc-cni": {"version": "v1.22.4-eksbuild.3"}}},
    "containers": {"containers": None},
    "kept_services": {
        f"containers.services.{one}.scaling": {"min": 0, "max": 3, "cpu_percent": 50} for one in ("web", "live")
    },
    "targets": {
        "instances.render.target": None,
        **{f"containers.services.{one}.target": None for one in ("web", "live")},
    },
    "instances": {"instances": None},
    "functions": {"functions": None},
    "failures": {
        **{f"functions.tidy.{one}": None for one in ("failures", "schedules", "stream")},
        **{f"functions.tally.{one}": None for one in ("failures", "topic")},
        "streaming.functions": False,
    },
    "topic_readers": {"functions.tally.topic": None, "streaming.functions": False},
    "streams": {"functions.tidy.stream": None},
    "queues": {"messaging": None},
    "tables": {"data.tables": {}},
    "table_replicas": {"data.tables.sessions.replica_regions": ()},
    "api": {"api": None},
    "sockets": {"sockets": None},
    "streaming": {"streaming": None},
    "broker_metrics": {"streaming.monitoring.level": "DEFAULT"},
}
"""Need -> what takes it away from prod with containers."""
SOURCES: tuple[Source, ...] = get_args(Source)
EVERYTHING: dict[str, object] = {
    f"observability.alarms.watched-{at}": {
        "severity": "warning",
        "source": source,
        "threshold": 1,
        "period_seconds": 60,
        "evaluation_periods": 1,
    }
    for at, source in enumerate(SOURCES)
}
"""A row more for each source, with a threshold that fits any."""


WITHIN: dict[Need, tuple[Need, ...]] = {
    "edge": ("cloudfront",),
    "postgres": ("read_replicas",),
    "containers": ("kept_services",),
    "functions": ("failures", "streams", "topic_readers"),
    "failures": ("streams", "topic_readers"),
    "tables": ("table_replicas",),
    "streaming": ("broker_metrics",),
}
"""Need -> what goes with it."""


def unpublished(changes: dict[str, object]) -> set[Source]:
    """Return the sources that prod with containers refuses to watch after a change; None = left out."""
    given = {path: containersfile.GONE if value is None else value for path, value in (EVERYTHING | changes).items()}
    found = containersfile.refused(given)
    return {source for at, source in enumerate(SOURCES) if f"observability.alarms.watched-{at}.source" in found}


def test_prod_has_everything_that_can_be_watched() -> None:
    assert unpublished({}) == set()


@pytest.mark.parametrize("need", get_args(Need))
def test_an_alarm_is_refused_wherever_nobody_would_publish_its_metric(need: Need) -> None:
    wanted = {source for source in SOURCES if need in needs(source)}
    wanted |= {source for source in SOURCES for one in WITHIN.get(need, ()) if one in needs(source)}
    assert unpublished(TAKEN_AWAY[need]) == wanted, "it would be INSUFFICIENT_DATA for ever"


@pytest.mark.parametrize("source", get_args(Source))
def test_what_aws_does_not_publish_by_itself_needs_something(source: Source) -> None:
    fact = METRICS.get(source)
    assert needs(source) or (fact is not None and fact.namespace.startswith("AWS/"))


def test_every_need_is_one_of_a_source_and_every_family_says_its_needs() -> None:
    assert {need for source in get_args(Source) for need in needs(source)} == set(get_args(Need)) == set(TAKEN_AWAY)
    assert set(FAMILY_NEEDS) == set(get_args(Family))


def test_a_missing_agent_is_reported_with_the_line_of_the_alarm_and_what_to_add() -> None:
    addon = "        amazon-cloudwatch-observability: {version: v5.4.0-eksbuild.1}"
    found = refused((addon, "        # none: {}"))
    reported = {path for path, problem in found.items() if "cluster.addons" in problem.fix}
    rows = ("node-cpu", "node-memory", "node-disk", "failed-nodes", "few-nodes", "application-errors")
    assert reported == {f"observability.alarms.{row}.source" for row in rows}, "all of them at once"
    assert all(problem.line for problem in found.values())


def test_a_severity_that_nobody_hears_is_refused() -> None:
    found = refused(("severities: [info]}", "severities: [critical]}"))
    assert "no channel takes info" in found["observability.channels"].what


def test_who_hears_what_is_critical_hears_its_details_too() -> None:
    stack = accepted()
    assert stack.observability is not None
    channels = Channels(mail={"platform@phoenix.example": ("critical",)})
    alarms = {"errors": stack.observability.alarms["errors"]}
    alone = stack.observability.model_copy(update={"alarms": alarms, "events": {}, "channels": channels})
    problems = [problem for rule in RULES for problem in rule(stack.model_copy(update={"observability": alone}))]
    assert [problem.what for problem in problems] == ["no channel takes warning"], "the page names the alarm only"


def found_in(stack: StackConfig) -> set[str]:
    return {dotted(problem.path) for rule in RULES for problem in rule(stack)}


def identified(**changes: str) -> StackConfig:
    stack = accepted()
    return stack.model_copy(update={"identity": stack.identity.model_copy(update=changes)})


def test_a_primary_anywhere_watches_what_is_measured_in_us_east_1() -> None:
    assert found_in(identified(region="us-west-2")) == set(), "by a provider and topics there"


def test_a_standby_has_no_topics_where_cloudfront_and_route_53_publish() -> None:
    wanted = {f"observability.alarms.{row}.source" for row in ("region-down", "cdn-errors")}
    assert found_in(identified(region="us-west-2", role="standby")) == wanted


def test_no_function_of_an_opt_in_region_is_paged_from_us_east_1() -> None:
    found = found_in(identified(region="eu-south-2"))
    assert found == {"observability.alarms.region-down.severity"}, "the warning on CloudFront's errors pages nobody"


def test_what_is_counted_in_the_trail_needs_one() -> None:
    stack = accepted()
    assert stack.observability is not None
    alarms = stack.observability.alarms.items()
    rows = [row for row, alarm in alarms if alarm.source is not None and alarm.source not in METRICS]
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
