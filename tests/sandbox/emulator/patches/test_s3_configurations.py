"""Configurations with an id live beside the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
DESTINATION = {"S3BucketDestination": {"Bucket": "arn:aws:s3:::logs", "Format": "CSV"}}


class Family(NamedTuple):
    """One of the four families of configurations: its name in the client and a sample."""

    name: str
    field: str
    sample: dict[str, Any]


FAMILIES = [
    Family(
        "intelligent_tiering",
        "IntelligentTieringConfiguration",
        {"Id": "a", "Status": "Enabled", "Tierings": [{"Days": 125, "AccessTier": "ARCHIVE_ACCESS"}]},
    ),
    Family(
        "inventory",
        "InventoryConfiguration",
        {
            "Id": "a",
            "IsEnabled": True,
            "IncludedObjectVersions": "All",
            "Schedule": {"Frequency": "Weekly"},
            "Destination": DESTINATION,
        },
    ),
    Family("metrics", "MetricsConfiguration", {"Id": "a", "Filter": {"Prefix": "documents/"}}),
    Family("analytics", "AnalyticsConfiguration", {"Id": "a", "StorageClassAnalysis": {}}),
]
families = pytest.mark.parametrize("family", FAMILIES, ids=[family.name for family in FAMILIES])


@pytest.fixture
def s3(aws: Aws) -> Iterator[Client]:
    """A client of an account with a bucket; the name is free again afterwards, for all accounts share the names."""
    client = aws("s3")
    client.create_bucket(Bucket="bucket")
    yield client
    for bucket in client.list_buckets()["Buckets"]:
        client.delete_bucket(Bucket=bucket["Name"])


def _put(s3: Client, family: Family, name: str = "a") -> None:
    put = getattr(s3, f"put_bucket_{family.name}_configuration")
    put(Bucket="bucket", Id=name, **{family.field: {**family.sample, "Id": name}})


def _get(s3: Client, family: Family, name: str = "a") -> object:
    return getattr(s3, f"get_bucket_{family.name}_configuration")(Bucket="bucket", Id=name).get(family.field)


@families
def test_a_configuration_is_read_back(s3: Client, family: Family) -> None:
    _put(s3, family)
    assert _get(s3, family) == family.sample, "what was put is what is got"


@families
def test_configurations_are_listed(s3: Client, family: Family) -> None:
    _put(s3, family, "a")
    _put(s3, family, "b")
    listed = getattr(s3, f"list_bucket_{family.name}_configurations")(Bucket="bucket")
    names = [found["Id"] for found in listed.get(f"{family.field}List", [])]
    assert sorted(names) == ["a", "b"], "a bucket lists its configurations"


@families
def test_deleting_a_configuration_leaves_the_bucket(s3: Client, family: Family) -> None:
    _put(s3, family)
    getattr(s3, f"delete_bucket_{family.name}_configuration")(Bucket="bucket", Id="a")
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["bucket"], "only the configuration goes"
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        _get(s3, family)


def test_configurations_end_with_their_bucket(s3: Client) -> None:
    _put(s3, FAMILIES[0])
    s3.delete_bucket(Bucket="bucket")
    s3.create_bucket(Bucket="bucket")
    listed = s3.list_bucket_intelligent_tiering_configurations(Bucket="bucket")
    assert "IntelligentTieringConfigurationList" not in listed, "a new bucket of the name has none"
