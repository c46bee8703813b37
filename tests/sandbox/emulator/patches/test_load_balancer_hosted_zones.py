"""A load balancer stands in the hosted zone of its region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


@pytest.mark.parametrize(
    ("region", "hosted_zone"),
    [
        ("us-east-1", "Z35SXDOTRQ7X7K"),
        ("us-west-2", "Z1H1FL5HABSF5"),
        ("eu-central-1", "Z215JYRZR1TBD5"),
        ("sa-east-1", "Z2P70J7HTTTPLU"),
    ],
)
def test_a_load_balancer_names_the_hosted_zone_of_its_region(aws: Aws, region: str, hosted_zone: str) -> None:
    ec2, elb = aws("ec2", region), aws("elbv2", region)
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.8.0.0/24")["Subnet"]["SubnetId"]
    created = elb.create_load_balancer(Name="edge", Subnets=[subnet])["LoadBalancers"]
    found = elb.describe_load_balancers()["LoadBalancers"]
    assert [one["CanonicalHostedZoneId"] for one in created + found] == [hosted_zone] * 2, "an alias names it"
