"""A replica can be promoted, and keeps its secret from being deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.conftest import account_of, session

if TYPE_CHECKING:
    from sandbox.emulator import client
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


def test_a_promoted_replica_is_a_secret_of_its_own(own: Aws) -> None:
    east, west = own("secretsmanager", EAST), own("secretsmanager", WEST)
    west.stop_replication_to_replica(SecretId="s")
    west.put_secret_value(SecretId="s", SecretString="mine")
    east.put_secret_value(SecretId="s", SecretString="yours")
    assert (_value(west), _value(east)) == ("mine", "yours"), "neither follows the other"
    assert _status(east) == [], "and the first knows"


def test_a_secret_with_replicas_cannot_be_deleted(own: Aws) -> None:
    east = own("secretsmanager", EAST)
    with pytest.raises(ClientError, match="replicated to us-west-2"):
        east.delete_secret(SecretId="s")
    east.remove_regions_from_replication(SecretId="s", RemoveReplicaRegions=[WEST])
    east.delete_secret(SecretId="s")
