"""The controller's function through boto3, as Lambda runs it, against the embedded AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import boto3
import pytest

from components.recovery.promotion.function import handler as function
from components.recovery.promotion.function.order import Order
from sandbox.emulator import client

if TYPE_CHECKING:
    from collections.abc import Iterator

Client: TypeAlias = Any

GROUP = "phoenix-prod"
DATASTORE = "ldgnf-both"
CONTENT = {
    "id": DATASTORE,
    "standby": {"region": "us-west-2", "group": GROUP},
    "primary": {"region": "us-east-1", "group": GROUP},
}


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@pytest.fixture
def caches(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A datastore of two regions; boto3 finds it as the function, which runs in the standby's, finds AWS."""
    running = client.start(None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "100000000004")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sandbox")
    here = boto3.client("elasticache", region_name="us-east-1")
    here.create_replication_group(
        ReplicationGroupId=GROUP,
        ReplicationGroupDescription="primary",
        Engine="redis",
        CacheNodeType="cache.r6g.large",
        TransitEncryptionEnabled=True,
        AuthToken="only-in-a-test-token",
    )
    here.create_global_replication_group(GlobalReplicationGroupIdSuffix="both", PrimaryReplicationGroupId=GROUP)
    there = boto3.client("elasticache")
    there.create_replication_group(
        ReplicationGroupId=GROUP, ReplicationGroupDescription="secondary", GlobalReplicationGroupId=DATASTORE
    )
    yield there
    running.stop()


def _roles(caches: Client) -> dict[str, str]:
    asked = {"GlobalReplicationGroupId": DATASTORE, "ShowMemberInfo": True}
    found = caches.describe_global_replication_groups(**asked)["GlobalReplicationGroups"][0]["Members"]
    return {one["ReplicationGroupRegion"]: one["Role"] for one in found}


def _call(*, active: bool, action: str = "update", content: dict[str, Any] = CONTENT) -> dict[str, Any]:
    return function.handler({"active": active, "datastore": content, "tf": {"action": action}}, _Context())


@pytest.mark.emulator
def test_writes_move_to_the_standby_and_back(caches: Client) -> None:
    assert _call(active=True) == {"datastore": {"region": "us-west-2", "changed": True}}, "it takes over"
    assert _roles(caches) == {"us-east-1": "SECONDARY", "us-west-2": "PRIMARY"}
    assert _call(active=False) == {"datastore": {"region": "us-east-1", "changed": True}}, "it gives back"
    assert _roles(caches) == {"us-east-1": "PRIMARY", "us-west-2": "SECONDARY"}


@pytest.mark.emulator
@pytest.mark.parametrize("active", [True, False])
def test_an_order_that_is_carried_out_already_changes_nothing(caches: Client, active: bool) -> None:  # noqa: FBT001 - a case
    _call(active=active)
    before = _roles(caches)
    assert _call(active=active)["datastore"]["changed"] is False, "repeating an order is safe"
    assert _roles(caches) == before


@pytest.mark.emulator
def test_taking_the_standby_down_moves_no_writes(caches: Client) -> None:
    before = _roles(caches)
    _call(active=True, action="delete")
    assert _roles(caches) == before, "the primary keeps serving"


@pytest.mark.emulator
def test_a_group_outside_of_the_datastore_is_refused(caches: Client) -> None:
    elsewhere = CONTENT | {"standby": {"region": "eu-west-1", "group": GROUP}}
    with pytest.raises(ValueError, match="eu-west-1 is not a member of ldgnf-both"):
        _call(active=True, content=elsewhere)
    assert _roles(caches)["us-east-1"] == "PRIMARY", "nothing has moved"


@pytest.mark.emulator
def test_a_standby_that_asks_for_no_token_is_refused(caches: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = caches.describe_replication_groups(ReplicationGroupId=GROUP)
    opened["ReplicationGroups"][0]["AuthTokenEnabled"] = False
    monkeypatch.setattr(caches, "describe_replication_groups", lambda **_: opened)
    monkeypatch.setattr(boto3, "client", lambda *_: caches)
    with pytest.raises(ValueError, match="asks for no token"):
        _call(active=False)


def test_an_order_for_an_unknown_step_is_refused() -> None:
    with pytest.raises(ValueError, match=r"unknown steps \['dataStore'\]; known are secrets, datastore"):
        function.handler({"active": True, "dataStore": {}}, _Context())


def test_what_never_comes_is_given_up_before_lambda_ends_the_call() -> None:
    left = iter((60.0, 40.0, 20.0))
    slept: list[float] = []
    order = Order(active=True, deleting=False, remaining_seconds=lambda: next(left), sleep=slept.append)
    with pytest.raises(TimeoutError, match="the roles: not within the time"):
        order.wait(lambda: False, "the roles")
    assert slept == [5, 5], "it has looked again until the time was nearly over"
