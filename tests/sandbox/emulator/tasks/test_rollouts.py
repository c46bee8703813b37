"""A deployment replaces tasks within its limits, and goes back by itself where they fail or an alarm fires."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.tasks.conftest import IMAGE
from tests.sandbox.emulator.tasks.fleet import Fleet, Record, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sandbox.emulator import client

pytestmark = pytest.mark.emulator
BREAKER = {"enable": True, "rollback": True}
CHECK = {"command": ["CMD", "python", "-m", "tests.sandbox.emulator.tasks.probe", "check"], "interval": 10}
FARGATE = [{"capacityProvider": "FARGATE", "weight": 1}]


def probe(fleet: Fleet, place: Path, *command: str, **more: object) -> str:
    """Register a task definition of the probe."""
    environment = [{"name": "PLACE", "value": str(place)}]
    return fleet.define(
        container={"image": IMAGE, "command": list(command), "environment": environment, "stopTimeout": 2, **more}
    )


def serve(fleet: Fleet, definition: str, desired: int = 2, **configuration: object) -> None:
    """Create a service that may not have more than one task beyond, and wait for it."""
    fleet.serve(
        definition,
        desired=desired,
        capacityProviderStrategy=FARGATE,
        deploymentConfiguration={"deploymentCircuitBreaker": BREAKER, **configuration},
    )
    fleet.stable(seconds=30)


def deploy(fleet: Fleet, definition: str) -> None:
    fleet.ecs.update_service(cluster="shop", service="web", taskDefinition=definition)


def hear(fleet: Fleet, pattern: Record) -> str:
    """Send matching events to a queue; returns its URL."""
    sqs, events = fleet.aws("sqs"), fleet.aws("events")
    url: str = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="heard", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="heard", Targets=[{"Id": "queue", "Arn": arn}])
    return url


def running(fleet: Fleet) -> int:
    return sum(1 for task in fleet.tasks() if task["lastStatus"] == "RUNNING")


@pytest.mark.parametrize(("low", "high", "least", "most"), [(100, 200, 4, 8), (50, 150, 2, 6), (50, 100, 2, 4)])
def test_a_deployment_keeps_its_limits(fleet: Fleet, low: int, high: int, least: int, most: int) -> None:
    first, second = fleet.define(), fleet.define()
    serve(fleet, first, 4, minimumHealthyPercent=low, maximumPercent=high)
    seen: list[tuple[int, int]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            tasks = fleet.tasks()
            seen.append((sum(1 for one in tasks if one["lastStatus"] == "RUNNING"), len(tasks)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    deploy(fleet, second)
    found = fleet.stable()
    done.set()
    watcher.join()
    assert found["taskDefinition"] == second
    assert {task["taskDefinitionArn"] for task in fleet.tasks()} == {second}
    assert min(well for well, _ in seen) >= least
    assert max(number for _, number in seen) <= most


def test_tasks_that_end_at_once_trip_the_breaker(fleet: Fleet, tmp_path: Path) -> None:
    good, bad = probe(fleet, tmp_path, "work"), probe(fleet, tmp_path, "exit", "1")
    url = hear(fleet, {"detail-type": ["ECS Deployment State Change"], "detail": {"eventType": ["ERROR"]}})
    serve(fleet, good)
    before = {task["taskArn"] for task in fleet.tasks()}
    deploy(fleet, bad)
    until(lambda: fleet.service()["taskDefinition"] == good, 30)
    found = fleet.stable()
    assert {task["taskArn"] for task in fleet.tasks()} == before, "those of before have never stopped"
    said = json.loads(until(lambda: fleet.aws("sqs").receive_message(QueueUrl=url).get("Messages"))[0]["Body"])
    assert said["detail"]["eventName"] == "SERVICE_DEPLOYMENT_FAILED"
    assert "circuit breaker" in said["detail"]["reason"]
    assert said["resources"] == [found["serviceArn"]]
    failed = [task for task in fleet.tasks(status="STOPPED") if task["taskDefinitionArn"] == bad]
    assert len(failed) >= 3, "the least number that trips it"


def test_tasks_whose_health_check_fails_are_rolled_back(fleet: Fleet, tmp_path: Path) -> None:
    well, sick = tmp_path / "well", tmp_path / "sickly"
    well.mkdir()
    sick.mkdir()
    (sick / "sick").touch()
    good = probe(fleet, well, "work", healthCheck={**CHECK, "retries": 1})
    bad = probe(fleet, sick, "work", healthCheck={**CHECK, "retries": 1})
    serve(fleet, good, 1)
    assert {task["healthStatus"] for task in fleet.tasks()} == {"HEALTHY"}
    deploy(fleet, bad)
    until(lambda: fleet.service()["taskDefinition"] == good, 40, lambda: fleet.service()["events"][:5])
    fleet.stable()
    reasons = {task["stoppedReason"] for task in fleet.tasks(status="STOPPED") if task["taskDefinitionArn"] == bad}
    assert "Task failed container health checks" in reasons


def test_tasks_that_a_target_group_finds_unhealthy_are_rolled_back(
    fleet: Fleet, runner: client.Emulator, tmp_path: Path
) -> None:
    well, sick = tmp_path / "well", tmp_path / "sickly"
    well.mkdir()
    sick.mkdir()
    (sick / "sick").touch()
    ports = [{"containerPort": 8080}]
    good, bad = (probe(fleet, place, "serve", portMappings=ports) for place in (well, sick))
    group = fleet.group()
    fleet.serve(
        good,
        desired=1,
        capacityProviderStrategy=FARGATE,
        deploymentConfiguration={"deploymentCircuitBreaker": BREAKER},
        loadBalancers=[{"targetGroupArn": group, "containerName": "web", "containerPort": 8080}],
    )
    until(lambda: fleet.service()["deployments"][0]["rolloutState"] == "COMPLETED", 40)
    deploy(fleet, bad)
    passing(runner, lambda: fleet.service()["taskDefinition"] == good)
    reasons = {task["stoppedReason"] for task in fleet.tasks(status="STOPPED") if task["taskDefinitionArn"] == bad}
    assert f"Task failed ELB health checks in (target-group {group})" in reasons
    assert {task["taskDefinitionArn"] for task in fleet.tasks()} == {good}


def passing(runner: client.Emulator, found: Callable[[], bool]) -> None:
    """Wait for something while the health checks of targets pass."""

    def later() -> bool:
        runner.advance(5)
        return found()

    until(later, 40)


def test_a_failed_deployment_without_rollback_stays(fleet: Fleet, tmp_path: Path) -> None:
    good = probe(fleet, tmp_path, "work")
    serve(fleet, good, deploymentCircuitBreaker={"enable": True, "rollback": False})
    deploy(fleet, probe(fleet, tmp_path, "exit", "1"))
    until(lambda: fleet.service()["deployments"][0]["rolloutState"] == "FAILED", 30)
    assert "circuit breaker" in fleet.service()["deployments"][0]["rolloutStateReason"]
    until(lambda: running(fleet) == len(fleet.tasks()) == 2)
    assert {task["taskDefinitionArn"] for task in fleet.tasks()} == {good}, "those of before serve on"


def test_a_first_deployment_that_fails_has_nothing_to_go_back_to(fleet: Fleet, tmp_path: Path) -> None:
    fleet.serve(
        probe(fleet, tmp_path, "exit", "1"), desired=1, deploymentConfiguration={"deploymentCircuitBreaker": BREAKER}
    )
    until(lambda: fleet.service()["deployments"][0]["rolloutState"] == "FAILED", 30)
    count = len(fleet.tasks(status="STOPPED"))
    assert count >= 3
    assert fleet.tasks() == []


def alarm(fleet: Fleet, state: str) -> None:
    """Make an alarm of two minutes, in a state."""
    cloudwatch = fleet.aws("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="slow",
        Namespace="Shop",
        MetricName="Latency",
        Statistic="Average",
        Period=60,
        EvaluationPeriods=2,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloudwatch.set_alarm_state(AlarmName="slow", StateValue=state, StateReason="a try")


ALARMS = {"alarmNames": ["slow"], "enable": True, "rollback": True}


def test_an_alarm_while_it_bakes_rolls_a_deployment_back(fleet: Fleet, tmp_path: Path) -> None:
    alarm(fleet, "OK")
    good, other = probe(fleet, tmp_path, "work"), probe(fleet, tmp_path, "work", "differently")
    serve(fleet, good, 1, alarms=ALARMS)
    deploy(fleet, other)
    until(lambda: {task["taskDefinitionArn"] for task in fleet.tasks()} == {other})
    assert fleet.service()["deployments"][0]["rolloutState"] == "IN_PROGRESS", "it bakes"
    alarm(fleet, "ALARM")
    until(lambda: fleet.service()["taskDefinition"] == good)
    fleet.stable(seconds=30)
    assert {task["taskDefinitionArn"] for task in fleet.tasks()} == {good}


def test_an_alarm_that_fires_before_does_not_hold_a_deployment(fleet: Fleet, tmp_path: Path) -> None:
    alarm(fleet, "ALARM")
    good, other = probe(fleet, tmp_path, "work"), probe(fleet, tmp_path, "work", "differently")
    serve(fleet, good, 1, alarms=ALARMS)
    deploy(fleet, other)
    assert fleet.stable(seconds=30)["taskDefinition"] == other
