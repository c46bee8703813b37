"""What a run measured is counted rightly, and held against what the stack file promises."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import load_file, stack_file
from sandbox.drill.checks import failed
from sandbox.load import objectives
from sandbox.load.figures import Requests, Run, Sample, Tasks, percentile
from sandbox.load.profiles import DEFAULT, PROFILES, Profile, refusal

if TYPE_CHECKING:
    from config.stack import StackConfig

COUNTED = st.dictionaries(st.floats(0, 1e6), st.integers(1, 50), min_size=1, max_size=20)


@given(counted=COUNTED, percent=st.floats(0.1, 100))
def test_a_percentile_is_a_value_that_so_many_are_not_above_and_fewer_are_below(
    counted: dict[float, int], percent: float
) -> None:
    found, total = percentile(counted, percent), sum(counted.values())
    assert found in counted
    assert sum(times for value, times in counted.items() if value <= found) >= total * percent / 100
    assert sum(times for value, times in counted.items() if value < found) < total * percent / 100


def test_percentiles_of_known_numbers() -> None:
    hundred = {float(value): 1 for value in range(1, 101)}
    assert [percentile(hundred, percent) for percent in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert percentile({}, 50) == 0


def entry(**said: object) -> dict[str, Any]:
    """One of locust's."""
    return {
        "name": "POST /tasks",
        "num_requests": 10,
        "num_failures": 1,
        "response_times": {"10": 8, "250": 2},
        "max_response_time": 251.25,
        "start_time": 1000.0,
        "last_request_timestamp": 1005.0,
        **said,
    }


def test_an_entry_of_locust_is_read() -> None:
    found = Requests.of(entry())
    assert (found.count, found.failures, found.per_second) == (10, 1, 2.0)
    assert found.milliseconds == {"p50": 10, "p95": 250, "p99": 250, "max": 251.2}
    nothing = Requests.of(entry(num_requests=0, response_times={}, max_response_time=None, last_request_timestamp=None))
    assert (nothing.per_second, nothing.milliseconds["max"]) == (0, 0)


def rows(*ended: tuple[str, str, int, int]) -> dict[str, dict[str, Any]]:
    return {one: {"state": state, "created": str(begun), "updated": str(end)} for one, state, begun, end in ended}


def test_tasks_are_counted_once_and_those_that_nobody_knows_are_lost() -> None:
    known = rows(("a", "done", 100, 110), ("b", "done", 100, 130), ("c", "failed", 100, 900), ("z", "done", 0, 9))
    found = Tasks.of(["a", "b", "a", "c", "x"], known)
    assert (found.submitted, found.done, found.lost, found.states) == (4, 2, ["x"], {"done": 2, "failed": 1})
    assert (found.per_minute, found.seconds) == (4.0, {"p50": 10, "p95": 30, "p99": 30, "max": 30})
    nothing = Tasks.of([], {})
    assert (nothing.submitted, nothing.per_minute, nothing.seconds["max"]) == (0, 0, 0)


@pytest.fixture(scope="module")
def settings() -> StackConfig:
    return load_file(stack_file("agents"))


GOOD = Run(
    requests=[Requests.of(entry(num_failures=0))],
    tasks=Tasks.of(["a", "b"], rows(("a", "done", 100, 110), ("b", "done", 100, 130))),
    samples=[Sample(0, 0, 0), Sample(2, 3, 2)],
    artifacts=2,
    dead_letters=0,
    forward_seconds=180,
)


def test_a_good_run_meets_each_objective(settings: StackConfig) -> None:
    assert failed(objectives.checks(settings, GOOD)) == []
    assert (GOOD.most_agents, GOOD.longest_seconds) == (3, 210)


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"tasks": Tasks.of([], {}), "artifacts": 0}, "tasks are submitted"),
        ({"requests": [Requests.of(entry())]}, "requests that failed"),
        ({"tasks": Tasks.of(["a", "b", "x"], rows(("a", "done", 1, 2), ("b", "done", 1, 2)))}, "tasks that are done"),
        ({"artifacts": 3}, "artifacts, one a task"),
        ({"dead_letters": 1}, "dead letters"),
        ({"forward_seconds": 571}, "the longest wait"),
        ({"samples": [Sample(0, 0, 9)]}, "agents wanted"),
        ({"samples": [Sample(0, 21, 9)]}, "agents wanted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_objective_can_be_missed_by_itself(change: dict[str, Any], missed: str, settings: StackConfig) -> None:
    (wrong,) = failed(objectives.checks(settings, replace(GOOD, **change)))
    assert wrong.name.startswith(missed)


def test_objectives_are_the_stack_files_own(settings: StackConfig) -> None:
    said = {check.name: check.expected for check in objectives.checks(settings, GOOD)}
    assert said["the longest wait for an answer (scaling.backlog.latency_seconds)"] == "600 s at most"
    assert said["agents wanted (scaling.max)"] == "1 to 20"


def test_a_stack_without_agents_has_no_objectives() -> None:
    with pytest.raises(ValueError, match="no service of agents"):
        objectives.checks(load_file(stack_file("small")), GOOD)


def test_profiles_stay_below_what_the_api_takes(settings: StackConfig) -> None:
    assert [name for name, one in PROFILES.items() if refusal(one, settings)] == []
    assert DEFAULT in PROFILES
    many = Profile(users=51, spawn_rate=1, seconds=1, pause_seconds=1.0, agents=1)
    assert refusal(many, settings) == "51 users ask 51 times a second at most, and api.throttling.rate is 50"
