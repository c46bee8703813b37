"""A node group's Auto Scaling group is there, takes policies, and follows what is done to either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
ROLE = "arn:aws:iam::111122223333:role/cluster"
NODE_GROUP = {"clusterName": "c", "nodegroupName": "n"}


@pytest.fixture
def eks(aws: Aws) -> Client:
    """A client of an account with a cluster and a warm node group."""
    client = aws("eks")
    client.create_cluster(name="c", version="1.35", roleArn=ROLE, resourcesVpcConfig={"subnetIds": ["subnet-1"]})
    counts = {"minSize": 1, "desiredSize": 1, "maxSize": 9}
    client.create_nodegroup(**NODE_GROUP, nodeRole=ROLE, subnets=["subnet-1"], scalingConfig=counts)
    return client


@pytest.fixture
def autoscaling(aws: Aws) -> Client:
    return aws("autoscaling")


def described(eks: Client) -> dict[str, Any]:
    return dict(eks.describe_nodegroup(**NODE_GROUP)["nodegroup"])


def name_of(eks: Client) -> str:
    return str(described(eks)["resources"]["autoScalingGroups"][0]["name"])


def asg(autoscaling: Client, name: str) -> dict[str, Any]:
    (found,) = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    return dict(found)


def test_the_group_behind_a_node_group_has_its_counts_and_nodes(eks: Client, autoscaling: Client) -> None:
    found = asg(autoscaling, name_of(eks))
    assert (found["MinSize"], found["DesiredCapacity"], found["MaxSize"]) == (1, 1, 9)
    assert len(found["Instances"]) == 1, "the desired nodes run"


def test_a_new_size_of_the_node_group_reaches_the_group_behind_it(eks: Client, autoscaling: Client) -> None:
    eks.update_nodegroup_config(**NODE_GROUP, scalingConfig={"minSize": 5, "desiredSize": 6})
    found = asg(autoscaling, name_of(eks))
    assert (found["MinSize"], len(found["Instances"])) == (5, 6)


def test_what_an_owner_does_to_the_group_is_what_the_node_group_says(eks: Client, autoscaling: Client) -> None:
    autoscaling.set_desired_capacity(AutoScalingGroupName=name_of(eks), DesiredCapacity=4)
    assert described(eks)["scalingConfig"]["desiredSize"] == 4, "the provider reads its state here"
    eks.update_nodegroup_config(**NODE_GROUP, scalingConfig={"maxSize": 12})
    assert asg(autoscaling, name_of(eks))["DesiredCapacity"] == 4, "what is not named stays as the owner made it"


@pytest.mark.parametrize(
    ("counts", "reported"),
    [
        ({"minSize": 5}, "Minimum capacity 5 can't be greater than desired size 1"),
        ({"minSize": 5, "desiredSize": 1, "maxSize": 9}, "Minimum capacity 5 can't be greater than desired size 1"),
        ({"desiredSize": 10}, "can't be greater than max size 9"),
    ],
)
def test_counts_out_of_order_are_refused_and_nothing_changes(
    eks: Client, counts: dict[str, int], reported: str
) -> None:
    with pytest.raises(ClientError, match=reported):
        eks.update_nodegroup_config(**NODE_GROUP, scalingConfig=counts)
    assert described(eks)["scalingConfig"] == {"minSize": 1, "desiredSize": 1, "maxSize": 9}


def test_minimum_and_desired_size_rise_in_one_call(eks: Client) -> None:
    eks.update_nodegroup_config(**NODE_GROUP, scalingConfig={"minSize": 5, "desiredSize": 5, "maxSize": 9})
    assert described(eks)["scalingConfig"]["minSize"] == 5, "what a standby does that takes over"


def test_a_predictive_policy_is_read_back_as_it_was_put(eks: Client, autoscaling: Client) -> None:
    specification = {
        "TargetValue": 70.0,
        "PredefinedMetricPairSpecification": {"PredefinedMetricType": "ASGCPUUtilization"},
    }
    wanted = {"MetricSpecifications": [specification], "Mode": "ForecastAndScale", "SchedulingBufferTime": 600}
    autoscaling.put_scaling_policy(
        AutoScalingGroupName=name_of(eks),
        PolicyName="prediction",
        PolicyType="PredictiveScaling",
        PredictiveScalingConfiguration=wanted,
    )
    (policy,) = autoscaling.describe_policies(AutoScalingGroupName=name_of(eks))["ScalingPolicies"]
    assert wanted.items() <= policy["PredictiveScalingConfiguration"].items()


def test_eks_tags_every_group_for_the_usual_discovery(eks: Client, autoscaling: Client) -> None:
    tags = {tag["Key"] for tag in asg(autoscaling, name_of(eks))["Tags"]}
    assert tags == {"k8s.io/cluster-autoscaler/enabled", "k8s.io/cluster-autoscaler/c"}, "hence a tag of our own"


def test_a_deleted_node_group_takes_its_group_and_actions_along(eks: Client, autoscaling: Client) -> None:
    name = name_of(eks)
    autoscaling.put_scheduled_update_group_action(
        AutoScalingGroupName=name, ScheduledActionName="morning", Recurrence="0 7 * * *", MinSize=5
    )
    eks.delete_nodegroup(**NODE_GROUP)
    assert autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"] == []
    assert autoscaling.describe_scheduled_actions(AutoScalingGroupName=name)["ScheduledUpdateGroupActions"] == []
