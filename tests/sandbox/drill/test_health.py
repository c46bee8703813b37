"""A health check changes its state after its own number of results in a row, and not before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.drill.health import Health, HealthCheck
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


def test_the_interval_begins_with_the_answer() -> None:
    now = [100.0]

    def slow(_: HealthCheck) -> bool:
        now[0] += 4.0
        return True

    probe = Probe(HealthCheck("hc", "host", "/", 10, 3), slow, begin=100.0)
    probe.step(lambda: now[0])
    assert probe.due == 114.0, "a late request is never followed by two at once"


def test_a_listed_health_check_is_read_with_its_own_numbers() -> None:
    assert HealthCheck.read(LISTED) == HealthCheck("hc-1", "alb.example", "/healthz", 10.0, 3)


@pytest.mark.parametrize("config", [{"Type": "CALCULATED"}, {"Inverted": True}, {"Disabled": True}])
def test_a_kind_that_is_judged_otherwise_is_refused(config: dict[str, object]) -> None:
    said = LISTED | {"HealthCheckConfig": LISTED["HealthCheckConfig"] | config}  # type: ignore[operator] # sample data
    with pytest.raises(ValueError, match="hc-1: type"):
        HealthCheck.read(said)
