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
