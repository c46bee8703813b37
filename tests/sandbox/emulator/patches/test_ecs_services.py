"""A service keeps its number, split over capacity and zones, and its settings are read back as they were given."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import client
from tests.sandbox.emulator.conftest import Aws, session
from tests.sandbox.emulator.tasks.fleet import SPLIT, ZONES, Fleet, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.emulator.conftest import Aws


pytestmark = pytest.mark.emulator


@pytest.fixture
def fleet(aws: Aws) -> Fleet:
    return Fleet(aws)


def test_tasks_are_split_over_capacity_and_spread_over_zones(fleet: Fleet) -> None:
    fleet.serve(desired=9)
    fleet.stable()
    tasks = fleet.tasks()
    assert Counter(task["capacityProviderName"] for task in tasks) == {"FARGATE": 3, "FARGATE_SPOT": 6}
    assert Counter(task["availabilityZone"] for task in tasks) == dict.fromkeys(ZONES, 3)
    assert {task["launchType"] for task in tasks} == {"FARGATE"}
    addresses = set()
    for task in tasks:
        details = {one["name"]: one["value"] for one in task["attachments"][0]["details"]}
        assert ZONES[fleet.subnets.index(details["subnetId"])] == task["availabilityZone"]
        assert details["privateIPv4Address"].startswith(f"10.5.{fleet.subnets.index(details['subnetId'])}.")
        addresses.add(details["privateIPv4Address"])
    assert len(addresses) == 9, "each has its own"


def test_a_scale_in_keeps_split_and_spread(fleet: Fleet) -> None:
    fleet.serve(desired=9)
    fleet.stable()
    fleet.ecs.update_service(cluster="shop", service="web", desiredCount=5)
    until(lambda: len(fleet.tasks()) == 5)
    tasks = fleet.tasks()
    assert Counter(task["capacityProviderName"] for task in tasks) == {"FARGATE": 2, "FARGATE_SPOT": 3}
    assert max(Counter(task["availabilityZone"] for task in tasks).values()) == 2
    stopped = fleet.tasks(status="STOPPED")
    assert {task["stopCode"] for task in stopped} == {"ServiceSchedulerInitiated"}


def test_a_task_that_is_stopped_is_replaced(fleet: Fleet) -> None:
    fleet.serve(desired=2)
    fleet.stable()
    gone = fleet.tasks()[0]
    fleet.ecs.stop_task(cluster="shop", task=gone["taskArn"], reason="a try")
    until(lambda: len([one for one in fleet.tasks() if one["lastStatus"] == "RUNNING"]) == 2)
    after = fleet.ecs.describe_tasks(cluster="shop", tasks=[gone["taskArn"]])["tasks"][0]
    assert (after["desiredStatus"], after["stopCode"], after["stoppedReason"]) == ("STOPPED", "UserInitiated", "a try")


SETTINGS: dict[str, Any] = {
    "availabilityZoneRebalancing": "DISABLED",
    "enableECSManagedTags": True,
    "propagateTags": "SERVICE",
    "enableExecuteCommand": True,
    "platformVersion": "LATEST",
    "deploymentConfiguration": {
        "maximumPercent": 150,
        "minimumHealthyPercent": 50,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "alarms": {"alarmNames": ["slow"], "enable": True, "rollback": True},
    },
}


def test_settings_are_read_back(fleet: Fleet) -> None:
    fleet.serve(**SETTINGS)
    found = fleet.service()
    given = dict(SETTINGS)
    assert given.pop("deploymentConfiguration").items() <= found["deploymentConfiguration"].items()
    assert given.items() <= found.items()
    assert found["capacityProviderStrategy"] == list(SPLIT)
    assert "launchType" not in found


@pytest.mark.parametrize(
    ("name", "value"), [("availabilityZoneRebalancing", "ENABLED"), ("propagateTags", "TASK_DEFINITION")]
)
def test_changed_settings_are_read_back(fleet: Fleet, name: str, value: str) -> None:
    fleet.serve(**SETTINGS)
    fleet.ecs.update_service(cluster="shop", service="web", **{name: value})
    assert fleet.service()[name] == value


def test_a_change_of_capacity_replaces_the_tasks(fleet: Fleet) -> None:
    fleet.serve(desired=2)
    fleet.stable()
    before = {task["taskArn"] for task in fleet.tasks()}
    strategy = [{"capacityProvider": "FARGATE", "weight": 1}]
    fleet.ecs.update_service(cluster="shop", service="web", capacityProviderStrategy=strategy, forceNewDeployment=True)
    fleet.stable()
    after = fleet.tasks()
    assert not before & {task["taskArn"] for task in after}
    assert {task["capacityProviderName"] for task in after} == {"FARGATE"}


def test_a_deleted_service_drains_and_is_gone(fleet: Fleet) -> None:
    fleet.serve()
    fleet.stable()
    with pytest.raises(ClientError, match="scaled above 0"):
        fleet.ecs.delete_service(cluster="shop", service="web")
    assert fleet.ecs.delete_service(cluster="shop", service="web", force=True)["service"]["status"] == "DRAINING"
    until(lambda: fleet.service()["status"] == "INACTIVE")
    assert not fleet.tasks()


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "both": ({"launchType": "FARGATE", "capacityProviderStrategy": list(SPLIT)}, "launch type and capacity provider"),
    "two bases": (
        {"capacityProviderStrategy": [{**one, "base": 1} for one in SPLIT]},
        "Only one capacity provider",
    ),
    "no weight": (
        {"capacityProviderStrategy": [{"capacityProvider": "FARGATE", "base": 1, "weight": 0}]},
        "weight greater than 0",
    ),
    "unknown provider": ({"capacityProviderStrategy": [{"capacityProvider": "mine", "weight": 1}]}, "not associated"),
    "no network": ({"networkConfiguration": {}}, "Network Configuration must be provided"),
    "unknown subnet": (
        {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-0"]}}},
        "subnet-0' does not exist",
    ),
    "no room": (
        {"deploymentConfiguration": {"maximumPercent": 100, "minimumHealthyPercent": 100}},
        "block deployments",
    ),
    "unknown container": (
        {"loadBalancers": [{"containerName": "api", "containerPort": 80, "targetGroupArn": "arn:aws:x"}]},
        "container api does not exist",
    ),
    "unknown cluster": ({"cluster": "other"}, "Cluster not found"),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_a_service_that_ecs_refuses_is_refused(fleet: Fleet, case: str) -> None:
    given, message = REFUSED[case]
    with pytest.raises(ClientError, match=message):
        fleet.serve(**given)


def test_a_target_group_without_a_load_balancer_is_refused(fleet: Fleet) -> None:
    definition = fleet.define(container={"portMappings": [{"containerPort": 8080}]})
    given = {"containerName": "web", "containerPort": 8080, "targetGroupArn": fleet.group(balanced=False)}
    with pytest.raises(ClientError, match="does not have an associated load balancer"):
        fleet.serve(definition, loadBalancers=[given])


def test_tasks_are_registered_while_they_run(fleet: Fleet) -> None:
    definition = fleet.define(container={"portMappings": [{"containerPort": 8080}]})
    group = fleet.group()
    given = {"containerName": "web", "containerPort": 8080, "targetGroupArn": group}
    fleet.serve(definition, desired=3, loadBalancers=[given])
    fleet.stable()

    def registered() -> set[str]:
        found = fleet.aws("elbv2").describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return {one["Target"]["Id"] for one in found}

    def addresses() -> set[str]:
        return {one["containers"][0]["networkInterfaces"][0]["privateIpv4Address"] for one in fleet.tasks()}

    assert registered() == addresses()
    fleet.ecs.update_service(cluster="shop", service="web", desiredCount=1)
    until(lambda: len(fleet.tasks()) == 1)
    until(lambda: registered() == addresses())


def test_tasks_are_found_in_cloud_map_while_they_run(fleet: Fleet) -> None:
    cloud_map = fleet.aws("servicediscovery")
    operation = cloud_map.create_private_dns_namespace(Name="shop.internal", Vpc=fleet.vpc)["OperationId"]
    namespace = cloud_map.get_operation(OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]
    records = {"RoutingPolicy": "MULTIVALUE", "DnsRecords": [{"Type": "A", "TTL": 10}]}
    registry = cloud_map.create_service(Name="web", NamespaceId=namespace, DnsConfig=records)["Service"]
    fleet.serve(desired=3, serviceRegistries=[{"registryArn": registry["Arn"]}])
    fleet.stable()

    def found() -> set[str]:
        instances = cloud_map.list_instances(ServiceId=registry["Id"])["Instances"]
        return {one["Attributes"]["AWS_INSTANCE_IPV4"] for one in instances}

    def addresses() -> set[str]:
        return {one["containers"][0]["networkInterfaces"][0]["privateIpv4Address"] for one in fleet.tasks()}

    until(lambda: len(found()) == 3)
    assert found() == addresses()
    fleet.ecs.update_service(cluster="shop", service="web", desiredCount=1)
    until(lambda: len(fleet.tasks()) == 1)
    until(lambda: found() == addresses())
    fleet.clear()
    assert found() == set()


def test_services_stand_again_with_their_emulator(tmp_path: Path) -> None:
    first = client.start(tmp_path)
    fleet = Fleet(session(first))
    fleet.serve(desired=3)
    fleet.stable()
    before = {task["taskArn"] for task in fleet.tasks()}
    first.stop()
    second = client.start(tmp_path)
    try:
        again = Fleet.__new__(Fleet)
        again.aws = session(second)
        until(lambda: len([one for one in again.tasks() if one["lastStatus"] == "RUNNING"]) == 3)
        assert not before & {task["taskArn"] for task in again.tasks()}
        again.stable()
    finally:
        second.stop()
