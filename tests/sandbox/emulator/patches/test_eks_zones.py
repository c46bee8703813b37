"""A cluster is refused in a zone that EKS does not take, whatever its letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.facts.regions import EKS_WITHOUT, regions

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

ROLE = "arn:aws:iam::111122223333:role/cluster"
WITHOUT = sorted(
    (region.zone_id(number), name)
    for name, region in regions().items()
    for number in region.numbers
    if region.zone_id(number) in EKS_WITHOUT
)
"""Zones without control planes, of those that offers name."""


def _zones(aws: Aws, region: str) -> dict[str, str]:
    found = aws("ec2", region).describe_availability_zones()["AvailabilityZones"]
    return {zone["ZoneId"]: zone["ZoneName"] for zone in found}


def _create(aws: Aws, region: str, *zones: str) -> None:
    ec2 = aws("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    blocks = (f"10.9.{number}.0/24" for number in range(len(zones)))
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for zone, block in zip(zones, blocks, strict=True)
    ]
    aws("eks", region).create_cluster(name="c", roleArn=ROLE, resourcesVpcConfig={"subnetIds": subnets})


@pytest.mark.parametrize(("zone", "region"), WITHOUT)
def test_a_zone_without_control_planes_is_refused(aws: Aws, zone: str, region: str) -> None:
    zones = _zones(aws, region)
    other = next(name for key, name in zones.items() if key not in EKS_WITHOUT)
    eks = aws("eks", region)
    with pytest.raises(eks.exceptions.UnsupportedAvailabilityZoneException, match=zones[zone]) as refused:
        _create(aws, region, other, zones[zone])
    named = str(refused.value).partition("choose from these availability zones: ")[2].split(", ")
    assert set(named) == set(zones.values()) - {zones[zone]}, "it says which zones it takes"
    assert eks.list_clusters()["clusters"] == [], "nothing was made"


def test_every_other_zone_takes_one(aws: Aws) -> None:
    zones = _zones(aws, "us-east-1")
    _create(aws, "us-east-1", *(name for key, name in zones.items() if key not in EKS_WITHOUT))
    assert aws("eks").list_clusters()["clusters"] == ["c"]
