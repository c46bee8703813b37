"""The metrics of a group that are collected are read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

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


def _enabled(autoscaling: Client) -> list[str]:
    group = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=["g"])["AutoScalingGroups"][0]
    return [metric["Metric"] for metric in group.get("EnabledMetrics", [])]


def test_collected_metrics_are_read_back(autoscaling: Client) -> None:
    autoscaling.enable_metrics_collection(
        AutoScalingGroupName="g", Metrics=["GroupMinSize", "GroupMaxSize"], Granularity="1Minute"
    )
    autoscaling.disable_metrics_collection(AutoScalingGroupName="g", Metrics=["GroupMaxSize"])
    assert _enabled(autoscaling) == ["GroupMinSize"], "what is collected is described"


def test_naming_no_metric_means_all_of_them(autoscaling: Client) -> None:
    autoscaling.enable_metrics_collection(AutoScalingGroupName="g", Granularity="1Minute")
    assert len(_enabled(autoscaling)) == 8, "a group has eight basic metrics"


def test_an_unknown_group_is_an_error(autoscaling: Client) -> None:
    with pytest.raises(ClientError, match="name not found"):
        autoscaling.enable_metrics_collection(AutoScalingGroupName="other", Granularity="1Minute")
