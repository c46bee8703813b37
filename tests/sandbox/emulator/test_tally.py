"""What was called is counted by service and region, refused or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import outage, tally
from tests.sandbox.emulator.conftest import session

if TYPE_CHECKING:
    from sandbox.emulator import client

pytestmark = pytest.mark.emulator


def test_calls_are_counted_by_service_and_region(running: client.Emulator) -> None:
    aws, start = session(running), tally.read(running.url)
    aws("rds", "us-west-2").describe_db_instances()
    aws("s3").list_buckets()
    before = tally.read(running.url)
    assert before - start == {("rds", "us-west-2"): 1, ("s3", "us-east-1"): 1}
    outage.cut(running.url, "us-east-1")
    with pytest.raises(ClientError):
        aws("iam").list_roles()
    assert tally.read(running.url) - before == {("iam", "us-east-1"): 2}, "a refused call and its repetition were made"
