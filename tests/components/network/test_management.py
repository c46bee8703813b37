"""The management VPC and its way to the workload's, as the program registers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest

from components.keys import Keys, KeysArgs
from components.network import Network, NetworkArgs, Peering, PeeringArgs, PeeringSide
from components.providers import stack_providers
from config.placement import placed
from review.record import record

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph


@pytest.fixture(scope="module")
def both(settings: StackConfig) -> Graph:
    """Record prod's two VPCs and what connects them."""

    def program() -> None:
        identity = settings.identity
        assert settings.management is not None
        options = pulumi.ResourceOptions(providers=stack_providers(identity))
        keys = Keys("keys", KeysArgs(settings=settings.keys, identity=identity), options).outputs
        workload = NetworkArgs(settings=settings.network, identity=identity, keys=keys, members=placed(settings))
        network = Network("network", workload, options).outputs
        args = NetworkArgs(settings=settings.management, identity=identity, keys=keys, label="management")
        management = Network("management", args, options).outputs
        sides = PeeringArgs(
            identity=identity,
            requester=PeeringSide.of("management", management, settings.management.peers["production"]),
            accepter=PeeringSide.of("production", network, settings.network.peers["management"]),
        )
        Peering("peering", sides, options)

    return record(program, "test")


def test_the_management_vpc_is_the_seeds(both: Graph) -> None:
    assert both.named("management-vpc").inputs["cidrBlock"] == "10.1.0.0/16", "reference 004 section 1.2"
    zones = {
        subnet.inputs["availabilityZone"]
        for subnet in both.of_type("aws:ec2/subnet:Subnet")
        if subnet.name.startswith("management-")
    }
    assert zones == {"us-east-1a", "us-east-1b"}


def test_hosts_there_leave_by_one_nat_gateway_and_reach_session_manager_without_it(both: Graph) -> None:
    gateways = [one.name for one in both.of_type("aws:ec2/natGateway:NatGateway") if one.name.startswith("management-")]
    assert gateways == ["management-nat-a"]
    endpoints = {one.name for one in both.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")}
    assert {f"management-endpoint-{name}" for name in ("ssm", "ssmmessages", "ec2messages")} <= endpoints


def test_no_security_group_stands_there_but_that_of_the_endpoints_and_the_closed_default(both: Graph) -> None:
    groups = [one.name for one in both.of_type("aws:ec2/securityGroup:SecurityGroup")]
    assert [name for name in groups if name.startswith("management-")] == ["management-endpoints-group"]
    assert both.named("management-default-group").inputs.get("ingress") is None


def test_what_people_read_of_the_two_vpcs_is_apart(both: Graph) -> None:
    names = [one.inputs["tags"]["Name"] for one in both.custom() if "Name" in (one.inputs.get("tags") or {})]
    of_vpcs = {one.name: one.inputs["tags"]["Name"] for one in both.of_type("aws:ec2/vpc:Vpc")}
    assert of_vpcs == {"network-vpc": "phoenix-prod-vpc", "management-vpc": "phoenix-prod-management-vpc"}
    assert "phoenix-prod-management-private-a" in names
    logs = {one.inputs["name"] for one in both.of_type("aws:cloudwatch/logGroup:LogGroup")}
    assert logs == {"/phoenix/prod/vpc-flow-logs", "/phoenix/prod/management-vpc-flow-logs"}


def test_eks_is_not_pointed_to_subnets_of_another_vpc(both: Graph) -> None:
    for subnet in both.of_type("aws:ec2/subnet:Subnet"):
        marked = any(tag.startswith("kubernetes.io/role/") for tag in subnet.inputs["tags"])
        assert not (marked and subnet.name.startswith("management-")), "its load balancers would be out of reach"


def test_the_connection_accepts_itself_and_resolves_names_both_ways(both: Graph) -> None:
    connection = both.named("peering-connection").inputs
    assert connection["autoAccept"] is True
    assert "peerRegion" not in connection
    options = both.named("peering-names").inputs
    assert options["requester"] == options["accepter"] == {"allowRemoteVpcDnsResolution": True}


def test_routes_lead_over_it_from_the_named_tiers_alone(both: Graph) -> None:
    routes = {
        route.inputs["routeTableId"]: route.inputs["destinationCidrBlock"]
        for route in both.of_type("aws:ec2/route:Route")
        if "vpcPeeringConnectionId" in route.inputs
    }
    here = {f"management-private-routes-{zone}-id": "10.0.0.0/16" for zone in "ab"}
    there = {f"network-{tier}-routes-{zone}-id": "10.1.0.0/16" for tier in ("private", "blockchain") for zone in "abc"}
    assert routes == here | there, "the database tier and the public one stay out"


def test_the_acls_of_the_routed_tiers_let_the_peer_in_and_no_other_does(both: Graph) -> None:
    def admits(acl: str, block: str) -> bool:
        return block in {rule["cidrBlock"] for rule in both.named(acl).inputs["ingress"]}

    tiers = ("public", "private", "database", "blockchain")
    assert {tier for tier in tiers if admits(f"network-{tier}-acl", "10.1.0.0/16")} == {"private", "blockchain"}
    assert {tier for tier in tiers if admits(f"network-{tier}-acl", "10.10.0.0/16")} == {"private"}
    assert admits("management-private-acl", "10.0.0.0/16")
    assert not admits("management-public-acl", "10.0.0.0/16")
