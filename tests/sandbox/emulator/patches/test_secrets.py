"""Rotation is planned, run and cancelled; replicas exist where they are said to; tokens make requests idempotent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:rotate"
RULES = {"AutomaticallyAfterDays": 30}
TOKEN = "0" * 32


@pytest.fixture
def secrets(aws: Aws) -> Client:
    """A client of an account with the secret `s`."""
    client = aws("secretsmanager")
    client.create_secret(Name="s", SecretString="first")
    return client


def _plan(secrets: Client) -> None:
    secrets.rotate_secret(SecretId="s", RotationLambdaARN=FUNCTION, RotationRules=RULES, RotateImmediately=False)


def test_a_planned_rotation_changes_no_version(secrets: Client) -> None:
    before = secrets.describe_secret(SecretId="s")["VersionIdsToStages"]
    _plan(secrets)
    after = secrets.describe_secret(SecretId="s")
    assert after["RotationEnabled"] is True, "the rotation is on"
    assert after["VersionIdsToStages"] == before, "nothing is rotated before its time"


def test_a_rotation_can_be_cancelled(secrets: Client) -> None:
    _plan(secrets)
    secrets.cancel_rotate_secret(SecretId="s")
    assert secrets.describe_secret(SecretId="s")["RotationEnabled"] is False, "a cancelled rotation is off"


def test_a_repeated_rotation_request_rotates_once(secrets: Client) -> None:
    for _ in range(2):
        secrets.rotate_secret(SecretId="s", RotationLambdaARN=FUNCTION, RotationRules=RULES, ClientRequestToken=TOKEN)
    stages = secrets.describe_secret(SecretId="s")["VersionIdsToStages"]
    assert sorted(stages.values()) == [["AWSCURRENT"], ["AWSPREVIOUS"]], "the first version is still the previous one"


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


def test_a_region_can_be_taken_out_of_replication(secrets: Client, aws: Aws) -> None:
    secrets.replicate_secret_to_regions(SecretId="s", AddReplicaRegions=[{"Region": "us-west-2"}])
    secrets.remove_regions_from_replication(SecretId="s", RemoveReplicaRegions=["us-west-2"])
    assert aws("secretsmanager", "us-west-2").list_secrets()["SecretList"] == [], "the replica is gone"
    assert not secrets.describe_secret(SecretId="s").get("ReplicationStatus"), "and no longer described"
