"""Peered VPCs: apart in their addresses, and declared alike on both sides."""

from __future__ import annotations

import pytest

from tests.config.stackfile import accepted, refused

MANAGEMENT = "management: {cidr: 10.1.0.0/16, tiers: [private, blockchain], node_ports: [443]}"
PRODUCTION = "production: {cidr: 10.0.0.0/16, tiers: [private]}"
ENDPOINTS = "interface: [ssm, ssmmessages, ec2messages, logs, monitoring]\n"

CASES = {
    "a block of this VPC": (
        (f"{MANAGEMENT}\n        standby: {{cidr: 10.10.0", f"{MANAGEMENT}\n        standby: {{cidr: 10.0.0"),
        {"network.peers.standby.cidr": "overlaps 10.0.0.0/16 of network.cidr"},
    ),
    "a block that another peer has": (
        ("production: {cidr: 10.0.0.0/16,", "production: {cidr: 10.10.0.0/17,"),
        {
            "management.peers.production.cidr": "not its block",
            "management.peers.standby.cidr": "overlaps 10.10.0.0/17 of management.peers.production.cidr",
        },
    ),
    "a block that the other section does not have": (
        (MANAGEMENT, "management: {cidr: 10.2.0.0/16, tiers: [private]}"),
        {
            "network.peers.management.cidr": "not its block",
            "cluster.private_access_cidrs[0]": "has no way to the tier private",
        },
    ),
    "a way out without a way back": (
        (f"        {PRODUCTION}\n", ""),
        {"network.peers.management": "one-sided: management does not name production"},
    ),
    "a tier that is not there": (
        (PRODUCTION, "production: {cidr: 10.0.0.0/16, tiers: [blockchain]}"),
        {"management.peers.production.tiers[0]": "no such tier"},
    ),
    "an isolated tier": (
        (MANAGEMENT, MANAGEMENT.replace("blockchain]", "database]")),
        {"network.peers.management.tiers[1]": "an isolated tier, which nothing beyond its VPC reaches"},
    ),
    "a VPC as its own peer": (
        (PRODUCTION, f"{PRODUCTION}\n        management: {{cidr: 10.7.0.0/16, tiers: [private]}}"),
        {"management.peers.management": "peers with itself"},
    ),
    "ports of nodes where none stand": (
        (PRODUCTION, "production: {cidr: 10.0.0.0/16, tiers: [private], node_ports: [443]}"),
        {"management.peers.production.node_ports": "no node of the cluster stands in this VPC"},
    ),
    "routes of a VPC that has its own": (
        (PRODUCTION, "production: {cidr: 10.0.0.0/16, tiers: [private], route_tables: [private-a]}"),
        {"management.peers.production.route_tables": "a primary makes routes in its own VPCs only"},
    ),
    "routes of a standby's VPC": (
        (MANAGEMENT, f"{MANAGEMENT[:-1]}, route_tables: [private-a]}}"),
        {"network.peers.management.route_tables": "a primary makes routes in its own VPCs only"},
    ),
    "administrators' blocks": (
        (ENDPOINTS, f"{ENDPOINTS}      admin_cidrs: [10.7.0.0/16]\n"),
        {"management.admin_cidrs": "no bastion stands there"},
    ),
}


@pytest.mark.parametrize(("swap", "expected"), CASES.values(), ids=CASES.keys())
def test_a_peering_is_refused_for(swap: tuple[str, str], expected: dict[str, str]) -> None:
    found = refused(swap)
    assert found.keys() == expected.keys()
    assert all(found[path].what.startswith(what) for path, what in expected.items())


@pytest.mark.parametrize(
    ("swap", "path", "what"),
    [
        (("zones: [a, b]\n", "zones: [a, z]\n"), "management.zones[1]", "us-east-1 has no such zone"),
        (("[10.1.11.0/24, 10.1.12.0/24]", "[10.1.11.0/24]"), "management.tiers.private.cidrs", "not one block per"),
        (("10.1.12.0/24", "10.1.2.0/25"), "management.tiers.private.cidrs[1]", "overlaps 10.1.2.0/24"),
        (("nat: single", "nat: none"), "management.nat", "and there is none"),
        ((ENDPOINTS, ENDPOINTS.replace("logs", "lgos")), "management.endpoints.interface[3]", "no such service"),
    ],
)
def test_the_management_vpc_is_judged_as_the_workloads_is(swap: tuple[str, str], path: str, what: str) -> None:
    found = refused(swap)
    assert found.keys() == {path}
    assert what in found[path].what


def test_the_management_vpc_needs_no_isolated_tier() -> None:
    management = accepted().management
    assert management is not None
    assert set(management.tiers) == {"public", "private"}


def test_the_standbys_block_is_named_without_the_standby_being_there() -> None:
    """Prod can be planned before dr exists; its network ACLs already let dr's addresses in."""
    peers = accepted().network.peers
    assert str(peers["standby"].cidr) == "10.10.0.0/16"
    assert peers["standby"].route_tables == ()
