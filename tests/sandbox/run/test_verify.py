"""What AWS protects from deletion goes once its protection is lifted, and is looked for before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from sandbox.run import verify
from sandbox.run.failure import DestroyError
from sandbox.run.inventory import Resource
from tests.sandbox.emulator.conftest import session

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.emulator
ACCOUNT, REGION, OTHER = "111122223333", "us-east-1", "us-west-2"


@pytest.fixture(scope="module")
def emulator() -> Iterator[client.Emulator]:
    running = client.start(None)
    yield running
    running.stop()


def _resource(type_: str, name: str, region: str = REGION) -> Resource:
    return Resource(
        urn=name, type=type_, name=name, area="data", id=name, listed=name, region=region, custom=True, held="",
        endpoint="",
    )  # fmt: skip


def test_protected_tables_and_their_copies_can_be_destroyed(emulator: client.Emulator) -> None:
    aws = session(emulator, ACCOUNT)
    key = {"AttributeName": "id", "KeyType": "HASH"}
    aws("dynamodb").create_table(
        TableName="letters",
        KeySchema=[key],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=True,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    aws("dynamodb").update_table(TableName="letters", ReplicaUpdates=[{"Create": {"RegionName": OTHER}}])
    aws("dynamodb", OTHER).update_table(TableName="letters", DeletionProtectionEnabled=True)
    table = _resource("aws:dynamodb/table:Table", "letters")
    copy = _resource("aws:dynamodb/tableReplica:TableReplica", f"letters:{REGION}", OTHER)
    assert "all 1 resources of 1 types" in verify.present(emulator.port, ACCOUNT, [table, copy])
    with pytest.raises(DestroyError, match="still has letters"):
        verify.absent(emulator.port, ACCOUNT, [table, copy])
    for region in (REGION, OTHER):
        protected = aws("dynamodb", region)
        with pytest.raises(protected.exceptions.ClientError, match="protected against deletion"):
            protected.delete_table(TableName="letters")

    verify.unprotect(emulator.port, ACCOUNT, [table, copy])

    for region in (REGION, OTHER):
        found = aws("dynamodb", region).describe_table(TableName="letters")["Table"]
        assert found.get("DeletionProtectionEnabled") is not True
    aws("dynamodb").update_table(TableName="letters", ReplicaUpdates=[{"Delete": {"RegionName": OTHER}}])
    aws("dynamodb").delete_table(TableName="letters")
    assert "none of 1 resources" in verify.absent(emulator.port, ACCOUNT, [table, copy])


def test_what_was_never_made_is_left_alone(emulator: client.Emulator) -> None:
    held = _resource("aws:dynamodb/table:Table", "")
    verify.unprotect(emulator.port, ACCOUNT, [held, _resource("aws:s3/bucket:Bucket", "letters")])
