"""Rotation is planned, run once and cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
