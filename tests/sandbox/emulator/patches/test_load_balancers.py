"""A load balancer stands in the zones of its subnets, and in the hosted zone of its region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


@pytest.mark.parametrize(("region", "hosted_zone"), [("us-east-1", "Z35SXDOTRQ7X7K"), ("us-west-2", "Z1H1FL5HABSF5")])
def test_a_load_balancer_tells_where_it_is(aws: Aws, region: str, hosted_zone: str) -> None:
    ec2, elb = aws("ec2", region), aws("elbv2", region)
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    subnets = {
        zone: ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.8.{n}.0/24", AvailabilityZone=f"{region}{zone}")["Subnet"]
        for n, zone in enumerate("ab")
    }
    created = elb.create_load_balancer(Name="edge", Subnets=[one["SubnetId"] for one in subnets.values()])
    (found,) = elb.describe_load_balancers()["LoadBalancers"]
    assert created["LoadBalancers"] == [found], "by either call"
    assert found["CanonicalHostedZoneId"] == hosted_zone, "an alias names it"
    zones = {one["SubnetId"]: one["ZoneName"] for one in found["AvailabilityZones"]}
    assert zones == {one["SubnetId"]: f"{region}{zone}" for zone, one in subnets.items()}
