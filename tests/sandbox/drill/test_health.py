"""A health check changes its state after its own number of results in a row, and not before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.drill.health import Calculated, Health, HealthCheck, read
from sandbox.drill.prober import Probe

RESULTS = st.lists(st.booleans(), max_size=60)
THRESHOLDS = st.integers(1, 10)

LISTED = {
    "Id": "hc-1",
    "HealthCheckConfig": {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": "ALB.example.",
        "ResourcePath": "/healthz",
        "RequestInterval": 10,
        "FailureThreshold": 3,
    },
}


def _states(threshold: int, results: list[bool]) -> list[bool]:
    health = Health(threshold)
    states = []
    for passed in results:
        health.observe(passed=passed)
        states.append(health.healthy)
    return states


@given(threshold=THRESHOLDS, results=RESULTS)
def test_a_state_is_that_of_the_last_run_as_long_as_the_threshold(threshold: int, results: list[bool]) -> None:
    expected, run = True, 0
    for position, passed in enumerate(results):
        run = run + 1 if position and results[position - 1] == passed else 1
        expected = passed if run >= threshold else expected
        assert _states(threshold, results[: position + 1])[-1] == expected, (
            "runs shorter than the threshold change nothing"
        )


@given(threshold=st.integers(2, 10), results=RESULTS)
def test_flapping_never_changes_a_state(threshold: int, results: list[bool]) -> None:
    flapping = [False, True] * len(results)
    assert all(_states(threshold, flapping)), "one failure at a time is not the loss of an endpoint"


@given(threshold=THRESHOLDS, interval=st.floats(0.1, 60), lost_at=st.floats(0, 1000), offset=st.floats(0, 60))
def test_a_loss_is_noticed_within_threshold_times_interval(
    threshold: int, interval: float, lost_at: float, offset: float
) -> None:
    check = HealthCheck("hc", "host", "/", interval, threshold)
    now = [0.0]
    probe = Probe(check, lambda _: now[0] < lost_at, begin=offset)
    while probe.health.healthy:
        now[0] = probe.due
        change = probe.step(lambda: now[0])
    assert change is not None
    assert not change.healthy, "what is lost becomes unhealthy"
    taken = change.at - max(lost_at, offset)
    slack = 1e-6 * max(1.0, change.at)
    assert (threshold - 1) * interval - slack <= taken, "no earlier than its threshold of requests takes"
    assert taken <= check.slowest_detection_seconds + slack, "no later than that and the wait for the first of them"


@given(threshold=THRESHOLDS, results=RESULTS)
def test_an_inverted_check_is_always_what_the_other_is_not(threshold: int, results: list[bool]) -> None:
    plain, inverted = Health(threshold), Health(threshold, inverted=True)
    assert not inverted.healthy, "a new one counts as unhealthy"
    for passed in results:
        assert plain.observe(passed=passed) == inverted.observe(passed=passed), "both change at the same answer"
        assert inverted.healthy != plain.healthy


def test_an_endpoint_that_never_answers_makes_an_inverted_check_healthy() -> None:
    health = Health(3, inverted=True)
    changes = [health.observe(passed=False) for _ in range(5)]
    assert changes == [False, False, True, False, False], "after its threshold of failures, as without a standby"
    assert health.healthy


@given(states=st.dictionaries(st.text("abc", min_size=1), st.booleans(), max_size=6), threshold=st.integers(0, 7))
def test_a_calculated_check_counts_its_children(states: dict[str, bool], threshold: int) -> None:
    check = Calculated("hc", tuple(states), threshold)
    assert check.healthy(states | {"other": True}) == (list(states.values()).count(True) >= threshold)


@given(states=st.lists(st.booleans(), min_size=1, max_size=6))
def test_a_check_that_needs_all_of_its_children_is_never_healthier_than_the_worst(states: list[bool]) -> None:
    known = {str(number): state for number, state in enumerate(states)}
    assert Calculated("hc", tuple(known), len(known)).healthy(known) == all(states)


def test_the_interval_begins_with_the_answer() -> None:
    now = [100.0]

    def slow(_: HealthCheck) -> bool:
        now[0] += 4.0
        return True

    probe = Probe(HealthCheck("hc", "host", "/", 10, 3), slow, begin=100.0)
    probe.step(lambda: now[0])
    assert probe.due == 114.0, "a late request is never followed by two at once"


def _listed(**config: object) -> dict[str, object]:
    return LISTED | {"HealthCheckConfig": LISTED["HealthCheckConfig"] | config}  # type: ignore[operator] # sample data


def test_a_listed_health_check_is_read_with_its_own_numbers() -> None:
    plain = HealthCheck("hc-1", "alb.example", "/healthz", 10.0, 3)
    assert read(LISTED) == plain
    assert read(_listed(Inverted=True)) == replace(plain, inverted=True)


def test_a_listed_calculated_check_is_read_with_its_children() -> None:
    config = {"Type": "CALCULATED", "ChildHealthChecks": ["hc-1", "hc-2"], "HealthThreshold": 2}
    assert read({"Id": "hc-3", "HealthCheckConfig": config}) == Calculated("hc-3", ("hc-1", "hc-2"), 2)


@pytest.mark.parametrize(
    "config",
    [{"Type": "TCP"}, {"Type": "HTTPS_STR_MATCH"}, {"Disabled": True}, {"Type": "CALCULATED", "Inverted": True}],
)
def test_a_kind_that_is_judged_otherwise_is_refused(config: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="hc-1: type"):
        read(_listed(**config))
