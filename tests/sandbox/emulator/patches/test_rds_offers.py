"""RDS offers versions that can be created, and classes with gp3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def orderable(aws: Aws, **asked: str) -> list[dict[str, Any]]:
    answer = aws("rds").describe_orderable_db_instance_options(Engine="postgres", **asked)
    found: list[dict[str, Any]] = answer["OrderableDBInstanceOptions"]
    return found


def test_minors_that_can_be_created_are_offered(aws: Aws) -> None:
    found = aws("rds").describe_db_engine_versions(Engine="postgres")["DBEngineVersions"]
    versions = {one["EngineVersion"]: one["DBParameterGroupFamily"] for one in found}
    assert versions["17.10"] == "postgres17"
    assert "17.4" not in versions
    (one,) = aws("rds").describe_db_engine_versions(Engine="postgres", EngineVersion="17.10")["DBEngineVersions"]
    assert one["Status"] == "available"


def test_a_class_is_orderable_with_gp3_in_each_zone(aws: Aws) -> None:
    found = orderable(aws, EngineVersion="17.10", DBInstanceClass="db.r5.2xlarge")
    zones = next(one["AvailabilityZones"] for one in found if one["StorageType"] == "gp3")
    assert {zone["Name"] for zone in zones} >= {"us-east-1a", "us-east-1c"}


@pytest.mark.parametrize("asked", [{"EngineVersion": "9.6.1"}, {"DBInstanceClass": "db.z9.huge"}])
def test_what_is_not_offered_is_not_orderable(aws: Aws, asked: dict[str, str]) -> None:
    assert orderable(aws, **asked) == []


def test_other_engines_stay_as_they_are(aws: Aws) -> None:
    assert aws("rds").describe_db_engine_versions(Engine="mysql")["DBEngineVersions"]
    assert orderable(aws, EngineVersion="17.10", DBInstanceClass="db.r5.large")
