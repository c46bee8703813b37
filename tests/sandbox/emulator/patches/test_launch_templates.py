"""A launch template keeps the key of its encrypted volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

KEY = "arn:aws:kms:us-east-1:111122223333:key/1"


def test_each_volume_keeps_its_own_key(aws: Aws) -> None:
    ec2 = aws("ec2")
    volumes = [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "Encrypted": True}},
        {"DeviceName": "/dev/xvdb", "Ebs": {"VolumeSize": 50, "Encrypted": True, "KmsKeyId": KEY}},
    ]
    ec2.create_launch_template(LaunchTemplateName="nodes", LaunchTemplateData={"BlockDeviceMappings": volumes})
    versions = ec2.describe_launch_template_versions(LaunchTemplateName="nodes")["LaunchTemplateVersions"]
    found = versions[0]["LaunchTemplateData"]["BlockDeviceMappings"]
    assert [mapping["Ebs"].get("KmsKeyId") for mapping in found] == [None, KEY], "a key belongs to one volume"
