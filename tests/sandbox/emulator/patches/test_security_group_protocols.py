"""A rule for all protocols has no ports, and keeps its tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
EVERYTHING = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


@pytest.fixture
def ec2(aws: Aws) -> Client:
    return aws("ec2")


@pytest.fixture
def group(ec2: Client) -> str:
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    return str(ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"])


def _egress(ec2: Client, group: str) -> list[dict[str, object]]:
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    return [rule for rule in rules if rule["IsEgress"]]


def test_the_default_egress_rule_is_revoked_as_the_provider_names_it(ec2: Client, group: str) -> None:
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[{**EVERYTHING, "FromPort": 0, "ToPort": 0}])
    assert _egress(ec2, group) == [], "ports do not tell rules for all protocols apart"


def test_an_egress_rule_keeps_its_tags(ec2: Client, group: str) -> None:
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[{**EVERYTHING, "FromPort": 0, "ToPort": 0}])
    tags = [{"Key": "Name", "Value": "out"}]
    ec2.authorize_security_group_egress(
        GroupId=group,
        IpPermissions=[EVERYTHING],
        TagSpecifications=[{"ResourceType": "security-group-rule", "Tags": tags}],
    )
    assert [rule["Tags"] for rule in _egress(ec2, group)] == [tags], "the tags of a rule are its own"


def test_ports_tell_rules_for_one_protocol_apart(ec2: Client, group: str) -> None:
    web = {"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[{**web, "FromPort": 80, "ToPort": 80}])
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[{**web, "FromPort": 81, "ToPort": 81}])
    assert 80 in {rule.get("FromPort") for rule in _egress(ec2, group)}, "another port is another rule"
