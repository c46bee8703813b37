"""What was measured of a service is the time until the last thing that it waits for was done."""

from __future__ import annotations

from typing import Any

from sandbox.drill import spans


def _event(at: int, kind: str, token: str, operation: str = "update") -> dict[str, Any]:
    return {"timestamp": at, kind: {"metadata": {"type": token, "op": operation}}}


RDS, EKS, CALL = spans.MADE_BY
EVENTS = [
    {"timestamp": 100, "preludeEvent": {}},
    _event(103, "resourcePreEvent", RDS),
    _event(105, "resOutputsEvent", EKS),
    _event(109, "resOutputsEvent", EKS),
    _event(150, "resOutputsEvent", EKS, "same"),
    _event(163, "resOutputsEvent", RDS),
    _event(170, "resOutputsEvent", CALL),
    {"timestamp": 171, "summaryEvent": {}},
]


def test_the_last_operation_counts_and_what_stayed_does_not() -> None:
    assert spans.ready(EVENTS) == {"cluster": 9.0, "postgres": 63.0, "redis": 70.0, "secrets": 70.0}


def test_a_recovery_is_counted_from_the_loss() -> None:
    found = spans.recovered({"lost": 10.0, "traffic": 40.0}, 60.0, {"postgres": 63.0})
    assert found == {"buckets": 30.0, "images": 30.0, "postgres": 113.0, "system": 113.0}


def test_a_drill_that_ended_before_its_failover_measured_nothing() -> None:
    assert spans.recovered({"lost": 10.0}, 60.0, {}) == {}
