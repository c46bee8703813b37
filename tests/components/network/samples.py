from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from config.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

INTERNET = {"public": "direct", "private": "nat", "database": "none", "blockchain": "nat"}


def network(**changes: Any) -> Network:  # noqa: ANN401 - any field of the section
    """Build a valid network of two zones, changed in some fields."""
    happy: dict[str, Any] = {
        "cidr": "10.0.0.0/16",
        "zones": ("a", "b"),
        "tiers": {
            tier: {"cidrs": (f"10.0.{base}.0/24", f"10.0.{base + 1}.0/24"), "internet": internet}
            for base, (tier, internet) in zip((1, 11, 21, 31), INTERNET.items(), strict=True)
        },
        "flow_logs": {"retention_days": 90},
    }
    return Network.model_validate({**happy, **changes})


@st.composite
def networks(draw: Callable[..., Any]) -> Network:
    """Draw a network of 2 to 6 zones, with or without the optional tier, its blocks anywhere in the VPC."""
    zones = draw(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=6, unique=True))
    tiers = ["public", "private", "database", *draw(st.sampled_from([[], ["blockchain"]]))]
    vpc = IPv4Network((draw(st.integers(0, 255)) << 16 | 10 << 24, 16))
    blocks = list(vpc.subnets(new_prefix=draw(st.integers(21, 24))))
    wanted = len(tiers) * len(zones)
    chosen = draw(st.lists(st.sampled_from(blocks), min_size=wanted, max_size=wanted, unique=True))
    return network(
        cidr=vpc,
        zones=zones,
        nat=draw(st.sampled_from(["per_zone", "single"])),
        tiers={
            tier: {"cidrs": chosen[place * len(zones) : (place + 1) * len(zones)], "internet": INTERNET[tier]}
            for place, tier in enumerate(tiers)
        },
    )
