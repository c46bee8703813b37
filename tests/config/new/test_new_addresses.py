"""Address blocks of a new stack: apart from all others, and inside each other as before."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from config.new.addresses import blocks_of, free_block, place
from config.new.draft import Draft
from config.problems import ConfigError
from config.rules.addresses import PRIVATE
from tests.config.stackfile import SETTINGS


def nth(private: IPv4Network, prefix: int, at: int) -> IPv4Network:
    """Return one of the blocks of a size that a private one holds."""
    size = max(prefix, private.prefixlen)
    offset = (at % 2 ** (size - private.prefixlen)) * 2 ** (32 - size)
    return IPv4Network((int(private.network_address) + offset, size))


BLOCKS = st.builds(nth, st.sampled_from(PRIVATE), st.integers(9, 20), st.integers(0, 4095))
ZONES = st.sampled_from([2, 3])


@given(used=st.sets(BLOCKS, max_size=12), prefix=st.integers(16, 28))
def test_a_free_block_is_private_and_meets_none(used: set[IPv4Network], prefix: int) -> None:
    block = free_block(prefix, used)
    assume(block is not None)
    assert block is not None
    assert block.prefixlen == prefix
    assert any(block.subnet_of(private) for private in PRIVATE)
    assert not any(block.overlaps(one) for one in used)


def test_where_all_is_taken_it_says_so() -> None:
    with pytest.raises(ConfigError, match=r"network\.cidr: no private block is free"):
        place(Draft(SETTINGS), PRIVATE, {})


@given(used=st.sets(BLOCKS, max_size=12), zones=ZONES, wider=st.sampled_from([0, 1, 2]))
def test_a_stack_fits_beside_any_others(used: set[IPv4Network], zones: int, wider: int) -> None:
    draft = Draft(SETTINGS)
    draft.set(("network", "zones"), ["a", "b", "c"][:zones])
    try:
        place(draft, used, {("network", "tiers", "private", "cidrs"): wider} if wider else {})
    except ConfigError:
        assume(False)
    vpcs = {at: IPv4Network(draft.get(at, "cidr")) for at in ("network", "management")}
    assert not vpcs["network"].overlaps(vpcs["management"])
    for at, vpc in vpcs.items():
        assert not any(vpc.overlaps(one) for one in used)
        subnets = [IPv4Network(one) for tier in draft.get(at, "tiers").values() for one in tier["cidrs"]]
        assert all(subnet.subnet_of(vpc) for subnet in subnets)
        assert not any(a.overlaps(b) for i, a in enumerate(subnets) for b in subnets[:i])
    assert draft.get("network", "peers", "management", "cidr") == str(vpcs["management"])
    assert draft.get("management", "peers", "production", "cidr") == str(vpcs["network"])
    assert {len(tier["cidrs"]) for tier in draft.get("network", "tiers").values()} == {zones}
    sizes = {IPv4Network(one).prefixlen for one in draft.get("network", "tiers", "private", "cidrs")}
    assert sizes == {24 - wider}


def test_blocks_are_found_wherever_they_stand() -> None:
    values = {"a": ["10.0.0.0/16", "0.0.0.0/0", "8.8.8.0/24"], "b": {"c": "192.168.1.0/24", "d": "text/24", "e": 5}}
    assert blocks_of(values) == {IPv4Network("10.0.0.0/16"), IPv4Network("192.168.1.0/24")}
