"""VPC endpoints: AWS services reached without leaving AWS's network, and without paying NAT for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import ec2

from components.network.group_rules import ENDPOINTS

if TYPE_CHECKING:
    from components.network.security_groups import Groups
    from components.network.site import Site
    from components.network.tiers import Subnets, Tables


def build_gateway_endpoints(site: Site, vpc: ec2.Vpc, tables: Tables) -> None:
    """Build the gateway endpoints for the tables of workloads; an isolated tier keeps no way out of the VPC at all."""
    private = site.settings.of_kind("private")
    of_workloads = [tables[planned.key].id for planned in site.plan.tables if planned.tier in private]
    for service in site.settings.endpoints.gateway if of_workloads else ():
        ec2.VpcEndpoint(
            site.named(f"endpoint-{service}"),
            vpc_id=vpc.id,
            vpc_endpoint_type="Gateway",
            service_name=_service_name(site, service),
            route_table_ids=of_workloads,
            tags=site.tags(service),
            opts=site.child(),
        )


def build_interface_endpoints(site: Site, vpc: ec2.Vpc, subnets: Subnets, groups: Groups) -> None:
    """Build the interface endpoints, in every zone of their tier, under their services' public names."""
    if not site.settings.endpoints.interface:
        return
    tier = site.settings.tier("private", site.settings.endpoints.tier)
    for service in site.settings.endpoints.interface:
        ec2.VpcEndpoint(
            site.named(f"endpoint-{service.replace('.', '-')}"),
            vpc_id=vpc.id,
            vpc_endpoint_type="Interface",
            service_name=_service_name(site, service),
            subnet_ids=[subnet.id for subnet in subnets[tier].values()],
            security_group_ids=[groups[ENDPOINTS].id],
            private_dns_enabled=True,
            tags=site.tags(service),
            opts=site.child(),
        )


def _service_name(site: Site, service: str) -> str:
    return f"com.amazonaws.{site.identity.region}.{service}"
