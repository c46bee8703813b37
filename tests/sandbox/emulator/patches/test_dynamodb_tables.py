"""Tables and copies that DynamoDB refuses are refused, and what they were given is read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
THERE = "arn:aws:kms:us-west-2:111122223333:key/11111111-2222-3333-4444-555555555555"
IMAGES = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def index(name: str, *keys: str, **projection: Any) -> dict[str, Any]:  # noqa: ANN401 - as the API has it
    return {
        "IndexName": name,
        "KeySchema": [
            {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
        ],
        "Projection": projection or {"ProjectionType": "ALL"},
    }


def asked(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as the API has it
    return {
        "TableName": name,
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in ("a", "b")],
        "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}],
        "BillingMode": "PAY_PER_REQUEST",
        **more,
    }


def refusal(call: Callable[[], object]) -> str:
    """Return what a call is refused with; empty where it is taken."""
    try:
        call()
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    return ""


TOO_MUCH: dict[str, tuple[dict[str, Any], str]] = {
    "six local indexes": (
        {"LocalSecondaryIndexes": [index(f"local-{at}", "a", "b") for at in range(6)]},
        "per-table limit of 5",
    ),
    "twenty-one global indexes": (
        {"GlobalSecondaryIndexes": [index(f"global-{at}", "b", "a") for at in range(21)]},
        "per-table limit of 20",
    ),
    "one attribute twice": ({"GlobalSecondaryIndexes": [index("global-1", "b", "b")]}, "names an attribute twice"),
    "twenty-one attributes": (
        {
            "GlobalSecondaryIndexes": [
                index("one", "b", ProjectionType="INCLUDE", NonKeyAttributes=[f"n{at}" for at in range(21)])
            ]
        },
        "",
    ),
    "over a hundred attributes": (
        {
            "GlobalSecondaryIndexes": [
                index(f"all-{at}", "b", ProjectionType="INCLUDE", NonKeyAttributes=[f"n{n}" for n in range(20)])
                for at in range(6)
            ]
        },
        "projected attributes",
    ),
    "a stream of nothing": ({"StreamSpecification": {"StreamEnabled": True}}, "StreamViewType"),
    "a ceiling of what is provisioned": (
        {
            "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
            "OnDemandThroughput": {"MaxReadRequestUnits": 5},
        },
        "OnDemandThroughput",
    ),
}


def test_a_table_that_aws_refuses_is_refused(aws: Aws) -> None:
    tables = aws("dynamodb")
    for name, (more, words) in TOO_MUCH.items():
        found = refusal(lambda more=more: tables.create_table(**asked("much", **more)))  # type: ignore[misc]  # bound
        assert found.startswith(("ValidationException", "ParamValidation")), name
        assert words in found, name
    most = [index(f"local-{at}", "a", "b") for at in range(5)]
    assert refusal(lambda: tables.create_table(**asked("most", LocalSecondaryIndexes=most))) == ""


def test_days_of_recovery_are_within_bounds_and_read_back(aws: Aws) -> None:
    tables = aws("dynamodb")
    tables.create_table(**asked("kept"))

    def keep(days: int | None) -> object:
        spec = {"PointInTimeRecoveryEnabled": True, **({} if days is None else {"RecoveryPeriodInDays": days})}
        return tables.update_continuous_backups(TableName="kept", PointInTimeRecoverySpecification=spec)

    def told() -> int:
        found = tables.describe_continuous_backups(TableName="kept")["ContinuousBackupsDescription"]
        return int(found["PointInTimeRecoveryDescription"]["RecoveryPeriodInDays"])

    assert "RecoveryPeriodInDays" in refusal(lambda: keep(36))
    keep(14)
    assert told() == 14
    keep(None)
    assert told() == 35, "AWS's default"


def test_an_expiry_is_switched_on_once(aws: Aws) -> None:
    tables = aws("dynamodb")
    tables.create_table(**asked("expiring"))

    def expire(name: str, *, on: bool = True) -> str:
        spec = {"Enabled": on, "AttributeName": name}
        return refusal(lambda: tables.update_time_to_live(TableName="expiring", TimeToLiveSpecification=spec))

    assert "already disabled" in expire("expires", on=False)
    assert expire("expires") == ""
    assert "already enabled" in expire("expires")
    assert "current AttributeName is expires" in expire("other")


def test_a_copy_has_a_key_of_its_region_and_takes_all_writes(aws: Aws) -> None:
    tables = aws("dynamodb")
    own = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
    tables.create_table(**asked("copied", StreamSpecification=IMAGES, SSESpecification=own))

    def copy(name: str, **more: str) -> str:
        update = [{"Create": {"RegionName": "us-west-2", **more}}]
        return refusal(lambda: tables.update_table(TableName=name, ReplicaUpdates=update))

    assert "KMSMasterKeyId must be specified" in copy("copied")
    assert copy("copied", KMSMasterKeyId=THERE) == ""
    (told,) = tables.describe_table(TableName="copied")["Table"]["Replicas"]
    assert (told["RegionName"], told["KMSMasterKeyId"]) == ("us-west-2", THERE)
    there = aws("dynamodb", "us-west-2").describe_table(TableName="copied")["Table"]
    assert there["SSEDescription"]["KMSMasterKeyArn"] == THERE
    tables.put_item(TableName="copied", Item={"a": {"S": "1"}, "b": {"S": "2"}})
    read = aws("dynamodb", "us-west-2").get_item(TableName="copied", Key={"a": {"S": "1"}, "b": {"S": "2"}})
    assert read["Item"]["a"] == {"S": "1"}

    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    fixed = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": units, "StreamSpecification": IMAGES}
    tables.create_table(**asked("fixed", **fixed))
    assert "Auto Scaling of write capacity" in copy("fixed")
    aws("application-autoscaling").register_scalable_target(
        ServiceNamespace="dynamodb",
        ResourceId="table/fixed",
        ScalableDimension="dynamodb:table:WriteCapacityUnits",
        MinCapacity=1,
        MaxCapacity=10,
    )
    assert copy("fixed") == ""
    tables.create_table(**asked("keys", StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}))
    assert "both new and old images" in copy("keys")
