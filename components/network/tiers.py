"""Subnets and route tables of the tiers, without their default routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import ec2

from components.network.plan import zone_name

if TYPE_CHECKING:
    from components.network.plan import SubnetPlan
    from components.network.site import Site
    from config.network import TierName

    Subnets = dict[TierName, dict[str, ec2.Subnet]]
    """Tier -> zone letter -> subnet."""
    Tables = dict[str, ec2.RouteTable]
    """Key of the plan -> route table."""


def build_subnets(site: Site, vpc: ec2.Vpc) -> Subnets:
    """Build one subnet per tier and zone; none gives its instances a public address."""
    subnets: Subnets = {}
    for planned in site.plan.subnets:
        subnets.setdefault(planned.tier, {})[planned.zone] = _subnet(site, vpc, planned)
    return subnets


def _subnet(site: Site, vpc: ec2.Vpc, planned: SubnetPlan) -> ec2.Subnet:
    found = (one.member.subnet_tag for one in site.members if one.tier == planned.tier)
    tags = {**site.tags(planned.tier, planned.zone), "Tier": planned.tier, **{tag: "1" for tag in found if tag}}
    return ec2.Subnet(
        site.named(planned.tier, planned.zone),
        vpc_id=vpc.id,
        cidr_block=str(planned.cidr),
        availability_zone=zone_name(site.identity.region, planned.zone),
        map_public_ip_on_launch=False,
        tags=tags,
        opts=site.foundation(),
    )


def build_route_tables(site: Site, vpc: ec2.Vpc, subnets: Subnets) -> Tables:
    """Build the route tables and put each subnet under its own."""
    tables = {
        planned.key: ec2.RouteTable(
            site.named(f"{planned.tier}-routes", planned.zone),
            vpc_id=vpc.id,
            tags={**site.tags(f"{planned.tier}-routes", planned.zone), "Tier": planned.tier},
            opts=site.child(),
        )
        for planned in site.plan.tables
    }
    for planned in site.plan.subnets:
        ec2.RouteTableAssociation(
            site.named(f"{planned.tier}-routes-of", planned.zone),
            subnet_id=subnets[planned.tier][planned.zone].id,
            route_table_id=tables[planned.table].id,
            opts=site.child(),
        )
    return tables
