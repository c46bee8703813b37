"""A tag is found by its group and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_tag_is_found_by_its_group_and_key(aws: Aws) -> None:
    autoscaling = aws("autoscaling")
    tags = [
        {
            "ResourceId": group,
            "ResourceType": "auto-scaling-group",
            "Key": key,
            "Value": "x",
            "PropagateAtLaunch": False,
        }
        for group in ("one", "other")
        for key in ("owner", "purpose")
    ]
    aws("ec2").create_launch_template(
        LaunchTemplateName="nodes", LaunchTemplateData={"ImageId": "ami-0123456789abcdef0"}
    )
    template = {"LaunchTemplateName": "nodes", "Version": "$Latest"}
    for group in ("one", "other"):
        autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=group, MinSize=0, MaxSize=1, AvailabilityZones=["us-east-1a"], LaunchTemplate=template
        )
    autoscaling.create_or_update_tags(Tags=tags)
    filters = [{"Name": "auto-scaling-group", "Values": ["one"]}, {"Name": "key", "Values": ["owner"]}]
    assert autoscaling.describe_tags(Filters=filters)["Tags"] == tags[:1], "both filters select"
    assert len(autoscaling.describe_tags()["Tags"]) == 4, "without a filter all of them are there"
