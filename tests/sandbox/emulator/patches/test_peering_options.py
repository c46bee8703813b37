"""Peering connections keep their options, each side's in its own region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


def vpc(ec2: Client, block: str) -> str:
    return str(ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"])


def described(ec2: Client, peering: str) -> dict[str, Any]:
    (found,) = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[peering])["VpcPeeringConnections"]
    return dict(found)


def resolves(ec2: Client, peering: str) -> tuple[bool, bool]:
    """Return whether the requester and the accepter let the other resolve their names."""
    found = described(ec2, peering)
    return tuple(
        found[side]["PeeringOptions"]["AllowDnsResolutionFromRemoteVpc"]
        for side in ("RequesterVpcInfo", "AccepterVpcInfo")
    )


@pytest.fixture
def east(aws: Aws) -> Client:
    return aws("ec2")


@pytest.fixture
def west(aws: Aws) -> Client:
    return aws("ec2", "us-west-2")


@pytest.fixture
def near(east: Client) -> str:
    """Return an accepted connection inside one region."""
    asked = east.create_vpc_peering_connection(VpcId=vpc(east, "10.0.0.0/16"), PeerVpcId=vpc(east, "10.1.0.0/16"))
    peering = str(asked["VpcPeeringConnection"]["VpcPeeringConnectionId"])
    east.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    return peering


@pytest.fixture
def pending(east: Client, west: Client) -> str:
    """Return a connection from us-west-2 that us-east-1 has not accepted."""
    asked = west.create_vpc_peering_connection(
        VpcId=vpc(west, "10.10.0.0/16"), PeerVpcId=vpc(east, "10.0.0.0/16"), PeerRegion="us-east-1"
    )
    return str(asked["VpcPeeringConnection"]["VpcPeeringConnectionId"])


def test_options_are_off_until_they_are_set(east: Client, near: str) -> None:
    assert resolves(east, near) == (False, False)


def test_both_sides_of_one_region_are_set_at_once_and_read_back(east: Client, near: str) -> None:
    on = {"AllowDnsResolutionFromRemoteVpc": True}
    answer = east.modify_vpc_peering_connection_options(
        VpcPeeringConnectionId=near, RequesterPeeringConnectionOptions=on, AccepterPeeringConnectionOptions=on
    )
    assert answer["RequesterPeeringConnectionOptions"] == on
    assert answer["AccepterPeeringConnectionOptions"] == on
    assert resolves(east, near) == (True, True)


def test_each_side_is_set_in_its_own_region_and_both_see_it(east: Client, west: Client, pending: str) -> None:
    east.accept_vpc_peering_connection(VpcPeeringConnectionId=pending)
    on = {"AllowDnsResolutionFromRemoteVpc": True}
    west.modify_vpc_peering_connection_options(VpcPeeringConnectionId=pending, RequesterPeeringConnectionOptions=on)
    assert resolves(east, pending) == resolves(west, pending) == (True, False)
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        west.modify_vpc_peering_connection_options(VpcPeeringConnectionId=pending, AccepterPeeringConnectionOptions=on)
    east.modify_vpc_peering_connection_options(VpcPeeringConnectionId=pending, AccepterPeeringConnectionOptions=on)
    assert resolves(west, pending) == (True, True)


def test_a_connection_that_is_not_accepted_takes_no_options(west: Client, pending: str) -> None:
    on = {"AllowDnsResolutionFromRemoteVpc": True}
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        west.modify_vpc_peering_connection_options(VpcPeeringConnectionId=pending, RequesterPeeringConnectionOptions=on)
