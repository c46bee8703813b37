"""RDS finds an instance by its resource id, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


def _create(rds: Client, name: str) -> str:
    created = rds.create_db_instance(
        DBInstanceIdentifier=name,
        Engine="postgres",
        DBInstanceClass="db.t4g.medium",
        AllocatedStorage=20,
        MasterUsername="owner",
        MasterUserPassword="only-in-a-test",
    )
    return str(created["DBInstance"]["DbiResourceId"])


def test_an_instance_is_found_by_its_resource_id_alone(aws: Aws) -> None:
    rds = aws("rds")
    first, _ = _create(rds, "first"), _create(rds, "second")
    found = rds.describe_db_instances(Filters=[{"Name": "dbi-resource-id", "Values": [first]}])["DBInstances"]
    assert [i["DBInstanceIdentifier"] for i in found] == ["first"], "the filter dbi-resource-id selects"


def test_a_deleted_instance_is_not_answered_for_by_another(aws: Aws) -> None:
    rds = aws("rds")
    first, _ = _create(rds, "first"), _create(rds, "second")
    rds.delete_db_instance(DBInstanceIdentifier="first", SkipFinalSnapshot=True)
    found = rds.describe_db_instances(Filters=[{"Name": "dbi-resource-id", "Values": [first]}])["DBInstances"]
    assert found == [], "after a deletion the wait by resource id sees its end"
