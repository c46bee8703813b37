"""Nothing unknown is taken for the bucket itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def s3(aws: Aws) -> Iterator[Client]:
    """A client of an account with a bucket; the name is free again afterwards, for all accounts share the names."""
    client = aws("s3")
    client.create_bucket(Bucket="bucket")
    yield client
    for bucket in client.list_buckets()["Buckets"]:
        client.delete_bucket(Bucket=bucket["Name"])


def test_an_unserved_sub_resource_is_refused(s3: Client) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        s3.delete_bucket_metadata_table_configuration(Bucket="bucket")
    with pytest.raises(ClientError, match="NotImplemented"):
        s3.get_bucket_policy_status(Bucket="bucket")
    assert len(s3.list_buckets()["Buckets"]) == 1, "a request that is not served changes nothing"
