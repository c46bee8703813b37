"""Zones have ids; in us-east-1 the letter does not tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def zones(aws: Aws, region: str, **asked: object) -> dict[str, str]:
    answer = aws("ec2", region).describe_availability_zones(**asked)
    return {zone["ZoneName"]: zone["ZoneId"] for zone in answer["AvailabilityZones"]}


def test_a_region_has_all_its_zones(aws: Aws) -> None:
    east = zones(aws, "us-east-1")
    assert len(east) == 6
    assert east["us-east-1e"] == "use1-az3"
    assert set(east.values()) == {f"use1-az{number}" for number in range(1, 7)}
    assert zones(aws, "us-west-2")["us-west-2d"] == "usw2-az4"


def test_a_subnet_is_where_its_zone_is_by_name_and_by_id(aws: Aws) -> None:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    named = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24", AvailabilityZone="us-east-1e")["Subnet"]
    by_id = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.2.0/24", AvailabilityZoneId="use1-az3")["Subnet"]
    assert named["AvailabilityZoneId"] == "use1-az3"
    assert by_id["AvailabilityZone"] == "us-east-1e"


def test_one_zone_can_be_asked_for(aws: Aws) -> None:
    assert zones(aws, "us-east-1", ZoneNames=["us-east-1b"]) == {"us-east-1b": "use1-az1"}
