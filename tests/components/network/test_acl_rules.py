from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.network.acl_rules import QUOTA, TierAcl
from components.network.acl_rules import acl as acl_of
from tests.components.network.samples import network, networks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.network.acl_rules import AclRule
    from config.network import Network, TierName

STRANGER = IPv4Address("198.51.100.7")
PRIVATE, BATCH, PUBLIC, DATABASE = (IPv4Address(f"10.0.{third}.9") for third in (11, 31, 1, 21))
CLIENT_PORT = 40000
SERVED = (5432, 6379)
"""Ports of the data services in the sample."""


def acl(drawn: Network, tier: TierName) -> TierAcl:
    return acl_of(drawn, tier, SERVED if tier in drawn.of_kind("isolated") else ())


def _passes(rules: Sequence[AclRule], protocol: str, peer: IPv4Address, port: int) -> bool:
    """Judge a packet as EC2 does; every rule allows, so the first that fits lets it pass."""
    return any(
        peer in rule.peer
        and (rule.protocol == "all" or (rule.protocol == protocol and rule.ports[0] <= port <= rule.ports[1]))
        for rule in rules
    )


def _reaches(tier: TierName, protocol: str, peer: IPv4Address, port: int) -> bool:
    """Tell whether a connection from `peer` to `port` of the tier is let in and its answers are let out."""
    rules = acl(network(), tier)
    return _passes(rules.ingress, protocol, peer, port) and _passes(rules.egress, protocol, peer, CLIENT_PORT)


@pytest.mark.parametrize("port", [5432, 6379])
@pytest.mark.parametrize("client", [PRIVATE, BATCH])
def test_workload_tiers_reach_the_data_ports(client: IPv4Address, port: int) -> None:
    assert _reaches("database", "tcp", client, port), "the way in and the way back are both open"


@pytest.mark.parametrize(
    ("protocol", "peer", "port"),
    [
        ("tcp", PRIVATE, 22),
        ("tcp", PRIVATE, 5433),
        ("udp", PRIVATE, 5432),
        ("tcp", BATCH, 443),
        ("tcp", PUBLIC, 5432),
        ("tcp", STRANGER, 5432),
        ("tcp", STRANGER, CLIENT_PORT),
    ],
)
def test_nothing_else_enters_the_database_tier(protocol: str, peer: IPv4Address, port: int) -> None:
    assert not _passes(acl(network(), "database").ingress, protocol, peer, port), "only data ports, only from workloads"


@pytest.mark.parametrize(("peer", "port"), [(STRANGER, 443), (STRANGER, CLIENT_PORT), (PUBLIC, CLIENT_PORT)])
def test_nothing_leaves_the_database_tier_for_the_internet(peer: IPv4Address, port: int) -> None:
    assert not _passes(acl(network(), "database").egress, "tcp", peer, port), "data has no way out of the VPC"


def test_workloads_without_internet_still_work_inside_the_vpc() -> None:
    drawn = network()
    tiers = {name: one.model_copy(update={"internet": "none"}) if one.internet == "nat" else one
             for name, one in drawn.tiers.items()}  # fmt: skip
    closed = drawn.model_copy(update={"tiers": tiers, "nat": "none"})
    assert acl(closed, "private") == acl(drawn, "private"), "the control plane, endpoints and S3's answers come in"
    assert acl(closed, "database") == acl(drawn, "database"), "workloads keep their way to the data"


def test_an_isolated_tier_where_nothing_is_served_lets_nobody_in_but_itself() -> None:
    rules = acl_of(network(), "database", ())
    assert {str(rule.peer) for rule in (*rules.ingress, *rules.egress)} == {"10.0.21.0/24", "10.0.22.0/24"}


def test_each_isolated_tier_opens_the_ports_that_are_served_in_it_and_no_others() -> None:
    rules = acl_of(network(), "database", (6379,))
    assert _passes(rules.ingress, "tcp", PRIVATE, 6379)
    assert not _passes(rules.ingress, "tcp", PRIVATE, 5432), "the database may live in another tier"


def test_an_isolated_tier_calls_interface_endpoints_where_somebody_there_does() -> None:
    rules, closed = acl_of(network(), "database", (9098,), calls=True), acl_of(network(), "database", (9098,))
    assert _passes(rules.egress, "tcp", PRIVATE, 443)
    assert _passes(rules.ingress, "tcp", PRIVATE, CLIENT_PORT)
    assert not _passes(rules.egress, "tcp", STRANGER, 443), "the way leads to the endpoints' tier alone"
    assert not _passes(closed.egress, "tcp", PRIVATE, 443)


def test_the_database_tier_reaches_itself_for_replication() -> None:
    assert _reaches("database", "tcp", IPv4Address("10.0.22.9"), 5432), "a replica in another zone keeps up"


@pytest.mark.parametrize("port", [80, 443])
def test_anybody_reaches_the_web_ports_of_the_public_tier(port: int) -> None:
    assert _reaches("public", "tcp", STRANGER, port), "load balancers face the internet"


def test_administrators_reach_a_bastion_in_the_public_tier_and_nobody_else_does() -> None:
    drawn = network(admin_cidrs=("203.0.113.0/24",))
    administrator = IPv4Address("203.0.113.7")
    assert _passes(acl(drawn, "public").ingress, "tcp", administrator, 22), "the group alone would open nothing"
    assert not _passes(acl(drawn, "public").ingress, "tcp", STRANGER, 22), "SSH is for the named blocks"
    assert not _passes(acl(drawn, "private").ingress, "tcp", administrator, 22), "the way in leads over the bastion"
    assert not _passes(acl(network(), "public").ingress, "tcp", administrator, 22), "without blocks there is no SSH"


@pytest.mark.parametrize("tier", ["public", "private", "batch"])
@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_answers_from_the_internet_return(tier: TierName, protocol: str) -> None:
    rules = acl(network(), tier)
    assert _passes(rules.egress, protocol, STRANGER, 443), "workloads may call out"
    assert _passes(rules.ingress, protocol, STRANGER, CLIENT_PORT), "and hear the answer"


@pytest.mark.parametrize("tier", ["private", "batch"])
def test_tiers_behind_nat_take_all_traffic_of_the_vpc(tier: TierName) -> None:
    for port in (443, 10250, 53):
        assert _reaches(tier, "tcp", PUBLIC, port), "load balancers and control plane reach nodes"


@given(networks(), st.sampled_from([22, 3389]), st.sampled_from(["tcp", "udp"]))
def test_the_world_reaches_no_administration_port_of_any_tier(drawn: Network, port: int, protocol: str) -> None:
    for tier in drawn.tiers:
        try:
            rules = acl(drawn, tier)
        except ValueError:
            continue
        assert not _passes(rules.ingress, protocol, STRANGER, port), "SSH and remote desktop are never open to all"


@given(networks())
def test_rules_fit_the_quota_or_are_refused(drawn: Network) -> None:
    for tier in drawn.tiers:
        try:
            rules = acl(drawn, tier)
        except ValueError:
            continue
        assert max(len(rules.ingress), len(rules.egress)) <= QUOTA, "EC2 would refuse it in the middle of a deployment"


@given(networks())
def test_every_workload_subnet_reaches_the_data_ports_wherever_its_block_lies(drawn: Network) -> None:
    home = next(iter(drawn.of_kind("isolated")), None)
    assume(home is not None)
    try:
        rules = acl(drawn, home)
    except ValueError:
        assume(False)
    for tier, section in drawn.tiers.items():
        for cidr in section.cidrs:
            let_in = _passes(rules.ingress, "tcp", cidr[9], 5432)
            assert let_in == (section.kind == "private" or tier == home), "joining blocks adds and loses nobody"


def test_blocks_too_scattered_for_the_quota_are_refused_by_name() -> None:
    scattered = {
        tier: section.model_dump() | {"cidrs": tuple(f"10.0.{base + 2 * place}.0/24" for place in range(6))}
        for base, (tier, section) in zip((1, 21, 41, 61), network().tiers.items(), strict=True)
    }
    with pytest.raises(ValueError, match=r"network\.tiers\.database: its network ACL needs 30 ingress rules, 20 are"):
        acl(network(zones=tuple("abcdef"), tiers=scattered), "database")


def test_neighbouring_blocks_share_a_rule() -> None:
    moved = network().tiers["private"].model_dump() | {"cidrs": ("10.0.12.0/24", "10.0.13.0/24")}
    two = network(tiers={**network().tiers, "private": moved})
    assert "10.0.12.0/23" in {str(rule.peer) for rule in acl(two, "database").ingress}, "a rule serves what it can"
