"""A steady state sees brokers that start anew, and dead letters that were not there before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from config.experiments import Experiment
from sandbox.chaos.steady import Steady
from sandbox.chaos.subject import Place, Subject
from sandbox.drill.checks import failed
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.streaming import cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.emulator import client
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


@pytest.fixture(scope="module")
def running() -> Iterator[client.Emulator]:
    """An emulator."""
    from sandbox.emulator import client as emulator  # noqa: PLC0415 - beside the name of its type

    started = emulator.start(None)
    yield started
    started.stop()


@pytest.fixture
def asked(running: client.Emulator, request: pytest.FixtureRequest) -> Aws:
    """Clients of an account of the test's own."""
    return session(running, account_of(request))


def steady(running: client.Emulator, request: pytest.FixtureRequest, *checks: str) -> Steady:
    experiment = Experiment.model_validate(
        {
            "hypothesis": "Messages wait and none is lost",
            "objective": "availability",
            "action": "stop_consumer",
            "target": {"of": "functions.tally"},
            "duration_minutes": 5,
            "stop_alarms": ["failing"],
            "steady_state": {"checks": list(checks)},
        },
        strict=False,
    )
    place = Place(running.url, account_of(request), "us-east-1", {})
    return Steady(place, Subject("stopped-consumer", experiment, 300, "EXT1", ()))


def test_a_broker_that_starts_anew_is_seen(
    running: client.Emulator, asked: Aws, request: pytest.FixtureRequest
) -> None:
    look, arn = steady(running, request, "brokers"), cluster(asked)
    assert [check.ok for check in look.look()] == [True]
    asked("kafka").reboot_broker(ClusterArn=arn, BrokerIds=["1"])
    (wrong,) = failed(look.look())
    assert (wrong.name, wrong.found) == ("brokers of feed", "REBOOTING_BROKER")


def test_a_dead_letter_more_than_before_is_seen(
    running: client.Emulator, asked: Aws, request: pytest.FixtureRequest
) -> None:
    sqs = asked("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
    sqs.create_queue(QueueName="work", Attributes={"RedrivePolicy": redrive})
    sqs.send_message(QueueUrl=dead, MessageBody="an old one")
    look = steady(running, request, "dead_letters")
    assert [str(check) for check in look.look()] == ["dead letters in dead: 1"]
    sqs.send_message(QueueUrl=dead, MessageBody="a new one")
    (wrong,) = failed(look.look())
    assert (wrong.expected, wrong.found) == ("1 or less", "2")
