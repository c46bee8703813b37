"""What follows from a service's section by itself: its container, its capacity, the metric of its backlog."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.containers.plan import backlog_expression, backlog_metrics, container_definition, providers, volumes
from config.containers import Capacity
from config.facts.tracing import TRACE_VARIABLES
from tests.config.containersfile import accepted

SETTINGS = accepted()


def container(name: str) -> dict[str, Any]:
    service = SETTINGS.services[name]
    places: dict[str, Any] = {variable: f"where {thing} is" for variable, thing in service.places().items()}
    return container_definition(name, service, SETTINGS.identity, {"TOKEN": "arn:secret:token::"}, places)


@pytest.mark.parametrize("name", sorted(SETTINGS.services))
def test_every_container_is_confined_and_logged(name: str) -> None:
    made = container(name)
    assert (made["readonlyRootFilesystem"], made["privileged"]) == (True, False)
    assert made["linuxParameters"]["capabilities"] == {"drop": ["ALL"]}
    assert not made["user"].startswith("0")
    options = made["logConfiguration"]["options"]
    assert options["awslogs-group"] == f"/phoenix/prod/containers/{name}"
    assert options["mode"] == "non-blocking", "a task does not stand still because its log does"


def test_a_container_is_as_the_file_says() -> None:
    made = container("web")
    assert made["portMappings"] == [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}]
    assert made["healthCheck"] == {
        "command": ["CMD", "/bin/healthy", "--port", "8080"],
        "interval": 10,
        "timeout": 5,
        "retries": 3,
        "startPeriod": 20,
    }, "no shell, which an image may not have"
    assert made["stopTimeout"] == 60
    assert made["secrets"] == [{"name": "TOKEN", "valueFrom": "arn:secret:token::"}]
    variables = {one["name"]: one["value"] for one in made["environment"] if one["name"] not in TRACE_VARIABLES}
    assert variables == {
        "LOG_LEVEL": "info",
        "POSTGRES_HOST": "where postgres is",
        "REDIS_HOST": "where redis is",
        "TABLE_SESSIONS_NAME": "where table-sessions is",
        "BUCKET_STATIC_ASSETS_NAME": "where bucket-static-assets is",
        "QUEUE_VIDEOS_URL": "where queue-videos is",
    }, "what the file says, and where things are that it names"
    assert "command" not in made, "the image's own"


def test_what_the_file_leaves_out_is_not_there() -> None:
    made = container("worker")
    assert made["portMappings"] == []
    assert "healthCheck" not in made
    assert made["command"] == ["worker", "--queue", "videos"]


def test_only_a_task_with_ecs_exec_has_room_for_its_agent() -> None:
    assert volumes(SETTINGS.services["web"].task) == {
        "scratch": "/tmp",
        "ssm-agent": "/var/lib/amazon",
        "ssm-agent-logs": "/var/log/amazon",
    }
    assert volumes(SETTINGS.services["worker"].task) == {"scratch": "/work"}


@given(st.integers(0, 100), st.integers(0, 10), st.integers(0, 10))
def test_a_base_stands_on_fargate_only(base: int, fargate: int, spot: int) -> None:
    rows = {name: row for name, *row in providers(Capacity(base=base, fargate_weight=fargate, spot_weight=spot))}
    assert rows.get("FARGATE_SPOT", [0, 0]) == [0, spot], "AWS takes a base on one provider, and Spot holds none"
    assert rows.get("FARGATE", [0, 0]) == [base, fargate]
    assert [0, 0] not in rows.values(), "a provider that gets nothing is not named"


def backlog(visible: float | None, hidden: float | None, desired: float | None, acceptable: int = 10) -> float:
    """Return what CloudWatch makes of the expression; None = no data."""
    numbers = {"visible": visible, "hidden": hidden, "desired": desired}

    def fill(value: float | None, other: float) -> float:
        return other if value is None else value

    text = backlog_expression(acceptable)
    for of_cloudwatch, of_python in (("IF(", "choose("), ("FILL(", "fill("), (" AND ", " and ")):
        text = text.replace(of_cloudwatch, of_python)
    where = {**numbers, "fill": fill, "choose": lambda test, yes, no: yes if test else no}
    return float(eval(text, {"__builtins__": {}}, where))  # noqa: S307 - our own expression


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 500), st.integers(1, 1000))
def test_the_backlog_counts_what_is_worked_on(waiting: int, worked: int, tasks: int, acceptable: int) -> None:
    found = backlog(waiting, worked, tasks, acceptable)
    assert found == pytest.approx((waiting + worked) / tasks)
    if worked:
        assert found > 0, "a queue of which every message is being worked on is not empty"


@given(st.integers(0, 10_000), st.integers(1, 1000), st.sampled_from([0, None]))
def test_one_message_starts_a_first_task(waiting: int, acceptable: int, tasks: int | None) -> None:
    found = backlog(waiting, 0, tasks, acceptable)
    assert (found > acceptable) == (waiting > 0), "the alarm goes off above what is held"
    assert found in {waiting, acceptable + 1}, "and asks for two tasks at most where one would do"


def test_a_queue_or_a_service_without_data_counts_as_none() -> None:
    assert backlog(None, None, None) == 0, "SQS publishes nothing of a queue that rested for hours"
    assert backlog(30, 0, None) == 30


def test_the_backlog_is_that_of_the_queue_and_the_service() -> None:
    found = backlog_metrics("videos-1", "phoenix-prod", "worker")
    assert {key: (metric, dimensions) for key, (_, metric, dimensions) in found.items()} == {
        "visible": ("ApproximateNumberOfMessagesVisible", {"QueueName": "videos-1"}),
        "hidden": ("ApproximateNumberOfMessagesNotVisible", {"QueueName": "videos-1"}),
        "desired": ("DesiredTaskCount", {"ClusterName": "phoenix-prod", "ServiceName": "worker"}),
    }
