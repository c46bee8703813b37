"""What computes costs what was worked out by hand, a small stack each; what a pricer cannot know is named."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from review.cost.compute import split
from review.cost.prices import Prices
from review.cost.rest import at_rest
from tests.review.cost.made import amounts, gaps, graph, price, resource, rest

if TYPE_CHECKING:
    from review.graph import Resource

GROUP, TEMPLATE, CLUSTER = (
    "aws:eks/nodeGroup:NodeGroup", "aws:ec2/launchTemplate:LaunchTemplate", "aws:eks/cluster:Cluster",
)  # fmt: skip
SERVICE, TASK, TARGET = (
    "aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition", "aws:appautoscaling/target:Target",
)  # fmt: skip


def test_nodes_cost_by_the_least_size_of_their_group_with_volumes_and_metrics() -> None:
    ebs = {"volumeType": "gp3", "volumeSize": 200, "iops": 6000, "throughput": 500}
    template = resource(TEMPLATE, monitoring={"enabled": True}, blockDeviceMappings=[{"ebs": ebs}])
    sizes = {"minSize": 3, "desiredSize": 5, "maxSize": 9}
    group = resource(
        GROUP, links={"launchTemplate": template.urn}, scalingConfig=sizes, instanceTypes=["c5.large", "c5.xlarge"]
    )
    found = rest(
        template,
        group,
        prices=(
            price("ec2_linux_on_demand.c5.large", "0.1"),
            price("ebs.gp3_storage", "0.08", "GB-month"),
            price("ebs.gp3_iops_over_3000", "0.005", "IOPS-month"),
            price("ebs.gp3_throughput_over_125", "0.04", "MBps-month"),
            price("cloudwatch.custom_metric_first_10k", "0.3", "metric-month"),
        ),
    )
    assert amounts(found) == {
        "node c5.large": "219",  # 3 x 0.1 x 730
        "GiB of gp3 volume of a node": "48",  # 3 x 200 x 0.08
        "IOPS of the volume of a node": "45",  # 3 x 3,000 x 0.005
        "MiB/s of the volume of a node": "45",  # 3 x 375 x 0.04
        "metric of detailed monitoring": "6.3",  # 3 x 7 x 0.3
    }
    assert found.monthly == 219 + 48 + 45 + 45 + 6 + found.lines[-1].price.usd
    assert gaps(found) == {}


def test_a_group_that_may_be_empty_costs_nothing_at_rest() -> None:
    found = rest(resource(GROUP, scalingConfig={"minSize": 0}, instanceTypes=["p5.48xlarge"]))
    assert (amounts(found), gaps(found)) == ({}, {})


def test_nodes_on_spot_and_nodes_of_a_type_without_a_price_are_named() -> None:
    spot = resource(GROUP, capacityType="SPOT", scalingConfig={"minSize": 2}, instanceTypes=["c5.large"])
    found = rest(spot, prices=(price("ec2_linux_on_demand.c5.large", "0.1"),))
    assert set(gaps(found)) == {"2 nodes on Spot", "GiB of gp3 volume of a node"}, "20 GiB each, by default"
    assert found.monthly == 0


@pytest.mark.parametrize(
    ("version", "support", "today", "amount"),
    [
        ("1.35", "STANDARD", date(2026, 11, 30), "73"),
        ("1.35", "EXTENDED", date(2027, 3, 27), "73"),
        ("1.35", "EXTENDED", date(2027, 3, 28), "438"),
        ("1.35", None, date(2027, 3, 28), "438"),
        ("1.35", "STANDARD", date(2027, 3, 28), "73"),
    ],
)
def test_a_control_plane_costs_more_once_it_is_in_extended_support(
    version: str, support: str | None, today: date, amount: str
) -> None:
    policy = {"upgradePolicy": {"supportType": support}} if support else {}
    prices = Prices.of((price("eks.control_plane_standard", "0.1"), price("eks.control_plane_extended_support", "0.6")))
    found = at_rest(graph(resource(CLUSTER, version=version, **policy)), today, prices)
    assert amounts(found) == {"control plane of Kubernetes 1.35": amount}


FARGATE = (
    price("fargate.vcpu_linux_x86", "0.04", "vCPU-hour"), price("fargate.memory_linux_x86", "0.004", "GB-hour"),
    price("fargate.vcpu_linux_x86_spot", "0.01", "vCPU-hour"),
    price("fargate.memory_linux_x86_spot", "0.001", "GB-hour"),
    price("vpc.public_ipv4", "0.005"),
)  # fmt: skip


def service(least: int | None, desired: int, **inputs: Any) -> tuple[Resource, ...]:  # noqa: ANN401
    """Return a service of half a vCPU and 2 GiB, scaled from a least number of tasks."""
    task = resource(TASK, cpu="512", memory="2048")
    made = resource(SERVICE, links={"taskDefinition": task.urn}, desiredCount=desired, **inputs)
    bounds = resource(
        TARGET,
        links={"resourceId": made.urn},
        resourceId="service/c/one",
        scalableDimension="ecs:service:DesiredCount",
        minCapacity=least,
    )
    return (task, made) if least is None else (task, made, bounds)


ON_SPOT = [{"capacityProvider": "FARGATE", "base": 1}, {"capacityProvider": "FARGATE_SPOT", "weight": 1}]


def test_tasks_cost_by_the_least_number_that_scaling_keeps() -> None:
    found = rest(*service(2, 5, launchType="FARGATE"), prices=FARGATE)
    assert amounts(found) == {"vCPU of Fargate x86": "29.2", "GiB of memory of Fargate x86": "11.68"}
    stated = rest(*service(None, 5, launchType="FARGATE"), prices=FARGATE)
    assert amounts(stated)["vCPU of Fargate x86"] == "73", "5 x 0.5 x 0.04 x 730: nothing scales it"


def test_a_service_that_scales_to_zero_costs_nothing_at_rest() -> None:
    found = rest(*service(0, 0, capacityProviderStrategies=ON_SPOT), prices=FARGATE)
    assert (amounts(found), gaps(found)) == ({}, {})


def test_tasks_beyond_the_base_are_priced_on_spot_and_addresses_are_counted() -> None:
    network = {"assignPublicIp": True}
    found = rest(*service(3, 3, capacityProviderStrategies=ON_SPOT, networkConfiguration=network), prices=FARGATE)
    assert amounts(found) == {
        "vCPU of Fargate x86": "14.6",  # 1 x 0.5 x 0.04 x 730
        "GiB of memory of Fargate x86": "5.84",
        "vCPU of Fargate Spot x86": "7.3",  # 2 x 0.5 x 0.01 x 730
        "GiB of memory of Fargate Spot x86": "2.92",
        "public IPv4 address of a task": "10.95",
    }


def test_volumes_of_tasks_and_tasks_on_instances_have_no_price_and_are_named() -> None:
    found = rest(*service(2, 2, capacityProviderStrategies=[{"capacityProvider": "own", "weight": 1}],
                          volumeConfiguration={"name": "data"}), prices=FARGATE)  # fmt: skip
    assert list(gaps(found)) == ["2 tasks on own", "volumes of 2 tasks"]


def test_a_control_plane_of_another_tier_is_named() -> None:
    made = resource(CLUSTER, version="1.35", controlPlaneScalingConfig={"tier": "tier-xl"})
    assert "control plane of tier tier-xl" in gaps(rest(made))


@pytest.mark.parametrize(
    ("tasks", "wanted"), [(0, {}), (1, {"a": 1}), (2, {"a": 2}), (3, {"a": 2, "b": 1}), (8, {"a": 4, "b": 4})]
)
def test_tasks_are_split_by_base_and_weight(tasks: int, wanted: dict[str, int]) -> None:
    strategy = [{"capacityProvider": "a", "base": 2, "weight": 1}, {"capacityProvider": "b", "weight": 2}]
    assert split(tasks, strategy) == wanted
