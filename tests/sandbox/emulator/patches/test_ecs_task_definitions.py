"""What Fargate cannot run is refused when it is registered, with the numbers that are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from config.facts.fargate import MEMORY_OF_CPU
from tests.sandbox.emulator.tasks.fleet import Fleet, Record

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator
CHECK = {"command": ["CMD", "python", "-m", "check"], "interval": 30, "timeout": 5, "retries": 3}
WEB: Record = {"name": "web", "image": "public.example/web:1.0"}
BESIDE: Record = {"name": "beside", "image": "public.example/beside:1.0", "essential": False}
AFTER_WEB: Record = {"dependsOn": [{"containerName": "web", "condition": "START"}]}


def after(name: str, condition: str) -> Record:
    """A container that starts after another one."""
    return {**WEB, "dependsOn": [{"containerName": name, "condition": condition}]}


REFUSED: dict[str, tuple[Record, str]] = {
    "a quarter vCPU with 4 GB": ({"cpu": "256", "memory": "4096"}, "No Fargate configuration exists"),
    "the same, written out": ({"cpu": ".25 vCPU", "memory": "4 GB"}, "No Fargate configuration exists"),
    "no memory": ({"memory": ""}, "'memory' be defined"),
    "bridge": ({"networkMode": "bridge"}, "only supports network mode"),
    "stop time-out": ({"container": {"stopTimeout": 121}}, "at most 120 seconds"),
    "other host port": (
        {"container": {"portMappings": [{"containerPort": 80, "hostPort": 8080}]}},
        "must match",
    ),
    "interval": ({"container": {"healthCheck": {**CHECK, "interval": 4}}}, "from 5 to 300, got 4"),
    "timeout": ({"container": {"healthCheck": {**CHECK, "timeout": 61}}}, "from 2 to 60, got 61"),
    "retries": ({"container": {"healthCheck": {**CHECK, "retries": 11}}}, "from 1 to 10, got 11"),
    "command": ({"container": {"healthCheck": {**CHECK, "command": ["python"]}}}, "has to begin with"),
    "privileged": ({"container": {"privileged": True}}, "no privileged containers"),
    "log without role": (
        {"executionRoleArn": "", "container": {"logConfiguration": {"logDriver": "awslogs", "options": {}}}},
        "execution role ARN to support log driver",
    ),
    "unknown role": ({"executionRoleArn": "arn:aws:iam::123456789012:role/none"}, "Role is not valid"),
    "unknown task role": ({"taskRoleArn": "arn:aws:iam::123456789012:role/none"}, "Role is not valid"),
    "not essential": ({"container": {"essential": False}}, "has to be essential"),
    "memory above the task's": ({"container": {"memory": 513}}, "more than that of the task, 512"),
    "memory above the task's together": (
        {"containerDefinitions": [{**WEB, "memory": 300}, {**BESIDE, "memory": 213}]},
        "memory of the containers, 513, is more than that of the task, 512",
    ),
    "cpu above the task's together": (
        {"containerDefinitions": [{**WEB, "cpu": 200}, {**BESIDE, "cpu": 57}]},
        "cpu of the containers, 257, is more than that of the task, 256",
    ),
    "after nothing": ({"containerDefinitions": [after("none", "START"), BESIDE]}, "which is no container"),
    "after what has no check": ({"containerDefinitions": [after("beside", "HEALTHY"), BESIDE]}, "no health check"),
    "after an end that ends the task": (
        {"containerDefinitions": [after("beside", "COMPLETE"), {**BESIDE, "essential": True}]},
        "which is essential",
    ),
    "an unknown condition": ({"containerDefinitions": [after("beside", "STARTED"), BESIDE]}, "condition"),
    "after itself": ({"containerDefinitions": [after("web", "START")]}, "in a circle: web"),
    "after each other": (
        {"containerDefinitions": [after("beside", "START"), {**BESIDE, **AFTER_WEB}]},
        "in a circle: beside, web",
    ),
}


@pytest.fixture
def fleet(aws: Aws) -> Fleet:
    return Fleet(aws)


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_fargate_cannot_run_is_refused(fleet: Fleet, case: str) -> None:
    given, message = REFUSED[case]
    with pytest.raises(ClientError, match=message):
        fleet.define(**given)  # type: ignore[arg-type]  # `container` is a record in each of them


def test_what_fargate_runs_is_registered(fleet: Fleet) -> None:
    for cpu, amounts in MEMORY_OF_CPU.items():
        for memory in (amounts[0], amounts[-1]):
            fleet.define(cpu=str(cpu), memory=str(memory))
    assert fleet.define(cpu="1 vCPU", memory="2GB", container={"stopTimeout": 120, "healthCheck": CHECK})


def test_containers_share_what_the_task_has_and_start_in_an_order(fleet: Fleet) -> None:
    beside = {**BESIDE, "memory": 256, "cpu": 64, "healthCheck": CHECK}
    for condition in ("START", "HEALTHY", "COMPLETE", "SUCCESS"):
        web = {**after("beside", condition), "memoryReservation": 256, "memory": 512, "cpu": 192}
        assert fleet.define(containerDefinitions=[web, beside])
