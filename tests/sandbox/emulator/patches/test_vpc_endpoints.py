"""An endpoint keeps its policy, private DNS and groups, through creation and change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
POLICY = '{"Version":"2012-10-17","Statement":[{"Sid":"a<b&c"}]}'


@pytest.fixture
def ec2(aws: Aws) -> Client:
    return aws("ec2")


@pytest.fixture
def vpc(ec2: Client) -> str:
    return str(ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def group(ec2: Client, vpc: str) -> str:
    return str(ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"])


def _create(ec2: Client, vpc: str, **given: object) -> str:
    asked = {"VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.us-east-1.kms", "VpcId": vpc, **given}
    return str(ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"])


def _describe(ec2: Client, endpoint: str) -> dict[str, object]:
    return dict(ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0])


def test_an_interface_endpoint_is_read_back_whole(ec2: Client, vpc: str, group: str) -> None:
    created = _create(ec2, vpc, PolicyDocument=POLICY, PrivateDnsEnabled=True, SecurityGroupIds=[group])
    found = _describe(ec2, created)
    shown = (found.get("PolicyDocument"), found.get("PrivateDnsEnabled"), found.get("Groups"))
    assert shown == (POLICY, True, [{"GroupId": group, "GroupName": "g"}]), "what was asked for is what is described"


def test_an_endpoint_without_a_policy_has_the_open_one(ec2: Client, vpc: str) -> None:
    policy = json.loads(str(_describe(ec2, _create(ec2, vpc)).get("PolicyDocument", "{}")))
    effects = [(s["Effect"], s["Action"]) for s in policy.get("Statement", [])]
    assert effects == [("Allow", "*")], "AWS attaches full access where no policy is given"


def test_an_interface_endpoint_without_groups_has_the_default_one(ec2: Client, vpc: str) -> None:
    groups = _describe(ec2, _create(ec2, vpc)).get("Groups", [])
    assert isinstance(groups, list)
    assert [found["GroupName"] for found in groups] == ["default"], "AWS takes the default group of the VPC"


def test_a_change_reaches_groups_dns_and_policy(ec2: Client, vpc: str, group: str) -> None:
    created = _create(ec2, vpc, PrivateDnsEnabled=False)
    default = _describe(ec2, created).get("Groups", [{}])
    assert isinstance(default, list)
    ec2.modify_vpc_endpoint(
        VpcEndpointId=created,
        PrivateDnsEnabled=True,
        PolicyDocument=POLICY,
        AddSecurityGroupIds=[group],
        RemoveSecurityGroupIds=[default[0].get("GroupId", "")],
    )
    found = _describe(ec2, created)
    shown = (found.get("PolicyDocument"), found.get("PrivateDnsEnabled"), found.get("Groups"))
    assert shown == (POLICY, True, [{"GroupId": group, "GroupName": "g"}]), "a change is read back"


def test_a_reset_policy_is_the_open_one(ec2: Client, vpc: str) -> None:
    created = _create(ec2, vpc, PolicyDocument=POLICY)
    ec2.modify_vpc_endpoint(VpcEndpointId=created, ResetPolicy=True)
    assert '"Action":"*"' in str(_describe(ec2, created).get("PolicyDocument")), "a reset gives full access again"
