"""A task of this project's own image runs as a process, with what ECS gives a container, and ends as ECS ends it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from sandbox.emulator import client
from standins.toolchain.guard import start_time
from tests.sandbox.emulator.tasks.conftest import IMAGE
from tests.sandbox.emulator.tasks.fleet import Fleet, Record, until

pytestmark = pytest.mark.emulator
LOG = {
    "logDriver": "awslogs",
    "options": {"awslogs-group": "/shop", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "web"},
}


def container(place: Path, *command: str, **more: object) -> Record:
    """A container of the probe."""
    environment = [{"name": "PLACE", "value": str(place)}]
    return {"image": IMAGE, "command": list(command), "environment": environment, **more}


def processes(runner: client.Emulator, group: str = "") -> list[int]:
    """Processes of tasks that run, of a service or of all."""
    tasks = client.control(runner.port, "GET", "tasks")["tasks"]
    assert isinstance(tasks, list)
    return [pid for task in tasks if group in task["group"] for pid in task["processes"] if pid]


def noted(place: Path, name: str) -> list[Path]:
    return sorted(place.glob(f"{name}-*"))


def alive(pid: int) -> bool:
    return bool(start_time(pid))


def test_a_container_gets_what_ecs_gives_it(fleet: Fleet, tmp_path: Path) -> None:
    secret = fleet.aws("secretsmanager").create_secret(Name="login", SecretString='{"word": "hush-hush"}')["ARN"]
    fleet.aws("logs").create_log_group(logGroupName="/shop")
    wanted = container(
        tmp_path,
        "work",
        secrets=[{"name": "WORD", "valueFrom": f"{secret}:word::"}],
        portMappings=[{"containerPort": 8080}],
        logConfiguration=LOG,
    )
    fleet.serve(fleet.define(container=wanted), desired=1)
    environment = json.loads(until(lambda: noted(tmp_path, "environment"))[0].read_text())
    assert environment["WORD"] == "hush-hush"
    assert environment["AWS_REGION"] == "us-east-1"
    assert environment["PORT"] == environment["PORT_8080"] != "8080"
    assert "AWS_ACCESS_KEY_ID" not in environment, "only the role's credentials"
    assert "hush-hush" not in noted(tmp_path, "arguments")[0].read_text()
    whole = json.loads(read(f"{environment['ECS_CONTAINER_METADATA_URI_V4']}/task"))
    task = fleet.tasks()[0]
    assert (whole["TaskARN"], whole["ServiceName"]) == (task["taskArn"], "web")
    assert json.loads(read(environment["ECS_CONTAINER_METADATA_URI_V4"]))["Name"] == "web"
    logs = until(lambda: lines(fleet, f"web/web/{task['taskArn'].rpartition('/')[2]}"))
    assert "began work" in logs
    assert not any("hush-hush" in line for line in logs)


def lines(fleet: Fleet, stream: str) -> list[str]:
    found = fleet.aws("logs").get_log_events(logGroupName="/shop", logStreamName=stream)["events"]
    return [one["message"] for one in found]


def post(url: str) -> None:
    urllib.request.urlopen(urllib.request.Request(url, method="POST")).close()  # noqa: S310 - loopback


def read(url: str, body: object = None) -> str:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, method="GET" if body is None else "PUT")  # noqa: S310 - loopback
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - same
        return str(answer.read().decode())


def test_credentials_are_those_of_the_task_role(fleet: Fleet, tmp_path: Path) -> None:
    fleet.serve(fleet.define(container=container(tmp_path, "work")), desired=1)
    given = json.loads(until(lambda: noted(tmp_path, "environment"))[0].read_text())
    url = given["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        read(url)
    who = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    run = subprocess.run([sys.executable, "-c", who], env=given, capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    said = run.stdout
    task = fleet.tasks()[0]["taskArn"].rpartition("/")[2]
    assert said.strip() == fleet.role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + f"/{task}"


def test_a_task_protects_itself_as_its_role_may(fleet: Fleet, tmp_path: Path) -> None:
    fleet.serve(fleet.define(container=container(tmp_path, "work")), desired=1)
    given = json.loads(until(lambda: noted(tmp_path, "environment"))[0].read_text())
    url = f"{given['ECS_AGENT_URI']}/task-protection/v1/state"
    with pytest.raises(urllib.error.HTTPError) as refused:
        read(url, body={"ProtectionEnabled": True, "ExpiresInMinutes": 5})
    assert json.loads(refused.value.read())["error"]["Code"] == "AccessDeniedException"
    allowed = {"Effect": "Allow", "Action": ["ecs:UpdateTaskProtection", "ecs:GetTaskProtection"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    fleet.aws("iam").put_role_policy(RoleName="tasks", PolicyName="protect", PolicyDocument=policy)
    assert json.loads(read(url, body={"ProtectionEnabled": True}))["protection"]["ProtectionEnabled"] is True
    assert json.loads(read(url))["protection"]["ProtectionEnabled"] is True
    task = fleet.tasks()[0]["taskArn"]
    assert fleet.ecs.get_task_protection(cluster="shop", tasks=[task])["protectedTasks"][0]["protectionEnabled"]
    with pytest.raises(urllib.error.HTTPError, match="400"):
        read(url, body={"ProtectionEnabled": True, "ExpiresInMinutes": 2881})


def test_sigterm_comes_first_and_sigkill_after_the_time_out(fleet: Fleet, tmp_path: Path) -> None:
    wanted = container(tmp_path, "deaf", stopTimeout=20)
    fleet.serve(fleet.define(container=wanted), desired=1)
    pid = int(until(lambda: noted(tmp_path, "environment"))[0].name.rpartition("-")[2])
    fleet.stable()
    task = fleet.tasks()[0]["taskArn"]
    fleet.ecs.stop_task(cluster="shop", task=task)
    began = float(until(lambda: noted(tmp_path, f"sigterm-{pid}") or noted(tmp_path, "sigterm"))[0].read_text())
    until(lambda: not alive(pid))
    assert 0.8 < time.time() - began < 5, "a twentieth of 20 s"
    described = until(lambda: stopped(fleet, task))
    assert described["containers"][0]["exitCode"] == 137


def stopped(fleet: Fleet, task: str) -> Record | None:
    found: Record = fleet.ecs.describe_tasks(cluster="shop", tasks=[task])["tasks"][0]
    return found if found["lastStatus"] == "STOPPED" else None


def test_a_task_that_ends_by_itself_says_so(fleet: Fleet, tmp_path: Path) -> None:
    started = fleet.ecs.run_task(
        cluster="shop",
        taskDefinition=fleet.define(container=container(tmp_path)),
        launchType="FARGATE",
        networkConfiguration=fleet.network,
        overrides={"containerOverrides": [{"name": "web", "command": ["exit", "3"]}]},
    )["tasks"][0]["taskArn"]
    described = until(lambda: stopped(fleet, started))
    assert described["stopCode"] == "EssentialContainerExited"
    assert described["containers"][0]["exitCode"] == 3


def test_tasks_beyond_the_bound_wait(fleet: Fleet, runner: client.Emulator, tmp_path: Path) -> None:
    fleet.serve(fleet.define(container=container(tmp_path, "work")), desired=8)
    until(lambda: [one["lastStatus"] for one in fleet.tasks()].count("RUNNING") == 6)
    until(lambda: len(processes(runner)) == 6)
    assert [one["lastStatus"] for one in fleet.tasks()].count("PENDING") == 2
    assert "unable to place a task" in " ".join(one["message"] for one in fleet.service()["events"])
    fleet.ecs.update_service(cluster="shop", service="web", desiredCount=5)
    until(lambda: len(processes(runner)) == 5)


def test_other_images_are_objects_only(fleet: Fleet, runner: client.Emulator) -> None:
    fleet.serve(fleet.define(container={"image": "registry.example/other:1"}), desired=2)
    fleet.stable()
    assert processes(runner) == []


@pytest.mark.parametrize(
    "more",
    [
        {"entryPoint": ["/bin/sh", "-c"]},
        {"healthCheck": {"command": ["CMD-SHELL", "exit 0"]}},
        {"healthCheck": {"command": ["CMD", "curl", "localhost"]}},
    ],
)
def test_no_shell_and_no_other_program_is_run(fleet: Fleet, tmp_path: Path, more: Record) -> None:
    fleet.serve(fleet.define(container=container(tmp_path, **more)), desired=1)
    described = until(lambda: fleet.tasks(status="STOPPED"))[0]
    assert described["stoppedReason"].startswith("CannotStartContainerError")
    assert noted(tmp_path, "environment") == []


def test_memory_is_bounded(fleet: Fleet, runner: client.Emulator, tmp_path: Path) -> None:
    fleet.serve(fleet.define(container=container(tmp_path, "work")), desired=1)
    fleet.stable()
    limits = Path(f"/proc/{processes(runner)[0]}/limits").read_text()
    assert str(512 * 1024 * 1024) in next(line for line in limits.splitlines() if line.startswith("Max data size"))


@pytest.mark.parametrize("query", ["processes=101", "processes=x", "speed=0.5", "spot=maybe", "other=1"])
def test_settings_out_of_range_are_refused(runner: client.Emulator, query: str) -> None:
    with pytest.raises(client.EmulatorError, match=query.partition("=")[0]):
        client.control(runner.port, "POST", f"tasks?{query}")
