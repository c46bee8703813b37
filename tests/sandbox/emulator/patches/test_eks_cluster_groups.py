"""A cluster is in the VPC of its subnets and has a security group that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator
ROLE = "arn:aws:iam::111122223333:role/cluster"


@pytest.fixture
def subnet(aws: Aws) -> str:
    vpc = aws("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    return str(aws("ec2").create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"])


def _create(aws: Aws, subnet: str, **given: object) -> dict[str, object]:
    network = {"subnetIds": [subnet]}
    aws("eks").create_cluster(name="c", roleArn=ROLE, resourcesVpcConfig=network, **given)
    return dict(aws("eks").describe_cluster(name="c")["cluster"])


def _network(cluster: dict[str, object]) -> dict[str, str]:
    network = cluster["resourcesVpcConfig"]
    assert isinstance(network, dict)
    return network


def test_a_cluster_is_in_the_vpc_of_its_subnets(aws: Aws, subnet: str) -> None:
    found = aws("ec2").describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
    assert _network(_create(aws, subnet))["vpcId"] == found, "the VPC follows from the subnets"


def test_rules_can_be_added_to_the_cluster_s_group(aws: Aws, subnet: str) -> None:
    group = _network(_create(aws, subnet))["clusterSecurityGroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    answer = aws("ec2").authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    assert answer["Return"] is True, "the group EKS makes is a group of EC2"


def test_the_cluster_s_group_goes_with_it(aws: Aws, subnet: str) -> None:
    group = _network(_create(aws, subnet))["clusterSecurityGroupId"]
    aws("eks").delete_cluster(name="c")
    with pytest.raises(ClientError, match=r"InvalidGroup\.NotFound"):
        aws("ec2").describe_security_groups(GroupIds=[group])
