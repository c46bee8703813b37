"""A secret is created with its replicas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_secret_is_created_with_its_replicas(aws: Aws) -> None:
    key = "arn:aws:kms:us-west-2:111122223333:key/1"
    aws("secretsmanager").create_secret(
        Name="s", SecretString="first", AddReplicaRegions=[{"Region": "us-west-2", "KmsKeyId": key}]
    )
    status = aws("secretsmanager").describe_secret(SecretId="s").get("ReplicationStatus", [])
    assert [(s["Region"], s.get("KmsKeyId"), s["Status"]) for s in status] == [("us-west-2", key, "InSync")], (
        "the replica and its key are described"
    )
    there = aws("secretsmanager", "us-west-2").get_secret_value(SecretId="s")["SecretString"]
    assert there == "first", "the replica has the value"
