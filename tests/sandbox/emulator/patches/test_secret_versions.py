"""A secret has the versions that were put."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
TOKEN = "0" * 32


@pytest.fixture
def secrets(aws: Aws) -> Client:
    """A client of an account with the secret `s`."""
    client = aws("secretsmanager")
    client.create_secret(Name="s", SecretString="first")
    return client


def test_a_repeated_put_makes_one_version(secrets: Client) -> None:
    for _ in range(2):
        secrets.put_secret_value(SecretId="s", SecretString="second", ClientRequestToken=TOKEN)
    assert len(secrets.describe_secret(SecretId="s")["VersionIdsToStages"]) == 2, "the token tells the repetition"
    with pytest.raises(ClientError, match="ResourceExistsException"):
        secrets.put_secret_value(SecretId="s", SecretString="third", ClientRequestToken=TOKEN)


def test_a_secret_without_a_value_has_no_version(aws: Aws) -> None:
    client = aws("secretsmanager")
    created = client.create_secret(Name="empty")
    assert "VersionId" not in created, "no value, no version"
    assert not client.describe_secret(SecretId="empty").get("VersionIdsToStages"), "and none is described"


def test_the_replica_of_a_secret_without_a_value_has_none_either(aws: Aws) -> None:
    aws("secretsmanager").create_secret(Name="empty", AddReplicaRegions=[{"Region": "us-west-2"}])
    there = aws("secretsmanager", "us-west-2").describe_secret(SecretId="empty")
    assert not there.get("VersionIdsToStages"), "no value, no version, wherever it is"
