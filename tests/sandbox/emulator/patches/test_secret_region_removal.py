"""A region can be taken out of replication."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


@pytest.fixture
def secrets(aws: Aws) -> Client:
    """A client of an account with the secret `s`."""
    client = aws("secretsmanager")
    client.create_secret(Name="s", SecretString="first")
    return client


def test_a_region_can_be_taken_out_of_replication(secrets: Client, aws: Aws) -> None:
    secrets.replicate_secret_to_regions(SecretId="s", AddReplicaRegions=[{"Region": "us-west-2"}])
    secrets.remove_regions_from_replication(SecretId="s", RemoveReplicaRegions=["us-west-2"])
    assert aws("secretsmanager", "us-west-2").list_secrets()["SecretList"] == [], "the replica is gone"
    assert not secrets.describe_secret(SecretId="s").get("ReplicationStatus"), "and no longer described"
