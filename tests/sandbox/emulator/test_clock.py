"""The clock of the emulator is one for all services, and every minute of it is lived through."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from sandbox.emulator.client import Emulator, EmulatorError, control
from sandbox.emulator.clock import Clock
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.tasks.fleet import Fleet

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.emulator.conftest import Aws


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _seen(clock: Clock) -> list[float]:
    """What the clock is ahead of the machine's at each tick."""
    seen: list[float] = []
    clock.at_each_tick(lambda: seen.append(clock.ahead_s))
    return seen


@pytest.mark.parametrize(
    ("seconds", "ticks"), [(0, [0]), (30, [30]), (60, [60]), (61, [60, 61]), (180, [60, 120, 180])]
)
def test_no_minute_is_left_out(clock: Clock, seconds: float, ticks: list[float]) -> None:
    seen = _seen(clock)
    clock.advance(seconds)
    assert seen == ticks


def test_what_ages_by_days_is_looked_at_once_a_day(clock: Clock) -> None:
    seen = _seen(clock)
    clock.advance(2.5 * 86400, 86400)
    assert seen == [86400, 172800, 216000]


@pytest.mark.parametrize("step", [0, 59, -60, float("nan")])
def test_a_step_is_a_minute_or_more(clock: Clock, step: float) -> None:
    with pytest.raises(ValueError, match="step: "):
        clock.advance(60, step)
    assert clock.ahead_s == 0


@pytest.mark.parametrize("seconds", [-1, float("nan"), 604801, float("inf")])
def test_it_goes_neither_back_nor_too_far(clock: Clock, seconds: float) -> None:
    seen = _seen(clock)
    with pytest.raises(ValueError, match="seconds: "):
        clock.advance(seconds)
    assert (clock.ahead_s, seen) == (0, [])


def test_what_fails_keeps_nothing_else_from_being_done(clock: Clock) -> None:
    clock.at_each_tick(lambda: 1 / 0)  # type: ignore[arg-type, return-value] # it never returns
    seen = _seen(clock)
    clock.tick()
    assert seen == [0]


@pytest.fixture
def later(timed: Emulator, request: pytest.FixtureRequest) -> Aws:
    return session(timed, account_of(request))


@pytest.mark.emulator
def test_a_message_that_was_taken_is_there_again_when_its_visibility_is_over(timed: Emulator, later: Aws) -> None:
    sqs = later("sqs")
    queue = sqs.create_queue(QueueName="q", Attributes={"VisibilityTimeout": "600"})["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="once")
    assert sqs.receive_message(QueueUrl=queue)["Messages"], "it is taken"
    timed.advance(590)
    assert "Messages" not in sqs.receive_message(QueueUrl=queue), "it is hidden still"
    timed.advance(10)
    assert sqs.receive_message(QueueUrl=queue)["Messages"], "ten minutes are over"


@pytest.mark.emulator
@pytest.mark.parametrize("query", ["advance", "advance?seconds=soon", "advance?seconds=-1"])
def test_a_clock_is_set_by_seconds_only(timed: Emulator, query: str) -> None:
    with pytest.raises(EmulatorError, match=r"seconds|soon"):
        control(timed.port, "POST", query)


@pytest.mark.emulator
def test_a_restart_does_not_set_it_back(tmp_path: Path) -> None:
    first = client.start(tmp_path)
    first.advance(3000)
    first.stop()
    second = client.start(tmp_path)
    said = control(second.port, "POST", "advance?seconds=0")
    second.stop()
    assert said["ahead_seconds"] == 3000, "what was dated before it does not lie in the future"


def _made(aws: Aws, service: str) -> datetime:
    """Make something of a service, and return when it was made."""
    if service == "s3":
        aws("s3").create_bucket(Bucket="dated")
        aws("s3").put_object(Bucket="dated", Key="k", Body=b"")
        found = aws("s3").head_object(Bucket="dated", Key="k")["LastModified"]
    elif service == "ecs":
        fleet = Fleet(aws)
        fleet.serve(desired=1)
        fleet.stable()
        (found,) = (one["startedAt"] for one in fleet.tasks())
    else:
        arn = aws("secretsmanager").create_secret(Name="dated", SecretString="x")["ARN"]
        found = aws("secretsmanager").describe_secret(SecretId=arn)["CreatedDate"]
    assert isinstance(found, datetime)
    return found


@pytest.mark.emulator
@pytest.mark.parametrize("service", ["ecs", "s3", "secretsmanager"])
def test_what_services_compare_with_it_is_dated_by_it(
    timed: Emulator, request: pytest.FixtureRequest, service: str
) -> None:
    aws = session(timed, account_of(request))
    timed.advance(3600)
    now = control(timed.port, "POST", "advance?seconds=0")["now"]
    assert _made(aws, service).timestamp() == pytest.approx(now, abs=60)
