"""The address of a database says which one it is, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def _database(aws: Aws, region: str) -> str:
    client = aws("rds", region)
    client.create_db_instance(
        DBInstanceIdentifier="named", Engine="postgres", DBInstanceClass="db.r5.large", AllocatedStorage=20,
        MasterUsername="adm", MasterUserPassword="only-in-a-test",
    )  # fmt: skip
    found = client.describe_db_instances(DBInstanceIdentifier="named")["DBInstances"][0]["Endpoint"]
    assert found["Port"] == 5432
    return str(found["Address"])


def test_databases_of_one_name_have_an_address_in_each_region(aws: Aws) -> None:
    east, west = (_database(aws, region) for region in ("us-east-1", "us-west-2"))
    assert east.startswith("named.c")
    assert east.endswith(".us-east-1.rds.amazonaws.com")
    assert west.endswith(".us-west-2.rds.amazonaws.com")
