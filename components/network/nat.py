"""NAT gateways, and the default routes of all tiers that have one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_aws import ec2

from components.base import child

if TYPE_CHECKING:
    from components.network.site import Site
    from components.network.tiers import Subnets, Tables

_EVERYWHERE: Final = "0.0.0.0/0"


def build_nat_gateways(site: Site, subnets: Subnets, internet: ec2.InternetGateway | None) -> dict[str, ec2.NatGateway]:
    """Build a NAT gateway with a fixed address in a public subnet of each planned zone; the result is by zone."""
    gateways: dict[str, ec2.NatGateway] = {}
    tier = site.settings.tier("public", site.settings.nat_tier) if site.plan.nat_zones else ""
    for zone in site.plan.nat_zones:
        address = ec2.Eip(site.named("nat-address", zone), domain="vpc", tags=site.tags("nat", zone), opts=site.child())
        gateways[zone] = ec2.NatGateway(
            site.named("nat", zone),
            allocation_id=address.id,
            subnet_id=subnets[tier][zone].id,
            tags=site.tags("nat", zone),
            # No reference says so, but a NAT gateway fails to start in a VPC that has no internet gateway yet.
            opts=child(site.parent, depends_on=[internet] if internet else []),
        )
    return gateways


def build_default_routes(
    site: Site, tables: Tables, internet: ec2.InternetGateway | None, gateways: dict[str, ec2.NatGateway]
) -> None:
    """Route each table's way to the internet; a table without one keeps only the VPC's own route."""
    for planned in site.plan.tables:
        if planned.default_route == "nowhere":
            continue
        gateway = gateways[planned.nat_zone] if planned.nat_zone else None
        ec2.Route(
            site.named(f"{planned.tier}-default", planned.zone),
            route_table_id=tables[planned.key].id,
            destination_cidr_block=_EVERYWHERE,
            gateway_id=internet.id if internet and gateway is None else None,
            nat_gateway_id=gateway.id if gateway else None,
            opts=site.child(),
        )
