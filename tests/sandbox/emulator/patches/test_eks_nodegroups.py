"""A node group keeps its launch template and its update and repair settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

ROLE = "arn:aws:iam::111122223333:role/node"


@pytest.fixture
def eks(aws: Aws) -> Client:
    """A client of an account with a cluster."""
    client = aws("eks")
    client.create_cluster(name="c", roleArn=ROLE, resourcesVpcConfig={"subnetIds": ["subnet-1"]})
    return client


@pytest.fixture
def template(aws: Aws) -> str:
    made = aws("ec2").create_launch_template(LaunchTemplateName="t", LaunchTemplateData={"InstanceType": "c7i.large"})
    return str(made["LaunchTemplate"]["LaunchTemplateId"])


def _create(eks: Client, **given: object) -> dict[str, object]:
    eks.create_nodegroup(clusterName="c", nodegroupName="n", nodeRole=ROLE, subnets=["subnet-1"], **given)
    return dict(eks.describe_nodegroup(clusterName="c", nodegroupName="n")["nodegroup"])


def test_a_node_group_keeps_its_launch_template(eks: Client, template: str) -> None:
    found = _create(eks, launchTemplate={"id": template, "version": "1"})
    assert found.get("launchTemplate") == {"id": template, "name": "t", "version": "1"}, "id, name and version"
    assert "diskSize" not in found, "the disk is the template's"


def test_a_template_named_by_name_has_its_default_version(eks: Client, template: str) -> None:
    found = _create(eks, launchTemplate={"name": "t"})
    assert found.get("launchTemplate") == {"id": template, "name": "t", "version": "1"}, "the rest is looked up"


def test_an_unknown_template_is_refused(eks: Client) -> None:
    with pytest.raises(ClientError, match="launch template does not exist"):
        _create(eks, launchTemplate={"id": "lt-1"})


def test_update_and_repair_settings_are_kept(eks: Client) -> None:
    found = _create(eks, updateConfig={"maxUnavailablePercentage": 33}, nodeRepairConfig={"enabled": True})
    shown = (found.get("updateConfig"), found.get("nodeRepairConfig"))
    assert shown == ({"maxUnavailablePercentage": 33}, {"enabled": True}), "both are described"


def test_one_node_at_a_time_is_updated_unless_set_otherwise(eks: Client) -> None:
    assert _create(eks).get("updateConfig") == {"maxUnavailable": 1}, "AWS's default"
