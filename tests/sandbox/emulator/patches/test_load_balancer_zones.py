"""A load balancer stands in the zones of its subnets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_load_balancer_names_the_zones_of_its_subnets(aws: Aws) -> None:
    ec2, elb = aws("ec2"), aws("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.8.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]
        for n, zone in enumerate("ab")
    ]
    created = elb.create_load_balancer(Name="edge", Subnets=[one["SubnetId"] for one in subnets])["LoadBalancers"]
    (found,) = elb.describe_load_balancers()["LoadBalancers"]
    assert created == [found], "by either call"
    zones = {one["SubnetId"]: one["ZoneName"] for one in found["AvailabilityZones"]}
    assert zones == {one["SubnetId"]: one["AvailabilityZone"] for one in subnets}
