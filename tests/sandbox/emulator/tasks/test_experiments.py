"""AWS FIS ends tasks that ECS then replaces, and what runs in a zone that is cut off stands still until it is back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.emulator.patches.fis_made import TAGS, role, template
from tests.sandbox.emulator.tasks.conftest import IMAGE
from tests.sandbox.emulator.tasks.fleet import ZONES, Fleet, Record, until

if TYPE_CHECKING:
    from sandbox.emulator import client

pytestmark = pytest.mark.emulator
PROBE = {"image": IMAGE, "command": ["serve"], "portMappings": [{"containerPort": 8080}]}


def serve(fleet: Fleet, desired: int) -> None:
    tags = [{"key": key, "value": value} for key, value in TAGS.items()]
    definition = fleet.define("web", container=PROBE)
    fleet.serve(definition, desired=desired, tags=tags, propagateTags="SERVICE", launchType="FARGATE")
    until(lambda: len(running(fleet)) == desired, 30, lambda: fleet.service()["events"][:3])


def running(fleet: Fleet) -> list[Record]:
    return [one for one in fleet.tasks() if one["lastStatus"] == "RUNNING" and one["desiredStatus"] == "RUNNING"]


def begun(fleet: Fleet, wanted: dict[str, Any]) -> str:
    fis = fleet.aws("fis")
    made = fis.create_experiment_template(**wanted)["experimentTemplate"]
    name = fis.start_experiment(clientToken="go", experimentTemplateId=made["id"])["experiment"]["id"]
    state = fis.get_experiment(id=name)["experiment"]["state"]
    assert state["status"] == "running", state
    return str(name)


def state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]


def processes(runner: client.Emulator, arns: set[str]) -> list[int]:
    from sandbox.emulator import client as emulator  # noqa: PLC0415 - beside the name of its type

    said = emulator.control(runner.port, "GET", "tasks")["tasks"]
    return [pid for one in said if one["task"] in arns for pid in one["processes"]]


def test_a_stopped_task_is_replaced_and_those_of_others_are_left(fleet: Fleet) -> None:
    serve(fleet, 2)
    before = {one["taskArn"] for one in running(fleet)}
    other = {"cluster": "shop", "service": "elsewhere"}
    wanted = template(fleet.aws, role(fleet.aws, ["ecs:StopTask"]))
    wanted["targets"]["tasks"]["parameters"] = other
    fis = fleet.aws("fis")
    made = fis.create_experiment_template(**wanted)["experimentTemplate"]
    name = fis.start_experiment(clientToken="go", experimentTemplateId=made["id"])["experiment"]["id"]
    assert fis.get_experiment(id=name)["experiment"]["state"]["status"] == "failed", "it finds none of that service"
    wanted["targets"]["tasks"]["parameters"] = {"cluster": "shop", "service": "web"}
    begun(fleet, {**wanted, "clientToken": "twice"})
    until(lambda: len(running(fleet)) == 2 and {one["taskArn"] for one in running(fleet)} != before, 30)
    after = {one["taskArn"] for one in running(fleet)}
    assert len(before & after) == 1
    (gone,) = before - after
    described = fleet.ecs.describe_tasks(cluster="shop", tasks=[gone])["tasks"][0]
    assert described["stoppedReason"] == "Task stopped by AWS FIS"


def test_what_runs_in_a_lost_zone_stands_still_and_goes_on(fleet: Fleet, runner: client.Emulator) -> None:
    fleet.aws("ec2").create_tags(
        Resources=fleet.subnets, Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()]
    )
    serve(fleet, 3)
    there = {one["taskArn"] for one in running(fleet) if one["availabilityZone"] == ZONES[0]}
    others = {one["taskArn"] for one in running(fleet)} - there
    assert there
    zone = {
        "resourceType": "aws:ec2:subnet",
        "resourceTags": TAGS,
        "selectionMode": "COUNT(1)",
        "parameters": {"availabilityZoneIdentifier": ZONES[0], "vpc": fleet.vpc},
    }
    cut = {
        "actionId": "aws:network:disrupt-connectivity",
        "parameters": {"duration": "PT10M", "scope": "all"},
        "targets": {"Subnets": "zone"},
    }
    rights = role(fleet.aws, ["ec2:ReplaceNetworkAclAssociation"])
    name = begun(fleet, template(fleet.aws, rights, targets={"zone": zone}, actions={"cut": cut}))
    until(lambda: {state_of(pid) for pid in processes(runner, there)} == {"T"}, 30)
    assert "T" not in {state_of(pid) for pid in processes(runner, others)}
    fleet.ecs.stop_task(cluster="shop", task=next(iter(others)))
    until(lambda: len(running(fleet)) == 3, 30)
    placed = [one for one in running(fleet) if one["taskArn"] not in there | others]
    assert [one["availabilityZone"] for one in placed if one["availabilityZone"] == ZONES[0]] == []
    fleet.aws("fis").stop_experiment(id=name)
    until(lambda: "T" not in {state_of(pid) for pid in processes(runner, there)}, 30)
