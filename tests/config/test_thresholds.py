"""Thresholds that nothing passes, or that are passed from the start, are refused on each thing that is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.ceilings import CEILINGS, connections, nodes
from config.facts.metrics import METRICS, Source
from tests.config import containersfile
from tests.config.stackfile import accepted, judged, refused

if TYPE_CHECKING:
    from config.data import Postgres

WATCHED = "observability.alarms.watched"
ROW = "{severity: warning, source: rds_connections_percent, threshold: 80, period_seconds: 60, evaluation_periods: 5}"


def watching(source: Source, threshold: float, **changes: object) -> set[str]:
    """Judge prod with a row more."""
    row = {"severity": "warning", "threshold": threshold, "period_seconds": 60, "evaluation_periods": 1}
    return judged({WATCHED: row | {"source": source}} | {path.replace("__", "."): one for path, one in changes.items()})


def postgres(**changes: object) -> Postgres:
    return accepted().data.postgres.model_copy(update=changes)


BOUNDS: tuple[tuple[Source, float, float], ...] = (
    ("rds_connections", 3243, 3244),
    ("rds_free_memory_gib", 31, 32),
    ("rds_free_storage_gib", 1023, 1024),
    ("redis_connections", 64_999, 65_000),
    ("nodes", 18, 19),
    ("failed_nodes", 88, 89),
    ("health_check", 1, 1.5),
    ("healthy_hosts", 480, 481),
    ("unhealthy_hosts", 479, 480),
    ("response_time_seconds", 74, 75),
    ("rds_cpu_percent", 99, 100),
    ("rds_connections_percent", 99, 100),
    ("healthy_hosts", 1, 0),
    ("nodes", 1, 0),
)
"""Source, a threshold that fits prod, and the next that nothing passes, or that is passed at once."""


OF_SERVICES: tuple[tuple[Source, float, float], ...] = (
    ("service_tasks", 2, 3),
    ("service_unhealthy_targets", 1, 2),
    ("instances_in_service", 2, 3),
    ("queue_oldest_seconds", 345_599, 345_600),
    ("service_cpu_percent", 99, 100),
    ("api_5xx_percent", 99, 100),
    ("api_latency_ms", 29_999, 30_000),
)
"""The same of a stack with containers."""


def rows(thresholds: list[float]) -> set[str]:
    """Judge prod with a row more for each of the bounds."""
    row = {"severity": "warning", "period_seconds": 60, "evaluation_periods": 1}
    added = {
        f"{WATCHED}-{at}": row | {"source": BOUNDS[at][0], "threshold": threshold}
        for at, threshold in enumerate(thresholds)
    }
    return judged(added)


def test_thresholds_that_can_be_passed_are_accepted() -> None:
    assert rows([fits for _, fits, _ in BOUNDS]) == set()


def test_a_threshold_that_nothing_passes_or_that_is_passed_at_once_is_refused() -> None:
    found = rows([too_far for _, _, too_far in BOUNDS])
    assert found == {f"{WATCHED}-{at}.threshold" for at in range(len(BOUNDS))}


@pytest.mark.parametrize(("source", "fits", "too_far"), OF_SERVICES)
def test_a_threshold_on_services_is_held_to_the_one_that_has_least(source: Source, fits: float, too_far: float) -> None:
    row = {"severity": "warning", "source": source, "period_seconds": 60, "evaluation_periods": 1}
    assert containersfile.refused({WATCHED: {**row, "threshold": fits}}) == {}
    assert set(containersfile.refused({WATCHED: {**row, "threshold": too_far}})) == {f"{WATCHED}.threshold"}


def test_every_source_with_a_bound_is_tried_above() -> None:
    assert set(CEILINGS) <= {source for source, _, _ in (*BOUNDS, *OF_SERVICES)}
    assert all(METRICS[source].unit != "percent" for source in CEILINGS), "per cent have the bound 100"


def test_the_documents_absolute_threshold_cannot_be_passed_on_the_readers() -> None:
    found = refused((ROW, ROW.replace("_percent, threshold: 80", ", threshold: 4000")))
    problem = found["observability.alarms.database-connections.threshold"]
    assert "reader-b (db.r5.xlarge) takes 3244 connections for certain: it could never go off" in problem.what
    assert problem.allowed == "below 3244"


@pytest.mark.parametrize(
    ("class_", "most"),
    [
        ("db.t3.micro", 56),
        ("db.t3.medium", 394),
        ("db.r5.large", 1622),
        ("db.r5.xlarge", 3244),
        ("db.r5.2xlarge", 5000),
        ("db.r5.24xlarge", 5000),
    ],
)
def test_a_database_takes_connections_by_its_memory(class_: str, most: int) -> None:
    assert connections(postgres(instance_class=class_, replicas={})) == {"primary": most}


def test_a_number_in_the_parameters_is_every_databases_own() -> None:
    given = {"max_connections": "1000"}
    own = connections(postgres(parameters=given))
    assert own == {"primary": 1000, "reader-b": 1000, "reader-c": 1000}
    fewer = {"data__postgres__parameters": given, "kubernetes__pgbouncer__pool_size": 50}
    assert watching("rds_connections", 999, **fewer) == set()
    assert watching("rds_connections", 1000, **fewer) == {f"{WATCHED}.threshold"}


def test_a_share_of_a_formula_is_refused() -> None:
    formula = {"max_connections": "GREATEST({DBInstanceClassMemory/9531392},100)"}
    assert connections(postgres(parameters=formula)) == {}
    assert "observability.alarms.database-connections.source" in judged({"data.postgres.parameters": formula})


@pytest.mark.parametrize("node", ["cache.t4g.micro", "cache.t3.micro"])
def test_the_smallest_cache_nodes_take_fewer_connections(node: str) -> None:
    most = 20_000 if node == "cache.t4g.micro" else 65_000
    changes = {"data__redis__node_type": node}
    assert watching("redis_connections", most - 1, **changes) == set()
    assert watching("redis_connections", most, **changes) == {f"{WATCHED}.threshold"}


def test_groups_are_counted_in_all_their_zones() -> None:
    assert (nodes(accepted(), "desired"), nodes(accepted(), "max")) == (9 + 2 + 5 + 2, 60 + 10 + 15 + 4)


def test_without_a_bound_in_the_file_there_is_none() -> None:
    assert watching("redis_evictions", 10**9) == set(), "nothing bounds a count of evictions"
