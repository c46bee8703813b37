"""Scaling policies and schedules are found by name and type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def autoscaling(aws: Aws) -> Client:
    """A client of an account with one group and two policies."""
    client = aws("autoscaling")
    aws("ec2").create_launch_template(
        LaunchTemplateName="nodes", LaunchTemplateData={"ImageId": "ami-0123456789abcdef0"}
    )
    template = {"LaunchTemplateName": "nodes", "Version": "$Latest"}
    client.create_auto_scaling_group(
        AutoScalingGroupName="g", MinSize=0, MaxSize=1, AvailabilityZones=["us-east-1a"], LaunchTemplate=template
    )
    for name in ("cpu", "network"):
        client.put_scaling_policy(
            AutoScalingGroupName="g",
            PolicyName=name,
            PolicyType="TargetTrackingScaling",
            TargetTrackingConfiguration={
                "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
                "TargetValue": 70.0,
            },
        )
    return client


def test_a_policy_is_found_by_its_name_alone(autoscaling: Client) -> None:
    found = autoscaling.describe_policies(AutoScalingGroupName="g", PolicyNames=["cpu"])["ScalingPolicies"]
    assert [policy["PolicyName"] for policy in found] == ["cpu"], "the filter PolicyNames selects"


def test_policies_are_found_by_type(autoscaling: Client) -> None:
    found = autoscaling.describe_policies(AutoScalingGroupName="g", PolicyTypes=["StepScaling"])["ScalingPolicies"]
    assert found == [], "the filter PolicyTypes selects"


def test_a_schedule_is_found_by_its_name_alone(autoscaling: Client) -> None:
    for name in ("day", "night"):
        autoscaling.put_scheduled_update_group_action(
            AutoScalingGroupName="g", ScheduledActionName=name, Recurrence="0 6 * * *", MinSize=0, MaxSize=1
        )
    asked = {"AutoScalingGroupName": "g", "ScheduledActionNames": ["night"]}
    found = autoscaling.describe_scheduled_actions(**asked)["ScheduledUpdateGroupActions"]
    assert [action["ScheduledActionName"] for action in found] == ["night"], "the filter ScheduledActionNames selects"
    every = autoscaling.describe_scheduled_actions(AutoScalingGroupName="g")["ScheduledUpdateGroupActions"]
    assert len(every) == 2, "without a filter all of them are reported"
