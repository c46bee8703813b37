"""A rule keeps its prefix list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


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


def test_a_rule_keeps_its_prefix_list(ec2: Client, group: str) -> None:
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": "pl-1"}]}
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[https])
    assert "pl-1" in {rule.get("PrefixListId") for rule in _egress(ec2, group)}, "a prefix list is a peer of a rule"
