from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from config.cluster import Cluster
from config.data import Postgres, Redis
from config.edge import Edge
from config.network import Network
from config.placement import Placed

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.network import TierName
    from config.serving import TierKind

INTERNET: Final[dict[TierKind, str]] = {"public": "direct", "private": "nat", "isolated": "none"}
TIERS: Final[dict[TierName, TierKind]] = {
    "public": "public",
    "private": "private",
    "database": "isolated",
    "batch": "private",
}
MEMBERS: Final = (
    Placed(member=Edge.serves, tier="public"),
    Placed(member=Cluster.serves, tier="private"),
    Placed(member=Postgres.serves, tier="database"),
    Placed(member=Redis.serves, tier="database"),
)
"""What a stack with an edge, a cluster, a database and a cache serves."""


def network(**changes: Any) -> Network:  # noqa: ANN401 - any field of the section
    """Build a valid network of two zones, changed in some fields."""
    happy: dict[str, Any] = {
        "cidr": "10.0.0.0/16",
        "zones": ("a", "b"),
        "tiers": {
            tier: {
                "kind": kind,
                "cidrs": (f"10.0.{base}.0/24", f"10.0.{base + 1}.0/24"),
                "internet": INTERNET[kind],
            }
            for base, (tier, kind) in zip((1, 11, 21, 31), TIERS.items(), strict=True)
        },
        "endpoints": {"interface": ("sts",), "tier": "private"},
        "flow_logs": {"retention_days": 90},
    }
    return Network.model_validate({**happy, **changes})


NAMES: Final = ("public", "private", "database", "isolated", "web", "a", "t9", "routes")
"""Names of tiers: the user's own, those of kinds among them, and not always where they fit."""


@st.composite
def networks(draw: Callable[..., Any]) -> Network:
    """Draw a network of 2 to 6 zones, with up to three tiers of a kind, under any names, their blocks anywhere."""
    zones = draw(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=6, unique=True))
    counts = (draw(st.integers(1, 2)), draw(st.integers(1, 3)), draw(st.integers(0, 3)))
    kinds = draw(st.permutations([kind for kind, count in zip(INTERNET, counts, strict=True) for _ in range(count)]))
    names = draw(st.permutations(NAMES))[: len(kinds)]
    vpc = IPv4Network((draw(st.integers(0, 255)) << 16 | 10 << 24, 16))
    blocks = list(vpc.subnets(new_prefix=draw(st.integers(22, 24))))
    wanted = len(kinds) * len(zones)
    chosen = draw(st.lists(st.sampled_from(blocks), min_size=wanted, max_size=wanted, unique=True))
    return network(
        cidr=vpc,
        zones=zones,
        nat=draw(st.sampled_from(["per_zone", "single"])),
        tiers={
            tier: {
                "kind": kind,
                "cidrs": chosen[place * len(zones) : (place + 1) * len(zones)],
                "internet": INTERNET[kind],
            }
            for place, (tier, kind) in enumerate(zip(names, kinds, strict=True))
        },
    )
