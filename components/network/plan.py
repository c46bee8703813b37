"""The arithmetic of the network: which subnet lies where, which table routes it. Pure: no resource, no look-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ipaddress import IPv4Network

    from config.network import Network, TierName

DefaultRoute = Literal["internet", "nat", "nowhere"]
"""Where a default route leads."""


@dataclass(frozen=True, kw_only=True)
class SubnetPlan:
    """One subnet."""

    tier: TierName
    """Tier it belongs to."""
    zone: str
    """Zone letter."""
    cidr: IPv4Network
    """Its block."""
    table: str
    """Key of its route table, such as `public` or `private-a`."""


@dataclass(frozen=True, kw_only=True)
class TablePlan:
    """One route table."""

    tier: TierName
    """Tier whose subnets use it."""
    zone: str | None
    """Zone letter, where each zone has a table of its own; none = one for all zones."""
    default_route: DefaultRoute
    """Where its default route leads; `nowhere` = it has none."""
    nat_zone: str | None = None
    """Zone whose NAT gateway the default route uses, where `default_route` is `nat`."""

    @property
    def key(self) -> str:
        """Name of the table inside the plan, such as `public` or `private-a`."""
        return self.tier if self.zone is None else f"{self.tier}-{self.zone}"


@dataclass(frozen=True, kw_only=True)
class NetworkPlan:
    """Everything that follows from the `network` section by arithmetic alone."""

    subnets: tuple[SubnetPlan, ...]
    """By tier, then in the order of the zones."""
    tables: tuple[TablePlan, ...]
    """By tier, then in the order of the zones."""
    nat_zones: tuple[str, ...]
    """Zones that have a NAT gateway."""

    def of_tier(self, tier: TierName) -> tuple[SubnetPlan, ...]:
        """Return the subnets of `tier`, in the order of the zones."""
        return tuple(subnet for subnet in self.subnets if subnet.tier == tier)


def plan(network: Network) -> NetworkPlan:
    """Lay out subnets, route tables and NAT gateways.

    - A tier with direct access has one table for all zones: there is a single internet gateway.
    - A tier behind NAT has a table per zone, so that each zone can leave by its own gateway; tiers never share a table,
      so that a route added for one cannot leak into another.
    - A tier without internet has one table, and no route beyond the VPC.

    Raises:
        ValueError: A tier has not one block per zone, or wants NAT where there is no NAT gateway.
    """
    nat_zones = _nat_zones(network)
    tables: list[TablePlan] = []
    subnets: list[SubnetPlan] = []
    for tier, section in network.tiers.items():
        if len(section.cidrs) != len(network.zones):
            raise ValueError(
                f"network.tiers.{tier}.cidrs has {len(section.cidrs)} blocks for {len(network.zones)} zones; "
                "give one block per zone, in the order of network.zones"
            )
        by_zone = _tables_of(tier, section.internet, network.zones, nat_zones)
        tables += dict.fromkeys(by_zone.values())
        subnets += [
            SubnetPlan(tier=tier, zone=zone, cidr=cidr, table=by_zone[zone].key)
            for zone, cidr in zip(network.zones, section.cidrs, strict=True)
        ]
    return NetworkPlan(subnets=tuple(subnets), tables=tuple(tables), nat_zones=nat_zones)


def _nat_zones(network: Network) -> tuple[str, ...]:
    match network.nat:
        case "per_zone":
            return network.zones
        case "single":
            return network.zones[:1]
        case "none":
            return ()


def _tables_of(
    tier: TierName, internet: Literal["direct", "nat", "none"], zones: tuple[str, ...], nat_zones: tuple[str, ...]
) -> dict[str, TablePlan]:
    """Return the route table of each zone of `tier`."""
    match internet:
        case "direct":
            return dict.fromkeys(zones, TablePlan(tier=tier, zone=None, default_route="internet"))
        case "none":
            return dict.fromkeys(zones, TablePlan(tier=tier, zone=None, default_route="nowhere"))
        case "nat":
            if not nat_zones:
                raise ValueError(
                    f"network.tiers.{tier}.internet is 'nat' but network.nat is 'none'; "
                    "set network.nat to 'per_zone' or 'single', or the tier's internet to 'none'"
                )
            return {
                zone: TablePlan(
                    tier=tier, zone=zone, default_route="nat", nat_zone=zone if zone in nat_zones else nat_zones[0]
                )
                for zone in zones
            }


def zone_name(region: str, zone: str) -> str:
    """Return the full name of a zone, such as `us-east-1a`."""
    return f"{region}{zone}"
