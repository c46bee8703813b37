"""An experiment holds, fails or is stopped by what really becomes of tasks, and leaves nothing behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from config.experiments import Experiment
from sandbox.chaos import page, trial
from sandbox.chaos.subject import Place, Subject
from sandbox.emulator import client
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.fis_made import TAGS, role, template
from tests.sandbox.emulator.tasks.conftest import IMAGE, SETTINGS
from tests.sandbox.emulator.tasks.fleet import Fleet, until

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.emulator, pytest.mark.timeout(180)]
PROBE = {"image": IMAGE, "command": ["serve"], "portMappings": [{"containerPort": 8080}]}
ALLOWED = 300
ONLY_SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


@pytest.fixture(scope="module")
def emulator() -> Iterator[client.Emulator]:
    """An emulator whose tasks run as processes."""
    running = client.start(None)
    yield running
    running.stop()


@pytest.fixture
def fleet(emulator: client.Emulator, request: pytest.FixtureRequest) -> Iterator[Fleet]:
    """A cluster in an account of the test's own."""
    client.control(emulator.port, "POST", f"tasks?{SETTINGS}")
    made = Fleet(session(emulator, account_of(request)))
    yield made
    client.control(emulator.port, "POST", "tasks?spot=true")
    made.clear()


def subject(fleet: Fleet, desired: int, *, throughout: bool = False, **service: object) -> Subject:
    """Let a service run, and make the template of an experiment that stops one of its tasks."""
    tags = [{"key": key, "value": value} for key, value in TAGS.items()]
    definition = fleet.define("web", container=PROBE)
    fleet.serve(definition, desired=desired, tags=tags, propagateTags="SERVICE", **service)
    until(lambda: sum(one["lastStatus"] == "RUNNING" for one in fleet.tasks()) == desired, 30)
    wanted = template(fleet.aws, role(fleet.aws, ["ecs:StopTask"]))
    made = fleet.aws("fis").create_experiment_template(**wanted)["experimentTemplate"]
    experiment = Experiment.model_validate(
        {
            "hypothesis": "A task that ends is replaced",
            "objective": "availability",
            "action": "stop_tasks",
            "target": {"of": "containers.services.web", "count": 1},
            "duration_minutes": 5,
            "stop_alarms": ["failing"],
            "steady_state": {"checks": ["tasks"], "throughout": throughout},
        },
        strict=False,
    )
    return Subject("lost-task", experiment, ALLOWED, made["id"], ())


def place(fleet: Fleet, emulator: client.Emulator, promised: int) -> Place:
    account = str(fleet.aws("sts").get_caller_identity()["Account"])
    return Place(emulator.url, account, "us-east-1", {"ecs_cluster_name": "shop"}, {"web": promised})


def left(fleet: Fleet) -> set[str]:
    return {one["state"]["status"] for one in fleet.aws("fis").list_experiments()["experiments"]}


def test_a_service_of_two_tasks_comes_back_and_the_hypothesis_is_held(fleet: Fleet, emulator: client.Emulator) -> None:
    said: list[str] = []
    found = trial.run(place(fleet, emulator, 2), subject(fleet, 2), said.append)
    assert (found.verdict, found.experiment["state"]["status"]) == ("held", "completed"), found.document()
    assert found.recovery_seconds is not None
    assert 0 <= found.recovery_seconds <= ALLOWED
    (arns,) = found.injected.values()
    assert found.became[arns[0]].endswith("Task stopped by AWS FIS")
    document = {"stack": "shop", "ok": True, "experiments": [found.document()]}
    assert json.loads(json.dumps(document)) == document
    written = page.markdown(document)
    assert "lost-task: held" in written
    assert arns[0] in written
    assert any("does not hold" in line for line in said) == bool(found.wanting), "seen if a look falls into the gap"
    assert left(fleet) == {"completed"}


def test_without_a_second_task_nobody_answers_and_the_hypothesis_fails(fleet: Fleet, emulator: client.Emulator) -> None:
    found = trial.run(place(fleet, emulator, 1), subject(fleet, 1, throughout=True), lambda _: None)
    assert found.verdict == "failed", found.document()
    assert "throughout" in found.why
    assert found.recovery_seconds, "it came back, too late for who asked meanwhile"


def test_what_never_comes_back_is_longer_than_promised(
    fleet: Fleet, emulator: client.Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "PATIENCE_SECONDS", 2.0)
    wanted = subject(fleet, 2, capacityProviderStrategy=ONLY_SPOT)
    client.control(emulator.port, "POST", "tasks?spot=false")
    found = trial.run(place(fleet, emulator, 2), wanted, lambda _: None)
    assert (found.verdict, found.recovery_seconds) == ("failed", None), found.document()
    assert f"within {ALLOWED} s" in found.why


def test_an_alarm_that_goes_off_stops_it(fleet: Fleet, emulator: client.Emulator) -> None:
    wanted = subject(fleet, 2)
    alarm: dict[str, Any] = {"AlarmName": "failing", "Namespace": "Shop", "MetricName": "Errors", "Statistic": "Sum"}
    more = {"Period": 60, "EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}
    cloudwatch = fleet.aws("cloudwatch")
    cloudwatch.put_metric_alarm(**alarm, **more)
    cloudwatch.put_metric_data(Namespace="Shop", MetricData=[{"MetricName": "Errors", "Value": 9}])
    found = trial.run(place(fleet, emulator, 2), wanted, lambda _: None)
    assert found.verdict == "stopped", found.document()
    assert "failing" in found.why
    assert found.document()["stop_condition"]["stopped_it"] is True


def test_what_is_not_well_before_is_left_alone(
    fleet: Fleet, emulator: client.Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "SETTLE_SECONDS", 0.5)
    found = trial.run(place(fleet, emulator, 3), subject(fleet, 2), lambda _: None)
    assert found.verdict == "failed"
    assert "before" in found.why
    assert left(fleet) == set()


def test_who_interrupts_it_leaves_no_experiment_running(fleet: Fleet, emulator: client.Emulator) -> None:
    def interrupt(line: str) -> None:
        raise KeyboardInterrupt(line)

    with pytest.raises(KeyboardInterrupt):
        trial.run(place(fleet, emulator, 2), subject(fleet, 2), interrupt)
    assert left(fleet) == {"stopped"}
