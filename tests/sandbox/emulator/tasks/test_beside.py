"""A collector beside a container is an object here: it is named, and decides on no health, rollout or end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from components.containers.collector import collector_definition, trace_variables
from config.facts.tracing import COLLECTOR, COLLECTOR_IMAGE
from sandbox.emulator import client
from tests.config.containersfile import accepted
from tests.sandbox.emulator.tasks.conftest import IMAGE
from tests.sandbox.emulator.tasks.fleet import Fleet, Record, until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.emulator
SETTINGS = accepted({"containers.services.web.tracing": {"memory_mib": 128}})
CHECK = {"command": ["CMD", "python", "-m", "tests.sandbox.emulator.tasks.probe", "check"], "interval": 5, "timeout": 2}


def traced(place: Path, *command: str, **more: object) -> list[Record]:
    """The containers of a task that is traced: the probe, and the collector as the program makes it."""
    web = SETTINGS.services["web"]
    variables = {"PLACE": str(place), **trace_variables("web", web)}
    probe = {
        "name": "web",
        "image": IMAGE,
        "command": list(command),
        "environment": [{"name": name, "value": value} for name, value in variables.items()],
        "dependsOn": [{"containerName": COLLECTOR, "condition": "START"}],
        **more,
    }
    return [probe, *collector_definition("web", web, SETTINGS.identity)]


def shown(runner: client.Emulator, fleet: Fleet) -> list[Record]:
    """Return what the sandbox says of the tasks of a cluster."""
    arns = {one["taskArn"] for one in fleet.tasks()}
    found: list[Record] = client.control(runner.port, "GET", "tasks")["tasks"]  # type: ignore[assignment]
    return [one for one in found if one["task"] in arns]


@pytest.mark.parametrize("checked", [False, True])
def test_a_traced_service_runs_is_healthy_and_is_named(
    fleet: Fleet, runner: client.Emulator, tmp_path: Path, *, checked: bool
) -> None:
    more = {"healthCheck": {**CHECK, "retries": 1}} if checked else {}
    fleet.serve(fleet.define(containerDefinitions=traced(tmp_path, "work", **more)), desired=2)
    assert fleet.stable()["runningCount"] == 2, "tasks are counted, not containers"
    assert {one["healthStatus"] for one in fleet.tasks()} == {"HEALTHY" if checked else "UNKNOWN"}
    for one in shown(runner, fleet):
        assert (one["runs_as"], len(one["processes"])) == ("process", 1)
        assert one["not_run"] == {COLLECTOR: COLLECTOR_IMAGE}, "who reads it sees that no traces are taken"


def test_a_process_beside_a_collector_sends_no_traces(fleet: Fleet, tmp_path: Path) -> None:
    fleet.serve(fleet.define(containerDefinitions=traced(tmp_path, "work")), desired=1)
    environment = json.loads(until(lambda: sorted(tmp_path.glob("environment-*")))[0].read_text())
    assert environment["OTEL_SERVICE_NAME"] == "web", "as the task definition says"
    assert environment["OTEL_SDK_DISABLED"] == "true"


def test_a_process_that_sends_its_traces_elsewhere_goes_on_to(fleet: Fleet, tmp_path: Path) -> None:
    variables = {"PLACE": str(tmp_path), "OTEL_EXPORTER_OTLP_ENDPOINT": "https://traces.example"}
    environment = [{"name": name, "value": value} for name, value in variables.items()]
    probe = {"image": IMAGE, "command": ["work"], "environment": environment}
    fleet.serve(fleet.define(container=probe), desired=1)
    given = json.loads(until(lambda: sorted(tmp_path.glob("environment-*")))[0].read_text())
    assert "OTEL_SDK_DISABLED" not in given


def test_a_task_ends_with_its_own_container_and_not_with_the_collector(fleet: Fleet, tmp_path: Path) -> None:
    fleet.serve(fleet.define(containerDefinitions=traced(tmp_path, "exit", "3")), desired=1)
    stopped = until(lambda: fleet.tasks(status="STOPPED"))[0]
    assert stopped["stopCode"] == "EssentialContainerExited"
    assert {one["name"]: one.get("exitCode") for one in stopped["containers"]}["web"] == 3


@pytest.mark.parametrize("essential", [False, True])
def test_an_object_is_healthy_by_the_checks_of_its_essential_containers(fleet: Fleet, *, essential: bool) -> None:
    helper = {"name": "helper", "image": "public.example/helper:1", "essential": essential, "healthCheck": CHECK}
    web = {"name": "web", "image": "public.example/web:1.0"}
    fleet.serve(fleet.define(containerDefinitions=[web, helper]), desired=1)
    fleet.stable()
    assert {one["healthStatus"] for one in fleet.tasks()} == {"HEALTHY" if essential else "UNKNOWN"}
