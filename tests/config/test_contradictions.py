"""Services, queues, edge: settings of several sections that contradict each other, and settings that do nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.facts.fargate import ALARM_SECONDS
from config.room import other_addresses, smallest
from config.routing import covers
from tests.config.containersfile import SECTIONS, WHOLE, accepted, refused

SERVICES = "containers.services"
WEB, LIVE, WORKER = (f"{SERVICES}.{name}" for name in ("web", "live", "worker"))
QUEUE = "messaging.queues.videos"
BUCKET = "edge.cdn.buckets.static-assets"
SIX = "0 {} ? * MON-FRI *"


def planned(*bounds: tuple[int, int], at: tuple[int, ...] | None = None) -> dict[str, Any]:
    """Return planned changes of bounds, an hour apart or at given hours."""
    hours = at or tuple(range(len(bounds)))
    return {
        f"change-{place}": {"recurrence": SIX.format(hour), "min": least, "max": most}
        for place, (hour, (least, most)) in enumerate(zip(hours, bounds, strict=True))
    }


@given(fewest=st.lists(st.integers(0, 3), min_size=1, max_size=4), backlog=st.booleans())
def test_a_plan_that_ends_all_tasks_starts_some_again(fewest: list[int], *, backlog: bool) -> None:
    service = WORKER if backlog else WEB
    changes = planned(*((least, max(least, 1)) for least in fewest))
    found = refused({f"{WEB}.always_running": 0, f"{service}.scaling.scheduled": changes})
    dead = not any(fewest) and not backlog
    assert any(path.startswith(f"{service}.scaling.scheduled") for path in found) is dead


@pytest.mark.parametrize("bounds", [[(0, 0)], [(0, 0), (0, 0)]])
def test_a_plan_without_any_task_is_refused_until_one_raises_it(bounds: list[tuple[int, int]]) -> None:
    assert f"{WORKER}.scaling.scheduled.change-0.max" in refused({f"{WORKER}.scaling.scheduled": planned(*bounds)})
    assert refused({f"{WORKER}.scaling.scheduled": planned(*bounds, (0, 4))}) == {}
    assert f"{WORKER}.scaling.max" in refused({f"{WORKER}.scaling.max": 0})


@given(st.lists(st.integers(0, 5), min_size=2, max_size=4))
def test_no_two_changes_come_at_one_time(hours: list[int]) -> None:
    changes = planned(*[(4, 12)] * len(hours), at=tuple(hours))
    found = refused({f"{WEB}.scaling.scheduled": changes})
    assert len(found) == len(hours) - len(set(hours))


@given(wait=st.integers(90, 600), mean=st.integers(1, 89), least=st.integers(0, 2))
def test_a_wait_leaves_time_to_start_the_first_task(wait: int, mean: int, least: int) -> None:
    at = f"{WORKER}.scaling.backlog"
    found = refused(
        {
            f"{at}.latency_seconds": wait,
            f"{at}.seconds_per_message": mean,
            f"{WORKER}.scaling.min": least,
            f"{WORKER}.desired": least,
        }
    )
    assert (f"{at}.latency_seconds" in found) is (least == 0 and wait < ALARM_SECONDS + mean)


@pytest.mark.parametrize("seconds", [0, 60, 119, 120, 3600])
def test_steps_up_wait_until_the_count_shows_the_last_one(seconds: int) -> None:
    assert (f"{WORKER}.scaling.scale_out_seconds" in refused({f"{WORKER}.scaling.scale_out_seconds": seconds})) is (
        seconds < 120
    )
    assert refused({f"{WEB}.scaling.scale_out_seconds": seconds}) == {}, "CPU is measured in time"


def test_one_service_scales_on_a_queue() -> None:
    other = {**SECTIONS["containers"]["services"]["worker"]}
    assert set(refused({f"{SERVICES}.another": other})) == {f"{SERVICES}.another.scaling.backlog.queue"}


@pytest.mark.parametrize(("receives", "spot"), [(1, 1), (2, 1), (1, 0)])
def test_an_interruption_is_no_dead_letter(receives: int, spot: int) -> None:
    found = refused(
        {f"{QUEUE}.max_receives": receives, f"{WORKER}.capacity": {"fargate_weight": 1, "spot_weight": spot}}
    )
    assert (f"{QUEUE}.max_receives" in found) is (receives == 1 and spot == 1)


@pytest.mark.parametrize("part", ["environment", "secrets"])
@pytest.mark.parametrize(
    "name",
    [
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_EXECUTION_ENV",
        "ECS_AGENT_URI",
        "ECS_CONTAINER_METADATA_URI_V4",
    ],
)
def test_what_ecs_sets_in_containers_is_its_own(part: str, name: str) -> None:
    value: Any = "somewhere" if part == "environment" else {"of": "redis"}
    assert f"{LIVE}.task.{part}.{name}" in refused({f"{LIVE}.task.{part}": {name: value}})
    assert refused({f"{LIVE}.task.{part}": {f"MY_{name}": value}}) == {}


PARTS = st.lists(st.sampled_from(["static", "live", "a", "*"]), min_size=1, max_size=3).map(
    lambda parts: "/" + "/".join(parts)
)


@given(PARTS, PARTS)
def test_no_path_of_a_service_is_one_that_cloudfront_answers(own: str, cached: str) -> None:
    if own == "/*" or cached == "/*":
        return
    name = next(iter(WHOLE["edge"]["cdn"]["buckets"]["static-assets"]["paths"]))
    found = refused({f"{BUCKET}.paths.{name}.path": cached, f"{LIVE}.target.paths": [own]})
    assert any(
        "CloudFront answers it" in problem.what for problem in found.values() if problem.path[2:3] == ("live",)
    ) is covers(cached, own)


def test_a_bucket_without_a_key_is_not_called_signed() -> None:
    assert set(refused({f"{BUCKET}.signers": {}})) == {f"{BUCKET}.signers"}


@given(st.integers(1, 10000))
def test_instances_of_beanstalk_have_addresses(most: int) -> None:
    plain = accepted({"beanstalk.scaling": {"min": 1, "max": 2}})
    zones = len(WHOLE["network"]["zones"])
    held = other_addresses(plain, "tasks") - 1 + -(-most // (zones - 1))
    found = refused({"beanstalk.scaling": {"min": 1, "max": most}})
    assert ("beanstalk.scaling.max" in found) is (held > smallest(plain, "tasks"))


@pytest.mark.parametrize(("port", "holds"), [(1, True), (8443, True), (65535, True), (65536, False), (0, False)])
def test_ports_of_origins_are_ports(port: int, *, holds: bool) -> None:
    origins = {"origins": [f"https://pages.example:{port}"], "methods": ["GET"]}
    assert ("api.cors.origins[0]" in refused({"api.cors": origins})) is not holds


def test_a_list_with_a_refused_entry_is_not_called_too_short() -> None:
    found = refused({"api.cors": {"origins": ["*"], "methods": ["GET"]}})
    assert set(found) == {"api.cors.origins[0]"}
    assert refused({"api.cors": {"origins": [], "methods": ["GET"]}})["api.cors.origins"].what == "too few entries"


def test_a_number_that_has_to_be_above_another_is_said_so() -> None:
    path = f"{WORKER}.scaling.backlog.seconds_per_message"
    assert refused({path: 0})[path].allowed == "a number above 0, 86400 at most"
    assert accepted({path: 0.5}).services["worker"].scaling is not None
