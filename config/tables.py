"""Names of a VPC's route tables, as its stack exports them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.network import Network, TierName


def route_tables(network: Network) -> dict[str, TierName]:
    """Return the tier of each route table by name: one table for each zone of a tier behind NAT, else one for all."""
    tables: dict[str, TierName] = {}
    for tier, section in network.tiers.items():
        zoned = section.internet == "nat"
        tables |= dict.fromkeys([f"{tier}-{zone}" for zone in network.zones] if zoned else [tier], tier)
    return tables
