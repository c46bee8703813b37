"""Each group's size has the owner that the stack file names, and an active standby has its own counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.cluster import Cluster, ClusterArgs
from components.providers import default_tags
from config.load import load_file, stack_file
from review.record import record
from tests.components.cluster.surroundings import keys, network_of, options

if TYPE_CHECKING:
    from review.graph import Graph

GROUP = "eks:index:ManagedNodeGroup"
POLICY = "aws:autoscaling/policy:Policy"
OWNED_BY_AUTOSCALER = ("gpu", "blockchain", "monitoring")


def standby(*, active: bool) -> Graph:
    """The standby's cluster, following or serving."""
    settings = load_file(stack_file("dr"))

    def program() -> None:
        args = ClusterArgs(
            settings=settings.cluster,
            identity=settings.identity,
            network=network_of(settings),
            keys=keys(),
            tags=default_tags(settings.identity),
            active=active,
        )
        Cluster("cluster", args, options(settings))

    return record(program, "test")


@pytest.fixture(scope="module")
def following() -> Graph:
    return standby(active=False)


@pytest.fixture(scope="module")
def serving() -> Graph:
    return standby(active=True)


def _policy(graph: Graph, thing: str) -> dict[str, Any]:
    return dict(graph.named(f"cluster-general-size-{thing}", POLICY).inputs)


def test_cpu_is_held_at_the_seeds_seventy_per_cent(cluster: Graph) -> None:
    policy = _policy(cluster, "cpu")
    assert policy["policyType"] == "TargetTrackingScaling"
    assert policy["targetTrackingConfiguration"] == {
        "predefinedMetricSpecification": {"predefinedMetricType": "ASGAverageCPUUtilization"},
        "targetValue": 70,
    }, "section 2.2"


def test_the_load_is_forecast_within_the_maximum(cluster: Graph) -> None:
    prediction = _policy(cluster, "prediction")["predictiveScalingConfiguration"]
    assert prediction["mode"] == "ForecastAndScale"
    assert prediction["schedulingBufferTime"] == "600", "nodes are there before the load"
    assert prediction["maxCapacityBreachBehavior"] == "HonorMaxCapacity", "the subnets hold no more"


def test_spikes_are_answered_in_steps_from_the_alarms_threshold_on(cluster: Graph) -> None:
    alarm = cluster.named("cluster-general-size-spike").inputs
    assert alarm["threshold"] == 80
    assert alarm["dimensions"] == {"AutoScalingGroupName": "eks-cluster-general-group"}, "EKS's own group"
    assert _policy(cluster, "steps")["stepAdjustments"] == [
        {"metricIntervalLowerBound": "0", "metricIntervalUpperBound": "10", "scalingAdjustment": 20},
        {"metricIntervalLowerBound": "10", "scalingAdjustment": 50},
    ], "from 80 % a fifth more nodes, from 90 % half as many more"
    assert cluster.named("cluster-general-size-steps").urn in cluster.named("cluster-general-size-spike").dependencies


def test_a_scheduled_action_moves_the_minimum_of_the_whole_group_and_nothing_else(cluster: Graph) -> None:
    action = cluster.named("cluster-general-size-working-day").inputs
    assert action["minSize"] == 15, "five in each of three zones"
    assert (action["maxSize"], action["desiredCapacity"]) == (-1, -1), "left out the provider would set both to 0"


@pytest.mark.parametrize("group", OWNED_BY_AUTOSCALER)
def test_the_autoscaler_finds_its_groups_by_a_tag_that_no_other_has(cluster: Graph, group: str) -> None:
    tag = cluster.named(f"cluster-{group}-autoscaler").inputs
    assert tag["autoscalingGroupName"] == f"eks-cluster-{group}-group"
    assert tag["tag"] == {"key": "platform/cluster-autoscaler", "value": "phoenix-prod", "propagateAtLaunch": False}


def test_no_group_has_two_owners(cluster: Graph) -> None:
    tagged = {tag.inputs["autoscalingGroupName"] for tag in cluster.of_type("aws:autoscaling/tag:Tag")}
    with_policies = {policy.inputs["autoscalingGroupName"] for policy in cluster.of_type(POLICY)}
    assert len(tagged) == len(OWNED_BY_AUTOSCALER)
    assert tagged.isdisjoint(with_policies), "two owners undo each other's work"


def test_a_standby_that_serves_has_its_active_counts_and_owns_the_desired_size(serving: Graph) -> None:
    inputs = serving.named("cluster-general-group", GROUP).inputs
    assert inputs["scalingConfig"] == {"minSize": 10, "desiredSize": 10, "maxSize": 60}
    assert inputs["ignoreScalingChanges"] is False, "EKS refuses a minimum above the desired size it is sent"


def test_a_standby_that_follows_keeps_a_node_per_zone_warm(following: Graph) -> None:
    inputs = following.named("cluster-general-group", GROUP).inputs
    assert inputs["scalingConfig"] == {"minSize": 2, "desiredSize": 2, "maxSize": 60}
    assert inputs["ignoreScalingChanges"] is True, "what the group's owner changed is no drift"


def test_taking_over_changes_the_node_groups_counts_and_nothing_else(following: Graph, serving: Graph) -> None:
    before = {resource.urn: resource for resource in following.resources}
    after = {resource.urn: resource for resource in serving.resources}
    assert before.keys() == after.keys(), "nothing is made or deleted"
    changed = {urn for urn in before if before[urn].inputs != after[urn].inputs}
    assert {after[urn].type for urn in changed} == {GROUP}, "IAM cannot be changed while its region is lost"
    for urn in changed:
        differing = {key for key in after[urn].inputs if before[urn].inputs[key] != after[urn].inputs[key]}
        assert differing <= {"scalingConfig", "ignoreScalingChanges"}, "a group is not replaced"
