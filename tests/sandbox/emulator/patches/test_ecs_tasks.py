"""A task on Fargate passes through the states of ECS, and says why it stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.tasks.fleet import SPLIT, Fleet, Record, until

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator
UP = ["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING"]
DOWN = ["DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED"]


@pytest.fixture
def fleet(aws: Aws) -> Fleet:
    return Fleet(aws)


def run(fleet: Fleet, **more: object) -> list[Record]:
    wanted = {"launchType": "FARGATE", "networkConfiguration": fleet.network, **more}
    started: list[Record] = fleet.ecs.run_task(cluster="shop", taskDefinition=fleet.define(), **wanted)["tasks"]
    return started


def test_a_task_passes_through_the_states(fleet: Fleet) -> None:
    task = run(fleet)[0]
    assert (task["lastStatus"], task["group"], "capacityProviderName" in task) == ("PROVISIONING", "family:web", False)
    seen = [task["lastStatus"]]

    def last() -> str:
        found = fleet.ecs.describe_tasks(cluster="shop", tasks=[task["taskArn"]])["tasks"][0]
        if found["lastStatus"] != seen[-1]:
            seen.append(found["lastStatus"])
        return seen[-1]

    until(lambda: last() == "RUNNING")
    fleet.ecs.stop_task(cluster="shop", task=task["taskArn"])
    until(lambda: last() == "STOPPED")
    order = [*UP, *DOWN]
    assert [order.index(state) for state in seen] == sorted({order.index(state) for state in seen}), seen
    after = fleet.ecs.describe_tasks(cluster="shop", tasks=[task["taskArn"]])["tasks"][0]
    assert after["stopCode"] == "UserInitiated"
    assert after["createdAt"] <= after["startedAt"] <= after["stoppingAt"] <= after["stoppedAt"]


def test_tasks_of_a_strategy_are_split(fleet: Fleet) -> None:
    started = fleet.ecs.run_task(
        cluster="shop",
        taskDefinition=fleet.define(),
        networkConfiguration=fleet.network,
        capacityProviderStrategy=list(SPLIT),
        count=5,
    )["tasks"]
    assert sorted(task["capacityProviderName"] for task in started) == ["FARGATE"] * 2 + ["FARGATE_SPOT"] * 3


@pytest.mark.parametrize("key", ["", ":missing::"])
def test_a_secret_that_is_not_there_keeps_a_task_from_starting(fleet: Fleet, key: str) -> None:
    secrets = fleet.aws("secretsmanager")
    arn = secrets.create_secret(Name="login", SecretString='{"user": "me"}')["ARN"]
    wanted = arn + key if key else arn.replace("login", "other")
    definition = fleet.define(container={"secrets": [{"name": "LOGIN", "valueFrom": wanted}]})
    fleet.serve(definition, desired=1)
    stopped = until(lambda: fleet.tasks(status="STOPPED"))[0]
    assert stopped["stopCode"] == "TaskFailedToStart"
    assert stopped["stoppedReason"].startswith("ResourceInitializationError")


def test_an_image_that_a_filled_repository_lacks_cannot_be_pulled(fleet: Fleet) -> None:
    ecr = fleet.aws("ecr")
    uri = ecr.create_repository(repositoryName="shop/web")["repository"]["repositoryUri"]
    account = uri.split(".")[0]
    image = f"{account}.dkr.ecr.us-east-1.amazonaws.com/shop/web"
    empty = fleet.define("empty", container={"image": f"{image}:1"})
    fleet.serve(empty, name="empty", desired=1)
    fleet.stable("empty")
    ecr.put_image(repositoryName="shop/web", imageManifest="{}", imageTag="1")
    fleet.serve(fleet.define("good", container={"image": f"{image}:1"}), name="good", desired=1)
    fleet.stable("good")
    fleet.serve(fleet.define("bad", container={"image": f"{image}:2"}), name="bad", desired=1)
    stopped = until(lambda: fleet.tasks("bad", "STOPPED"))[0]
    assert stopped["stoppedReason"].startswith("CannotPullContainerError")


def test_rules_hear_how_a_task_stands(fleet: Fleet) -> None:
    sqs, events = fleet.aws("sqs"), fleet.aws("events")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = '{"source": ["aws.ecs"], "detail-type": ["ECS Task State Change"], "detail": {"lastStatus": ["RUNNING"]}}'
    events.put_rule(Name="running", EventPattern=pattern)
    events.put_targets(Rule="running", Targets=[{"Id": "queue", "Arn": arn}])
    task = run(fleet)[0]
    heard = until(lambda: sqs.receive_message(QueueUrl=url).get("Messages"))
    assert task["taskArn"] in heard[0]["Body"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"networkConfiguration": {"awsvpcConfiguration": {"subnets": []}}}, "Network Configuration must be provided"),
        ({"count": 11}, "from 1 to 10"),
        ({"launchType": "FARGATE", "capacityProviderStrategy": list(SPLIT)}, "both a launch type"),
    ],
)
def test_what_ecs_refuses_is_refused(fleet: Fleet, given: Record, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        run(fleet, **given)
