"""A replica follows its secret, and waits out an outage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import client, outage
from tests.sandbox.emulator.conftest import account_of, session

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
EAST, WEST = "us-east-1", "us-west-2"


@pytest.fixture
def own(running: client.Emulator, request: pytest.FixtureRequest) -> Aws:
    """Clients of an account of the test's own that has the secret `s`, replicated to the west."""
    make = session(running, account_of(request))
    make("secretsmanager", EAST).create_secret(Name="s", SecretString="first", AddReplicaRegions=[{"Region": WEST}])
    return make


def _value(secrets: Client) -> str:
    found: str = secrets.get_secret_value(SecretId="s")["SecretString"]
    return found


def _status(secrets: Client) -> list[tuple[str, str]]:
    return [(s["Region"], s["Status"]) for s in secrets.describe_secret(SecretId="s").get("ReplicationStatus", [])]


def test_a_replica_says_where_its_secret_is_and_follows_it(own: Aws) -> None:
    east, west = own("secretsmanager", EAST), own("secretsmanager", WEST)
    east.put_secret_value(SecretId="s", SecretString="second")
    assert (_value(west), _status(east)) == ("second", [(WEST, "InSync")]), "a new value is there at once"
    assert west.describe_secret(SecretId="s")["PrimaryRegion"] == EAST, "a replica names the region of its secret"
    with pytest.raises(ClientError, match="replica"):
        west.put_secret_value(SecretId="s", SecretString="third")


def test_a_replica_cut_off_gets_the_new_value_when_it_is_healed(own: Aws, running: client.Emulator) -> None:
    east, west = own("secretsmanager", EAST), own("secretsmanager", WEST)
    outage.cut(running.url, WEST)
    east.put_secret_value(SecretId="s", SecretString="second")
    during = _status(east)
    outage.heal(running.url, WEST)
    assert during == [(WEST, "InProgress")], "the secret knows that its replica is late"
    assert (_value(west), _status(east)) == ("second", [(WEST, "InSync")]), "it catches up"


def test_a_replica_is_read_while_its_secret_cannot_be(own: Aws, running: client.Emulator) -> None:
    outage.cut(running.url, EAST)
    assert _value(own("secretsmanager", WEST)) == "first", "a replica serves alone"
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        _value(own("secretsmanager", EAST))
