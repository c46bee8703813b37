"""Records of one name and type have one routing policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

FAILOVER = {"SetIdentifier": "primary", "Failover": "PRIMARY"}
NEAR = {"SetIdentifier": "near", "Region": "us-east-1"}
FAR = {"SetIdentifier": "far", "Region": "us-west-2"}


@pytest.fixture
def change(aws: Aws) -> Any:  # noqa: ANN401 - a function
    route53 = aws("route53")
    zone = route53.create_hosted_zone(Name="shop.example", CallerReference="records")["HostedZone"]["Id"]

    def asked(*changes: tuple[str, dict[str, Any]], name: str = "origin.shop.example") -> list[str]:
        shared = {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
        batch = [{"Action": action, "ResourceRecordSet": {**shared, **policy}} for action, policy in changes]
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": batch})
        found = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        return [one["SetIdentifier"] for one in found if one["Name"] == f"{name}." and "SetIdentifier" in one]

    return asked


def test_each_region_has_its_record_by_latency(change: Any) -> None:  # noqa: ANN401
    assert sorted(change(("CREATE", NEAR), ("CREATE", FAR))) == ["far", "near"]
    assert sorted(change(("UPSERT", {**NEAR, "TTL": 30}))) == ["far", "near"], "a record goes with itself"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (NEAR, "cannot be latency, as one of this name and type is failover"),
        ({}, "cannot be simple, as one of this name and type is failover"),
    ],
)
def test_another_policy_of_the_same_name_is_refused(change: Any, other: dict[str, str], words: str) -> None:  # noqa: ANN401
    change(("CREATE", FAILOVER))
    with pytest.raises(ClientError, match=words) as refused:
        change(("UPSERT", other))
    assert refused.value.response["Error"]["Code"] == "InvalidChangeBatch"
    change(("CREATE", other), name="api.shop.example")  # another name has a policy of its own
    change(("DELETE", FAILOVER), ("CREATE", other))


def test_a_region_has_one_record(change: Any) -> None:  # noqa: ANN401
    change(("CREATE", NEAR))
    with pytest.raises(ClientError, match="cannot be for us-east-1"):
        change(("CREATE", {**NEAR, "SetIdentifier": "again"}))
