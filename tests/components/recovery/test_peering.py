"""The standby's ways to its primary's VPCs: across regions, made by the standby, checked against what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.network import Network, NetworkArgs
from components.providers import provider_elsewhere
from components.recovery.peering import PrimaryPeering, PrimaryPeeringArgs, checked
from review.record import record
from tests.components.cluster.surroundings import keys, options

if TYPE_CHECKING:
    from components.recovery.primary import Primary
    from config.stack import StackConfig
    from review.graph import Graph

VPCS: dict[str, dict[str, Any]] = {
    "production": {
        "id": "vpc-1",
        "cidr": "10.0.0.0/16",
        "tables": {f"private-{zone}": f"rtb-1{zone}" for zone in "abc"} | {"database": "rtb-1d"},
    },
    "management": {
        "id": "vpc-2",
        "cidr": "10.1.0.0/16",
        "tables": {f"private-{zone}": f"rtb-2{zone}" for zone in "ab"},
    },
}


@pytest.fixture(scope="module")
def peered(dr: StackConfig) -> Graph:
    """Record dr's network and its peerings."""

    def program() -> None:
        class Known:
            vpcs = pulumi.Output.from_input(VPCS)
            region = pulumi.Output.from_input("us-east-1")

        mine = options(dr)
        primary: Primary = Known()  # type: ignore[assignment]  # the two fields that are read
        args = NetworkArgs(settings=dr.network, identity=dr.identity, keys=keys())
        peering = PrimaryPeeringArgs(
            identity=dr.identity,
            settings=dr.network,
            network=Network("network", args, mine).outputs,
            primary=primary,
            provider=provider_elsewhere("aws-primary", dr.identity, "us-east-1"),
        )
        PrimaryPeering("peering", peering, mine)

    return record(program, "test")


def provider_of(graph: Graph, name: str) -> str:
    return graph.named(name).provider or ""


def test_each_vpc_of_the_primary_has_a_connection_that_its_own_region_accepts(peered: Graph) -> None:
    for use, vpc in VPCS.items():
        connection = peered.named(f"peering-{use}-connection")
        assert connection.inputs["peerVpcId"] == vpc["id"]
        assert connection.inputs["peerRegion"] == "us-east-1"
        assert "autoAccept" not in connection.inputs, "EC2 accepts across regions in the accepter's region only"
        assert "aws-primary" in provider_of(peered, f"peering-{use}-acceptance")
        assert "aws-primary" not in provider_of(peered, f"peering-{use}-connection")


def test_each_half_takes_its_options_in_its_own_region(peered: Graph) -> None:
    for use in VPCS:
        assert set(peered.named(f"peering-{use}-names").inputs) == {"vpcPeeringConnectionId", "requester"}
        assert set(peered.named(f"peering-{use}-names-accepter").inputs) == {"vpcPeeringConnectionId", "accepter"}
        assert "aws-primary" in provider_of(peered, f"peering-{use}-names-accepter")


def test_ways_lead_there_from_named_tiers_and_back_from_named_tables(peered: Graph) -> None:
    routes = {
        (route.inputs["routeTableId"], route.inputs["destinationCidrBlock"])
        for route in peered.of_type("aws:ec2/route:Route")
        if "vpcPeeringConnectionId" in route.inputs
    }
    back = {(f"rtb-1{zone}", "10.10.0.0/16") for zone in "abc"} | {(f"rtb-2{zone}", "10.10.0.0/16") for zone in "ab"}
    there = {(f"network-private-routes-{zone}-id", "10.0.0.0/16") for zone in "ab"}
    managed = {
        (f"network-{tier}-routes-{zone}-id", "10.1.0.0/16") for tier in ("private", "blockchain") for zone in "ab"
    }
    assert routes == back | there | managed, "neither database tier is on a way"


def test_routes_of_the_primary_are_made_in_its_region(peered: Graph) -> None:
    for route in peered.of_type("aws:ec2/route:Route"):
        far = str(route.inputs["routeTableId"]).startswith("rtb-")
        assert ("aws-primary" in (route.provider or "")) is far


@pytest.mark.parametrize(
    ("vpcs", "said"),
    [
        ({}, "network.peers.production: the primary exports no such VPC; it has none; deploy the primary with it"),
        (
            {"production": VPCS["production"] | {"cidr": "10.9.0.0/16"}},
            "network.peers.production.cidr: the primary's VPC has 10.9.0.0/16, got 10.0.0.0/16",
        ),
        (
            {"production": VPCS["production"] | {"tables": {"private-a": "rtb-1a", "private-b": "rtb-1b"}}},
            "network.peers.production.route_tables: the primary's VPC has no table private-c; it has private-a",
        ),
    ],
)
def test_a_primary_that_is_not_as_the_file_says_is_reported(dr: StackConfig, vpcs: dict[str, Any], said: str) -> None:
    with pytest.raises(pulumi.RunError, match=said.replace("(", r"\(")):
        checked(vpcs, "production", dr.network.peers["production"])
