"""A cluster outlives its services and tasks, and keeps the capacity that they use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.tasks.fleet import Fleet, until

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


@pytest.fixture
def fleet(aws: Aws) -> Fleet:
    return Fleet(aws)


def test_a_cluster_with_services_is_not_deleted(fleet: Fleet) -> None:
    fleet.serve(desired=1)
    with pytest.raises(ClientError, match="ClusterContainsServices"):
        fleet.ecs.delete_cluster(cluster="shop")
    fleet.clear()
    assert fleet.ecs.delete_cluster(cluster="shop")["cluster"]["status"] == "INACTIVE"


def test_a_cluster_with_tasks_is_not_deleted(fleet: Fleet) -> None:
    task = fleet.ecs.run_task(
        cluster="shop", taskDefinition=fleet.define(), launchType="FARGATE", networkConfiguration=fleet.network
    )["tasks"][0]["taskArn"]
    with pytest.raises(ClientError, match="ClusterContainsTasks"):
        fleet.ecs.delete_cluster(cluster="shop")
    fleet.ecs.stop_task(cluster="shop", task=task)
    until(lambda: fleet.ecs.describe_tasks(cluster="shop", tasks=[task])["tasks"][0]["lastStatus"] == "STOPPED")
    fleet.ecs.delete_cluster(cluster="shop")


@pytest.mark.parametrize("left", [[], ["FARGATE"]])
def test_capacity_that_is_used_is_not_given_up(fleet: Fleet, left: list[str]) -> None:
    fleet.serve(desired=1)
    given = {"capacityProviders": left, "defaultCapacityProviderStrategy": []}
    with pytest.raises(ClientError, match="is in use"):
        fleet.ecs.put_cluster_capacity_providers(cluster="shop", **given)
    fleet.clear()
    assert fleet.ecs.put_cluster_capacity_providers(cluster="shop", **given)["cluster"]["capacityProviders"] == left
