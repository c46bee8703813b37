"""The address plan."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError
from config.rules.addresses import clashes
from tests.config.stackfile import accepted, refused

CASES = {
    "a subnet narrower than /28": (
        ("10.0.1.0/24", "10.0.1.0/29"),
        "network.tiers.public.cidrs[0]",
        "too narrow for AWS",
    ),
    "a subnet outside the VPC": (("10.0.1.0/24", "10.9.1.0/24"), "network.tiers.public.cidrs[0]", "outside the VPC"),
    "host bits in a block": (("10.0.1.0/24", "10.0.1.7/24"), "network.tiers.public.cidrs[0]", "has host bits set"),
    "a block that is no block": (("10.0.1.0/24", "10.0.1.x"), "network.tiers.public.cidrs[0]", "not an IPv4 block"),
    "a block fewer than zones": ((", 10.0.3.0/24]", "]"), "network.tiers.public.cidrs", "not one block per zone"),
    "a zone named twice": (("zones: [a, b, c]", "zones: [b, c, b]"), "network.zones[2]", "stands in the list already"),
    "a public tier behind NAT": (
        ("10.0.3.0/24]\n          internet: direct", "10.0.3.0/24]\n          internet: nat"),
        "network.tiers.public.internet",
        "not for a tier of kind public",
    ),
    "a database tier with a way out": (
        ("internet: none", "internet: nat"),
        "network.tiers.database.internet",
        "not for a tier of kind isolated",
    ),
    "NAT wanted, and none there": (("nat: per_zone", "nat: none"), "network.nat", "and there is none"),
    "an endpoint misspelt": (("ecr.api,", "ecr-api,"), "network.endpoints.interface[0]", "no such service"),
    "an endpoint named twice": (
        ("manager, ssm, ssmm", "manager, sts, ssmm"),
        "network.endpoints.interface[6]",
        "stands in the list already",
    ),
    "SSH from everywhere": (
        ("      # What network ACLs let in", "      admin_cidrs: [0.0.0.0/0]\n      # What network ACLs let in"),
        "network.admin_cidrs[0]",
        "open to the whole internet",
    ),
    "the Kubernetes API for everyone": (
        ('version: "1.35"', 'public_access_cidrs: [0.0.0.0/0]\n      version: "1.35"'),
        "cluster.public_access_cidrs[0]",
        "open to the whole internet",
    ),
}


UNPEERED = (
    ("        management: {cidr: 10.1.0.0/16, tiers: [private, blockchain], node_ports: [443]}\n", ""),
    ("        production: {cidr: 10.0.0.0/16, tiers: [private]}\n", ""),
    ("private_access_cidrs: [10.1.0.0/16]", "public_access_cidrs: [203.0.113.0/24]"),
)
"""Takes prod's VPCs apart, so that one can move without a word of the other."""


@pytest.mark.parametrize(
    ("section", "block"), [("network", "10.0.0.0"), ("management", "10.1.0.0")], ids=["workload", "management"]
)
def test_a_vpc_wider_than_aws_takes_is_refused(section: str, block: str) -> None:
    swap = (f"      cidr: {block}/16\n", f"      cidr: {block.replace('.1.', '.4.')}/15\n")
    found = refused(swap, *UNPEERED)
    assert found[f"{section}.cidr"].what == "too wide for AWS"


@pytest.mark.parametrize(("swap", "path", "what"), CASES.values(), ids=CASES.keys())
def test_a_plan_is_refused_with(swap: tuple[str, str], path: str, what: str) -> None:
    found = refused(swap)
    assert [one for one in found if one.startswith(("network", "cluster"))] == [path]
    assert what in found[path].what


def test_more_public_blocks_than_eks_takes_are_refused() -> None:
    blocks = ", ".join(f"203.0.113.{number}/32" for number in range(41))
    found = refused(('version: "1.35"', f'public_access_cidrs: [{blocks}]\n      version: "1.35"'))
    assert found["cluster.public_access_cidrs"].allowed == "40 at most"


def test_a_vpc_in_public_space_is_refused_and_each_subnet_left_outside() -> None:
    found = refused(("      cidr: 10.0.0.0/16\n", "      cidr: 11.0.0.0/16\n"), *UNPEERED)
    assert found.pop("network.cidr").what == "not private address space"
    assert {problem.what for problem in found.values()} == {"outside the VPC"}
    assert len(found) == 12, "three subnets of each of four tiers"


def test_a_block_that_holds_two_others_is_reported_for_each() -> None:
    with pytest.raises(ConfigError) as caught:
        accepted(("10.0.31.0/24, 10.0.32.0/24", "10.0.2.0/23, 10.0.32.0/24"))
    assert [problem.what for problem in caught.value.problems] == [
        "overlaps 10.0.2.0/24 of network.tiers.public.cidrs[1]",
        "overlaps 10.0.3.0/24 of network.tiers.public.cidrs[2]",
    ]


def test_a_block_with_host_bits_is_refused_with_the_right_block() -> None:
    found = refused(("10.0.1.0/24", "10.0.1.7/24"))
    assert found["network.tiers.public.cidrs[0]"].fix == "write 10.0.1.0/24"


BLOCKS = st.builds(
    lambda address, prefix: IPv4Network((address >> (32 - prefix) << (32 - prefix), prefix)),
    st.integers(0x0A000000, 0x0A00FFFF),
    st.integers(16, 28),
)


@given(st.lists(BLOCKS, max_size=8))
def test_clashes_are_exactly_the_pairs_that_share_an_address(blocks: list[IPv4Network]) -> None:
    found = clashes([(("x", at), block) for at, block in enumerate(blocks)])
    ranges = [range(int(block.network_address), int(block.broadcast_address) + 1) for block in blocks]
    shared = {
        (i, j)
        for (i, one), (j, other) in combinations(enumerate(ranges), 2)
        if max(one.start, other.start) < min(one.stop, other.stop)
    }
    assert set(found) == shared
    assert len(found) == len(shared), "each clash is reported once"
