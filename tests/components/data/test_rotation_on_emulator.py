"""The rotation function through boto3, as Lambda runs it, against the embedded AWS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

import boto3
import pytest

from components.data.rotation import handler as rotation
from sandbox.emulator import client

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.emulator
Client: TypeAlias = Any


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An emulator that boto3 finds through the environment, as the function finds AWS."""
    running = client.start(None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "100000000004")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sandbox")
    yield
    running.stop()


def _rotate(secrets: Client, content: dict[str, str]) -> str:
    """Rotate a new secret and return its current password."""
    secret = secrets.create_secret(Name=f"s-{uuid4()}", SecretString=json.dumps({**content, "password": "a" * 40}))[
        "ARN"
    ]
    token = str(uuid4())
    for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
        rotation.handler({"SecretId": secret, "ClientRequestToken": token, "Step": step}, _Context())
    current = secrets.get_secret_value(SecretId=secret, VersionStage="AWSCURRENT")
    assert current["VersionId"] == token, "the version of this rotation is current"
    return str(json.loads(current["SecretString"])["password"])


@pytest.mark.usefixtures("aws")
def test_a_database_password_is_rotated_through_the_apis() -> None:
    boto3.client("rds").create_db_instance(
        DBInstanceIdentifier="db",
        Engine="postgres",
        DBInstanceClass="db.t4g.medium",
        AllocatedStorage=20,
        MasterUsername="owner",
        MasterUserPassword="a" * 40,
    )
    password = _rotate(boto3.client("secretsmanager"), {"username": "owner", "dbInstanceIdentifier": "db"})
    assert len(password) == 40, "as long as asked"
    assert password.isalnum(), "letters and digits only, as RDS and ElastiCache want it"


@pytest.mark.usefixtures("aws")
def test_a_cache_token_is_rotated_through_the_apis() -> None:
    boto3.client("elasticache").create_replication_group(
        ReplicationGroupId="cache",
        ReplicationGroupDescription="test",
        Engine="redis",
        CacheNodeType="cache.r6g.large",
        NumNodeGroups=3,
        ReplicasPerNodeGroup=1,
        TransitEncryptionEnabled=True,
        AuthToken="a" * 40,
    )
    password = _rotate(boto3.client("secretsmanager"), {"replicationGroupId": "cache"})
    assert password != "a" * 40, "a new token"
