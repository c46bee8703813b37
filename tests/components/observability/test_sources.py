from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from components.observability.sources import WHOLE, custom_series, series_of
from components.observability.trail import PATTERNS
from config.facts.metrics import METRICS, MetricSource, Source, TrailEvent
from tests.components.observability.watched import EDGE, subjects


def test_every_source_of_the_stack_file_has_a_metric_or_a_pattern() -> None:
    assert set(METRICS) == set(get_args(MetricSource)), "a source without a metric cannot be followed"
    assert set(PATTERNS) == set(get_args(TrailEvent)), "an event without a pattern is never counted"


@pytest.mark.parametrize("source", get_args(Source))
def test_every_source_can_be_followed_where_there_is_everything(source: Source) -> None:
    found = series_of(source, subjects())
    assert found, "a source that follows nothing is no alarm"
    for series in found.values():
        assert all(metric.namespace and metric.name for metric in series.metrics), "CloudWatch wants both"


@pytest.mark.parametrize("event", get_args(TrailEvent))
def test_a_pattern_is_short_enough_and_closed(event: TrailEvent) -> None:
    pattern = PATTERNS[event]
    assert len(pattern) <= 1024, "PutMetricFilter takes no longer ones"
    assert (pattern[0], pattern[-1]) == ("{", "}"), "a pattern on JSON stands in braces"
    assert pattern.count("(") == pattern.count(")"), "what is opened is closed"


def test_a_database_source_is_followed_on_each_instance() -> None:
    found = series_of("rds_cpu_percent", subjects())
    dimensions = {name: series.metrics[0].dimensions for name, series in found.items()}
    assert dimensions == {
        "primary": {"DBInstanceIdentifier": "db"},
        "reader-b": {"DBInstanceIdentifier": "db-reader-b"},
    }, "one alarm each, or a mean hides the one that suffers"


def test_replication_lag_is_followed_on_replicas_only() -> None:
    assert set(series_of("rds_replica_lag_seconds", subjects())) == {"reader-b"}, "a primary lags behind nobody"


def test_a_shard_is_as_bad_as_its_worst_node() -> None:
    series = series_of("redis_memory_percent", subjects())["0001"]
    assert series.expression == "MAX(METRICS())", "a mean would hide the node that is full"
    nodes = [metric.dimensions["CacheClusterId"] for metric in series.metrics]
    assert nodes == ["cache-0001-001", "cache-0001-002"], "every node of the shard"


def test_a_shard_without_replicas_needs_no_arithmetic() -> None:
    found = series_of("redis_memory_percent", subjects(shards={"0001": ("cache-0001-001",)}))
    assert found["0001"].expression == "", "one metric is what it is"


def test_a_service_is_followed_by_the_names_of_its_cluster_and_its_own() -> None:
    found = series_of("service_cpu_percent", subjects())
    assert {name: series.metrics[0].dimensions for name, series in found.items()} == {
        name: {"ClusterName": "shop", "ServiceName": name} for name in ("web", "worker")
    }
    assert set(series_of("service_tasks", subjects())) == {"web"}, "none is no alarm where none is meant to run"
    targets = series_of("service_target_errors", subjects())
    assert {name: series.metrics[0].dimensions for name, series in targets.items()} == {
        "web": {"LoadBalancer": "app/alb/1", "TargetGroup": "targetgroup/web/3"}
    }, "only what the load balancer sends requests to"


def test_dead_letters_are_followed_in_their_own_queue() -> None:
    (series,) = series_of("queue_dead_letters", subjects()).values()
    assert series.metrics[0].dimensions == {"QueueName": "videos-dead-letters-2"}


def test_errors_are_counted_as_none_where_the_load_balancer_publishes_none() -> None:
    series = series_of("error_percent", subjects())[WHOLE]
    assert series.expression == "100*(FILL(m1,0)+FILL(m2,0))/m3", "without FILL one missing count hides the other"
    assert [metric.name for metric in series.metrics][2] == "RequestCount", "of all requests"


@pytest.mark.parametrize(
    ("source", "without"),
    [
        ("error_percent", {"edge": None}),
        ("rds_replica_lag_seconds", {"databases": {"primary": "db"}}),
        ("undelivered_pages", {"dead_letters": None}),
        ("nat_errors", {"nat_gateways": {}}),
        ("root_use", {"trail": False}),
        ("service_cpu_percent", {"services": ()}),
        ("service_tasks", {"kept_services": ()}),
        ("queue_oldest_seconds", {"queues": {}}),
    ],
)
def test_a_source_without_a_subject_is_refused(source: Source, without: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=rf"source {source} .* this stack has none"):
        series_of(source, subjects(**without))


def test_a_custom_metric_has_the_cluster_beside_its_own_dimensions() -> None:
    series = custom_series("shop.orders", subjects())
    (metric,) = series.metrics
    assert (metric.namespace, metric.name) == ("Shop/Orders", "OrdersPlaced")
    assert metric.dimensions == {"ClusterName": "phoenix-prod", "Channel": "web"}
    assert (series.statistic, series.low) == ("Sum", True)


@pytest.mark.parametrize("without", [{"custom": {}}, {"cluster": None}])
def test_a_custom_metric_that_nobody_publishes_is_refused(without: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"metric shop\.orders is published on the cluster, and nothing"):
        custom_series("shop.orders", subjects(**without))


def test_a_standby_has_no_distribution_to_follow() -> None:
    with pytest.raises(ValueError, match="distribution"):
        series_of("cdn_error_percent", subjects(edge=replace(EDGE, distribution=None)))


def test_a_share_is_of_what_each_database_takes() -> None:
    found = series_of("rds_connections_percent", subjects())
    assert {name: series.whole for name, series in found.items()} == {"primary": 5000, "reader-b": 3000}
    assert all(series.whole == 0 for series in series_of("rds_connections", subjects()).values())
