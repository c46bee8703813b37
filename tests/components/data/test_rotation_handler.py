from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.data.rotation import handler as rotation
from components.data.rotation.handler import MARGIN_SECONDS, POLL_SECONDS, Cache, Database, Rotation

if TYPE_CHECKING:
    from collections.abc import Mapping

ARN = "arn:aws:secretsmanager:us-east-1:100000000004:secret:test"
DATABASE = {"username": "owner", "dbInstanceIdentifier": "db", "password": "old"}
CACHE = {"replicationGroupId": "cache", "password": "old"}


class FakeSecrets:
    """Secrets Manager with one secret; versions hold a value and stage labels."""

    class exceptions:  # noqa: N801  boto3 spells it so
        class ResourceNotFoundException(Exception):  # noqa: N818  likewise
            pass

    def __init__(self, current: Mapping[str, str]) -> None:
        self.values = {"v1": json.dumps(current)}
        self.stages = {"v1": ["AWSCURRENT"]}
        self.drawn = 0

    def describe_secret(self, SecretId: str) -> dict[str, Any]:  # noqa: N803  boto3 spells it so
        assert SecretId == ARN
        return {"VersionIdsToStages": self.stages}

    def get_random_password(self, **wanted: Any) -> dict[str, str]:  # noqa: ANN401  passed through
        assert wanted == {"PasswordLength": 40, "ExcludePunctuation": True}, "what RDS and ElastiCache accept"
        self.drawn += 1
        return {"RandomPassword": f"drawn-{self.drawn}"}

    def put_secret_value(self, **put: Any) -> None:  # noqa: ANN401  passed through
        self.values[put["ClientRequestToken"]] = put["SecretString"]
        self.stages[put["ClientRequestToken"]] = put["VersionStages"]

    def get_secret_value(self, SecretId: str, VersionStage: str, VersionId: str | None = None) -> dict[str, str]:  # noqa: N803
        assert SecretId == ARN
        version = VersionId or next(v for v, stages in self.stages.items() if VersionStage in stages)
        if VersionStage not in self.stages.get(version, []) or version not in self.values:
            raise self.exceptions.ResourceNotFoundException
        return {"SecretString": self.values[version]}

    def update_secret_version_stage(self, **move: Any) -> None:  # noqa: ANN401  passed through
        if "RemoveFromVersionId" in move:
            self.stages[move["RemoveFromVersionId"]].remove(move["VersionStage"])
        self.stages.setdefault(move["MoveToVersionId"], []).append(move["VersionStage"])


class FakeService:
    """RDS and ElastiCache in one: remembers changes, and is through after some looks."""

    def __init__(self, looks: int = 0) -> None:
        self.changes: list[dict[str, Any]] = []
        self.looks = looks

    def modify_db_instance(self, **change: Any) -> None:  # noqa: ANN401  passed through
        self.changes.append(change)

    modify_replication_group = modify_db_instance

    def describe_db_instances(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401  ignored
        pending = {"MasterUserPassword": "****"} if self._busy() else {}
        return {"DBInstances": [{"DBInstanceStatus": "available", "PendingModifiedValues": pending}]}

    def describe_replication_groups(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401  ignored
        return {"ReplicationGroups": [{"Status": "modifying" if self._busy() else "available"}]}

    def _busy(self) -> bool:
        self.looks -= 1
        return self.looks >= 0


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> FakeService:
    """The service that the function finds through boto3."""
    fake = FakeService()
    monkeypatch.setattr(rotation.boto3, "client", lambda _: fake)
    return fake


def _rotate(secrets: FakeSecrets, version: str = "v2") -> None:
    turn = Rotation(secrets, ARN, version)
    turn.create()
    turn.set()
    turn.test(lambda: 900, lambda _: None)
    turn.finish()


def test_a_rotation_gives_the_service_the_value_that_becomes_current(service: FakeService) -> None:
    secrets = FakeSecrets(DATABASE)
    _rotate(secrets)
    current = json.loads(secrets.get_secret_value(ARN, "AWSCURRENT")["SecretString"])
    assert current == {**DATABASE, "password": "drawn-1"}, "all that the secret says stays, but for the password"
    assert service.changes == [{"DBInstanceIdentifier": "db", "MasterUserPassword": "drawn-1"}], (
        "and nothing else that is pending is applied with it"
    )


def test_a_new_token_joins_the_present_one(service: FakeService) -> None:
    _rotate(FakeSecrets(CACHE))
    assert service.changes == [
        {
            "ReplicationGroupId": "cache",
            "AuthToken": "drawn-1",
            "AuthTokenUpdateStrategy": "ROTATE",
            "ApplyImmediately": True,
        }
    ], "clients keep the token they have until the next rotation"


def test_a_step_that_is_repeated_keeps_the_first_draw(service: FakeService) -> None:
    secrets = FakeSecrets(DATABASE)
    turn = Rotation(secrets, ARN, "v2")
    turn.create()
    turn.create()
    turn.set()
    assert secrets.drawn == 1, "a second draw would part secret and service"
    assert service.changes[0]["MasterUserPassword"] == "drawn-1", "the value that was kept"


def test_a_pending_version_without_a_value_gets_one(service: FakeService) -> None:
    secrets = FakeSecrets(DATABASE)
    secrets.stages["v2"] = ["AWSPENDING"]  # as Secrets Manager leaves it when a rotation begins
    Rotation(secrets, ARN, "v2").create()
    assert json.loads(secrets.values["v2"])["password"] == "drawn-1", "the label alone is no value"
    assert service.changes == [], "creating changes nothing in the service"


def test_finishing_twice_is_finishing_once(service: FakeService) -> None:
    secrets = FakeSecrets(DATABASE)
    _rotate(secrets)
    Rotation(secrets, ARN, "v2").finish()
    assert secrets.stages["v2"].count("AWSCURRENT") == 1, "the label is moved once"
    assert "AWSCURRENT" not in secrets.stages["v1"], "and from the old version"
    assert len(service.changes) == 1, "the service is left alone"


@pytest.mark.parametrize("secret", [DATABASE, CACHE])
def test_the_test_waits_until_the_service_is_through(service: FakeService, secret: dict[str, str]) -> None:
    service.looks = 3
    slept: list[float] = []
    turn = Rotation(FakeSecrets(secret), ARN, "v2")
    turn.create()
    turn.test(lambda: 900, slept.append)
    assert slept == [POLL_SECONDS] * 3, "one pause per look that found it busy"


def test_a_service_that_is_not_through_in_time_fails_the_rotation(service: FakeService) -> None:
    service.looks = 1000
    turn = Rotation(FakeSecrets(DATABASE), ARN, "v2")
    turn.create()
    with pytest.raises(TimeoutError, match="still applying"):
        turn.test(lambda: POLL_SECONDS + MARGIN_SECONDS - 1, lambda _: None)


def test_a_password_change_that_is_under_way_is_not_through() -> None:
    class Resetting(FakeService):
        def describe_db_instances(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401  ignored
            return {"DBInstances": [{"DBInstanceStatus": "resetting-master-credentials"}]}

    assert Database(Resetting(), "db").settled() is False, "RDS says so in the status, no longer in what is pending"


def test_a_token_that_is_pending_is_not_through() -> None:
    class Pending(FakeService):
        def describe_replication_groups(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401  ignored
            return {
                "ReplicationGroups": [{"Status": "available", "PendingModifiedValues": {"AuthTokenStatus": "SETTING"}}]
            }

    assert Cache(Pending(), "cache").settled() is False, "not every node has it yet"


def test_a_secret_that_opens_nothing_known_is_refused(service: FakeService) -> None:
    turn = Rotation(FakeSecrets({"password": "old"}), ARN, "v2")
    turn.create()
    with pytest.raises(ValueError, match="neither dbInstanceIdentifier nor replicationGroupId"):
        turn.set()
    assert service.changes == [], "nothing was changed"


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def test_secrets_managers_four_steps_are_a_rotation(monkeypatch: pytest.MonkeyPatch, service: FakeService) -> None:
    secrets = FakeSecrets(DATABASE)
    monkeypatch.setattr(rotation.boto3, "client", lambda name: secrets if name == "secretsmanager" else service)
    for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
        rotation.handler({"SecretId": ARN, "ClientRequestToken": "v2", "Step": step}, _Context())
    assert "AWSCURRENT" in secrets.stages["v2"], "the new version is current"
    assert len(service.changes) == 1, "and the service has it"


def test_an_unknown_step_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation.boto3, "client", lambda _: FakeSecrets(DATABASE))
    with pytest.raises(ValueError, match="unknown rotation step 'drop'"):
        rotation.handler({"SecretId": ARN, "ClientRequestToken": "v2", "Step": "drop"}, _Context())
