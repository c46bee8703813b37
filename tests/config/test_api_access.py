"""The private API server is reached by whoever deploys, and only by whoever has a way to it."""

from __future__ import annotations

import pytest

from tests.config.stackfile import accepted, refused

ADMITTED = "      private_access_cidrs: [10.1.0.0/16]"
PATH = "cluster.private_access_cidrs"
PEER = "management: {cidr: 10.1.0.0/16, tiers: [private, blockchain], node_ports: [443]}"


def test_a_private_api_server_that_nobody_reaches_is_refused() -> None:
    found = refused((ADMITTED, "      private_access_cidrs: []"))
    assert list(found) == [PATH]
    assert "the first Kubernetes object fails" in found[PATH].what
    assert "network.peers.management.cidr" in found[PATH].fix


def test_a_public_endpoint_is_a_way_too() -> None:
    accepted((ADMITTED, "      public_access_cidrs: [203.0.113.0/24]"))


@pytest.mark.parametrize(
    "blocks", ["10.1.0.0/16", "10.1.11.0/24", "10.0.11.0/24", "10.0.0.0/16, 10.1.0.0/16", "10.10.0.0/16"]
)
def test_blocks_of_the_vpc_and_of_peers_that_reach_the_private_tier_are_admitted(blocks: str) -> None:
    accepted((ADMITTED, f"      private_access_cidrs: [{blocks}]"))


@pytest.mark.parametrize(
    ("blocks", "index", "what"),
    [
        ("192.168.0.0/24", 0, "has no way to the tier private"),
        ("0.0.0.0/0", 0, "has no way to the tier private"),
        ("10.0.0.0/8", 0, "has no way to the tier private"),
        ("10.1.0.0/16, 203.0.113.0/24", 1, "has no way to the tier private"),
        ("10.1.0.0/16, 10.1.0.0/16", 1, "stands in the list already"),
    ],
)
def test_a_block_is_refused_that(blocks: str, index: int, what: str) -> None:
    found = refused((ADMITTED, f"      private_access_cidrs: [{blocks}]"))
    assert list(found) == [f"{PATH}[{index}]"]
    assert found[f"{PATH}[{index}]"].what.startswith(what)


def test_a_peer_that_reaches_other_tiers_only_has_no_way() -> None:
    found = refused((PEER, PEER.replace("[private, blockchain]", "[blockchain]")))
    assert "has no way to the tier private" in found[f"{PATH}[0]"].what
