"""A peering connection names the blocks of both VPCs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator


def vpc(ec2: Client, block: str) -> str:
    return str(ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"])


def described(ec2: Client, peering: str) -> dict[str, Any]:
    (found,) = ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[peering])["VpcPeeringConnections"]
    return dict(found)


@pytest.fixture
def east(aws: Aws) -> Client:
    return aws("ec2")


@pytest.fixture
def west(aws: Aws) -> Client:
    return aws("ec2", "us-west-2")


@pytest.fixture
def pending(east: Client, west: Client) -> str:
    """Return a connection from us-west-2 that us-east-1 has not accepted."""
    asked = west.create_vpc_peering_connection(
        VpcId=vpc(west, "10.10.0.0/16"), PeerVpcId=vpc(east, "10.0.0.0/16"), PeerRegion="us-east-1"
    )
    return str(asked["VpcPeeringConnection"]["VpcPeeringConnectionId"])


def test_the_blocks_of_both_vpcs_are_reported_across_regions(west: Client, pending: str) -> None:
    found = described(west, pending)
    assert found["RequesterVpcInfo"]["CidrBlock"] == "10.10.0.0/16"
    assert found["AccepterVpcInfo"]["CidrBlock"] == "10.0.0.0/16"
