"""Who pays for requests is read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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


def test_who_pays_for_requests_is_read_back(s3: Client) -> None:
    s3.put_bucket_request_payment(Bucket="bucket", RequestPaymentConfiguration={"Payer": "Requester"})
    assert s3.get_bucket_request_payment(Bucket="bucket").get("Payer") == "Requester", "the payer is what was put"
