"""Spot is taken away with a notice and a signal, replaced on Spot only, and heeds no protection."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from sandbox.emulator.tasks import lifecycle
from sandbox.emulator.tasks.runs import Run
from sandbox.emulator.tasks.settings import Mark
from tests.sandbox.emulator.tasks.conftest import IMAGE
from tests.sandbox.emulator.tasks.fleet import Fleet, Record, until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.emulator
ONLY_SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


def control(runner: client.Emulator, name: str) -> Record:
    answer: Record = client.control(runner.port, "POST", name)
    return answer


def described(fleet: Fleet, task: str) -> Record:
    found: Record = fleet.ecs.describe_tasks(cluster="shop", tasks=[task])["tasks"][0]
    return found


def split(fleet: Fleet) -> Counter[str]:
    return Counter(task["capacityProviderName"] for task in fleet.tasks() if task["lastStatus"] == "RUNNING")


def test_an_interrupted_task_is_replaced_on_spot(fleet: Fleet, runner: client.Emulator) -> None:
    sqs, events = fleet.aws("sqs"), fleet.aws("events")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="spot", EventPattern='{"detail": {"stopCode": ["SpotInterruption"]}}')
    events.put_targets(Rule="spot", Targets=[{"Id": "queue", "Arn": arn}])
    fleet.serve(desired=4)
    fleet.stable()
    before = split(fleet)
    taken = control(runner, "spot/interrupt?service=web&count=1")["interrupted"]
    assert len(taken) == 1
    until(lambda: described(fleet, taken[0])["lastStatus"] == "STOPPED")
    gone = described(fleet, taken[0])
    assert (gone["stopCode"], gone["capacityProviderName"]) == ("SpotInterruption", "FARGATE_SPOT")
    assert gone["stoppedReason"] == "Your Spot Task was interrupted."
    until(lambda: split(fleet) == before)
    first = json.loads(until(lambda: sqs.receive_message(QueueUrl=url).get("Messages"))[0]["Body"])["detail"]
    assert (first["taskArn"], first["desiredStatus"]) == (taken[0], "STOPPED")


def test_without_spot_capacity_nothing_falls_back(fleet: Fleet, runner: client.Emulator) -> None:
    fleet.serve(desired=4)
    fleet.stable()
    before = split(fleet)
    control(runner, "tasks?spot=false")
    control(runner, "spot/interrupt?service=web")
    until(lambda: set(split(fleet)) == {"FARGATE"})
    time.sleep(0.5)
    assert split(fleet) == {"FARGATE": before["FARGATE"]}, "the base stays, and takes nothing over"
    assert "Capacity is unavailable" in " ".join(one["message"] for one in fleet.service()["events"])
    control(runner, "tasks?spot=true")
    until(lambda: split(fleet) == before)


def test_protection_does_not_hold_spot(fleet: Fleet, runner: client.Emulator) -> None:
    fleet.serve(desired=1, capacityProviderStrategy=ONLY_SPOT)
    fleet.stable()
    held = fleet.tasks()[0]["taskArn"]
    fleet.ecs.update_task_protection(cluster="shop", tasks=[held], protectionEnabled=True)
    control(runner, f"spot/interrupt?task={held}")
    until(lambda: described(fleet, held)["lastStatus"] == "STOPPED")


def test_tasks_on_fargate_are_never_interrupted(fleet: Fleet, runner: client.Emulator) -> None:
    fleet.serve(desired=2, capacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}])
    fleet.stable()
    assert control(runner, "spot/interrupt")["interrupted"] == []


def balanced(fleet: Fleet, place: Path) -> str:
    """A service behind a target group, on Spot only; returns the group's ARN."""
    group = fleet.group()
    container = {
        "image": IMAGE,
        "command": ["deaf"],
        "stopTimeout": 30,
        "environment": [{"name": "PLACE", "value": str(place)}],
        "portMappings": [{"containerPort": 8080}],
    }
    fleet.serve(
        fleet.define(container=container),
        desired=1,
        capacityProviderStrategy=ONLY_SPOT,
        loadBalancers=[{"targetGroupArn": group, "containerName": "web", "containerPort": 8080}],
    )
    return group


def targets(fleet: Fleet, group: str) -> dict[str, str]:
    found = fleet.aws("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return {one["Target"]["Id"]: one["TargetHealth"]["State"] for one in found}


@pytest.mark.parametrize("order", ["deregister", "signal"])
def test_who_hears_first_of_an_interruption(fleet: Fleet, runner: client.Emulator, tmp_path: Path, order: str) -> None:
    group = balanced(fleet, tmp_path)
    until(lambda: list(tmp_path.glob("environment-*")))
    until(lambda: targets(fleet, group))
    task = fleet.tasks()[0]
    address = task["containers"][0]["networkInterfaces"][0]["privateIpv4Address"]
    control(runner, f"spot/interrupt?task={task['taskArn']}&order={order}")
    until(lambda: list(tmp_path.glob("sigterm-*")))
    state = targets(fleet, group).get(address, "gone")
    assert (state in ("gone", "draining")) == (order == "deregister"), state
    until(lambda: described(fleet, task["taskArn"])["lastStatus"] == "STOPPED")
    assert targets(fleet, group).get(address, "gone") in ("gone", "draining")


def test_the_end_comes_two_minutes_after_the_notice(fleet: Fleet, runner: client.Emulator, tmp_path: Path) -> None:
    container = {
        "image": IMAGE,
        "command": ["deaf"],
        "stopTimeout": 120,
        "environment": [{"name": "PLACE", "value": str(tmp_path)}],
    }
    fleet.serve(fleet.define(container=container), desired=1, capacityProviderStrategy=ONLY_SPOT)
    until(lambda: list(tmp_path.glob("environment-*")))
    began = time.monotonic()
    taken = control(runner, "spot/interrupt")["interrupted"][0]
    until(lambda: described(fleet, taken)["lastStatus"] == "STOPPED")
    assert 5 < time.monotonic() - began < 10, "a twentieth of 120 s"
    assert described(fleet, taken)["containers"][0]["exitCode"] == 137


@pytest.mark.parametrize("query", ["order=both", "count=x"])
def test_an_interruption_that_is_not_meant_is_refused(runner: client.Emulator, query: str) -> None:
    with pytest.raises(client.EmulatorError):
        control(runner, f"spot/interrupt?{query}")


class Deaf:
    """A container that heeds no signal."""

    def __init__(self) -> None:
        self.program = type("Program", (), {"name": "web"})
        self.signalled, self.killed = True, False

    def exit_code(self) -> int | None:
        """Return 137 once it was killed."""
        return 137 if self.killed else None

    def kill(self) -> None:
        """End."""
        self.killed = True


@pytest.mark.parametrize(
    ("code", "asked", "signalled", "ends"),
    [
        ("SpotInterruption", 121, 20, True),
        ("SpotInterruption", 119, 20, False),
        ("SpotInterruption", 40, 31, True),
        ("ServiceSchedulerInitiated", 500, 29, False),
        ("ServiceSchedulerInitiated", 500, 31, True),
    ],
)
def test_a_drain_does_not_lengthen_the_notice(code: str, asked: float, signalled: float, *, ends: bool) -> None:
    now, container = time.monotonic(), Deaf()
    run = Run(containers=[container], stop_seconds={"web": 30})  # type: ignore[list-item]  # what is asked of one
    run.asked, run.signalled = Mark(machine=now - asked), Mark(machine=now - signalled)
    task = {"stopCode": code, "desiredStatus": "STOPPED", "containers": [{"name": "web", "lastStatus": "RUNNING"}]}
    assert lifecycle.ended(task, run) is ends
