"""Instance types are offered by region, zone and zone id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def offers(aws: Aws, region: str, kind: str, *types: str) -> set[tuple[str, str]]:
    filters = [{"Name": "instance-type", "Values": list(types)}]
    answer = aws("ec2", region).describe_instance_type_offerings(LocationType=kind, Filters=filters)
    return {(one["InstanceType"], one["Location"]) for one in answer["InstanceTypeOfferings"]}


def test_a_type_is_offered_in_zones_of_the_region_that_is_asked(aws: Aws) -> None:
    found = offers(aws, "us-west-2", "availability-zone", "c5.large", "no.such")
    assert ("c5.large", "us-west-2a") in found
    assert {name for name, _zone in found} == {"c5.large"}
    assert offers(aws, "us-west-2", "region", "c5.*") >= {("c5.large", "us-west-2"), ("c5.xlarge", "us-west-2")}


def test_a_retired_type_is_offered_nowhere(aws: Aws) -> None:
    assert offers(aws, "us-east-1", "availability-zone", "p3.2xlarge") == set()


def test_a_zone_has_the_id_that_the_region_gives_it(aws: Aws) -> None:
    ids = {zone["ZoneId"] for zone in aws("ec2").describe_availability_zones()["AvailabilityZones"]}
    found = {place for _name, place in offers(aws, "us-east-1", "availability-zone-id", "c5.large")}
    assert found
    assert found <= ids
