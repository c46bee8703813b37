"""The controller's step `secrets` through boto3, as Lambda runs it, against the embedded AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import boto3
import pytest

from components.recovery.promotion.function import handler as function
from sandbox.emulator import client, outage

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.emulator

Client: TypeAlias = Any
EAST, WEST = "us-east-1", "us-west-2"
KEY = "arn:aws:kms:us-west-2:100000000004:key/mrk-1"


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@dataclass(frozen=True)
class Secrets:
    """One secret, `postgres`, and both regions."""

    emulator: client.Emulator
    east: Client
    west: Client
    content: dict[str, Any]

    def call(self, *, active: bool, action: str = "update") -> list[str]:
        """Give the function an order; returns what it changed."""
        event = {"active": active, "secrets": self.content, "tf": {"action": action}}
        changed: list[str] = function.handler(event, _Context())["secrets"]["changed"]
        return changed

    def write(self, value: str) -> None:
        """Rotate the primary's secret, as it were."""
        self.east.put_secret_value(SecretId="postgres", SecretString=value)

    def copy(self) -> str | None:
        """Value of the copy, None when there is none."""
        try:
            value: str = self.west.get_secret_value(SecretId=self.content["secrets"]["postgres"]["copy"])[
                "SecretString"
            ]
        except self.west.exceptions.ResourceNotFoundException:
            return None
        return value


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Secrets]:
    """A secret in the east; boto3 finds it as the function, which runs in the west, finds AWS."""
    running = client.start(None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", WEST)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "100000000004")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sandbox")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    east = boto3.client("secretsmanager", region_name=EAST)
    arn = east.create_secret(Name="postgres", SecretString="first")["ARN"]
    arns = {"primary": arn, "copy": arn.replace(EAST, WEST)}
    content = {"region": WEST, "primary_region": EAST, "key": KEY, "secrets": {"postgres": arns}}
    yield Secrets(running, east, boto3.client("secretsmanager"), content)
    running.stop()


def test_the_copy_is_made_under_the_standbys_key_and_follows(secrets: Secrets) -> None:
    assert secrets.call(active=False, action="create") == ["postgres"], "it is new"
    secrets.write("second")
    assert secrets.copy() == "second", "what is rotated there is known here"
    (status,) = secrets.east.describe_secret(SecretId="postgres")["ReplicationStatus"]
    assert (status["Region"], status["KmsKeyId"], status["Status"]) == (WEST, KEY, "InSync"), "under its own key"


def test_an_active_standby_has_a_secret_of_its_own(secrets: Secrets) -> None:
    secrets.call(active=False)
    assert secrets.call(active=True) == ["postgres"], "the copy is cut loose"
    secrets.write("second")
    assert secrets.copy() == "first", "a rotation over there changes nothing here"


def test_taking_over_asks_nothing_of_the_lost_region(secrets: Secrets) -> None:
    secrets.call(active=False)
    outage.cut(secrets.emulator.url, EAST)
    secrets.call(active=True)
    assert secrets.copy() == "first", "the copy serves"
    assert outage.status(secrets.emulator.url).refused == (), "no call was refused, for none was made"


def test_a_standby_that_follows_again_gets_the_primarys_value(secrets: Secrets) -> None:
    secrets.call(active=False)
    secrets.call(active=True)
    secrets.write("second")
    assert secrets.call(active=False) == ["postgres"], "the copy is made anew"
    assert secrets.copy() == "second", "over the one that stood alone"


@pytest.mark.parametrize("active", [True, False])
def test_an_order_that_is_carried_out_already_changes_nothing(secrets: Secrets, active: bool) -> None:  # noqa: FBT001 - a case
    secrets.call(active=False)
    secrets.call(active=active)
    assert secrets.call(active=active) == [], "repeating an order is safe"
    assert secrets.copy() == "first"


def test_a_standby_that_is_taken_down_takes_its_copies_along(secrets: Secrets) -> None:
    secrets.call(active=False)
    assert secrets.call(active=False, action="delete") == ["postgres"], "the copy goes"
    assert secrets.copy() is None
    assert not secrets.east.describe_secret(SecretId="postgres").get("ReplicationStatus"), "the original knows"


def test_a_copy_that_stands_alone_outlives_the_standby(secrets: Secrets) -> None:
    secrets.call(active=False)
    secrets.call(active=True)
    assert secrets.call(active=True, action="delete") == [], "it may be the only one left"
    assert secrets.copy() == "first"


def test_a_copy_under_another_key_is_refused(secrets: Secrets) -> None:
    secrets.call(active=False)
    secrets.content["key"] = KEY.replace("mrk-1", "mrk-2")
    with pytest.raises(RuntimeError, match=r"is under \S+mrk-1, not \S+mrk-2"):
        secrets.call(active=False)


def test_a_standby_without_a_copy_cannot_take_over(secrets: Secrets) -> None:
    with pytest.raises(RuntimeError, match="postgres: there is no copy"):
        secrets.call(active=True)
