"""Address blocks: how much of the internet a set of them holds."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

Network = IPv4Network | IPv6Network

WORLD_V4: Final = 2**24
"""Public IPv4 addresses from which a set of blocks counts as the world: a /8, more than any one system has."""
WORLD_V6: Final = 2**112
"""The same of IPv6: a /16, more than any registry hands to one owner."""
_PRIVATE: Final = tuple(
    IPv4Network(block)
    for block in ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                  "192.168.0.0/16", "224.0.0.0/3")
)  # fmt: skip
_PUBLIC_V6: Final = IPv6Network("2000::/3")
"""Where all public addresses are; IANA, IPv6 global unicast address assignments."""


def network(cidr: object) -> Network:
    """Return a block; host bits count for nothing, as with EC2.

    Raises:
        ValueError: it is none.
    """
    return _parsed(str(cidr))


@lru_cache(maxsize=4096)
def _parsed(cidr: str) -> Network:
    return ip_network(cidr.strip(), strict=False)


def is_world(cidr: object) -> bool:
    """Tell whether a block is the internet, or so large a part of it that it may as well be.

    Raises:
        ValueError: it is no address block.
    """
    return are_world([network(cidr)])


def are_world(blocks: Iterable[Network]) -> bool:
    """Tell whether blocks together are the internet, or so large a part of it that they may as well be."""
    blocks = list(blocks)
    old = [block for block in blocks if isinstance(block, IPv4Network)]
    new = [block for block in blocks if isinstance(block, IPv6Network)]
    return _public_v4(old) >= WORLD_V4 or _public_v6(new) >= WORLD_V6


def _public_v4(blocks: list[IPv4Network]) -> int:
    if sum(block.num_addresses for block in blocks) < WORLD_V4:
        return 0
    apart = list(collapse_addresses(blocks))
    return sum(block.num_addresses for block in apart) - sum(_shared(one, two) for one in apart for two in _PRIVATE)


def _public_v6(blocks: list[IPv6Network]) -> int:
    return sum(_shared(block, _PUBLIC_V6) for block in collapse_addresses(blocks))


def _shared(one: Network, two: Network) -> int:
    """Return how many addresses two blocks share: of two that meet, one lies within the other."""
    if not one.overlaps(two):
        return 0
    return min(one.num_addresses, two.num_addresses)


def without(blocks: Iterable[Network], hole: Network) -> list[Network]:
    """Return what is left of blocks once another is taken away."""
    left: list[Network] = []
    for block in blocks:
        if block.version != hole.version or not block.overlaps(hole):
            left.append(block)
        elif block.prefixlen < hole.prefixlen:
            left.extend(block.address_exclude(hole))  # type: ignore[arg-type]
    return left


def common(one: Network, two: Network) -> Network | None:
    """Return the addresses that two blocks share."""
    if one.version != two.version or not one.overlaps(two):
        return None
    return one if one.prefixlen >= two.prefixlen else two
