"""A VPC: tiers of subnets, ways to the internet, endpoints, flow logs, security groups and network ACLs.

The workload's, or, with a label, one of another use, which has the group of its endpoints only.
Not here: load balancers (edge), peering, and the group that EKS makes for its own members.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi

from components.network.endpoints import build_gateway_endpoints, build_interface_endpoints
from components.network.flow_logs import build_flow_logs
from components.network.group_rules import ENDPOINTS
from components.network.nacls import build_network_acls
from components.network.nat import build_default_routes, build_nat_gateways
from components.network.outputs import NetworkOutputs
from components.network.plan import plan, zone_name
from components.network.security_groups import build_security_groups
from components.network.site import Site
from components.network.tiers import build_route_tables, build_subnets
from components.network.vpc import build_internet_gateway, build_vpc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_aws import ec2

    from components.keys import KeysOutputs
    from components.network.security_groups import Groups
    from components.network.tiers import Subnets, Tables
    from config.identity import Identity
    from config.network import Network as NetworkSettings
    from config.network import TierName
    from config.placement import Placed


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """What the network is built from."""

    settings: NetworkSettings
    """The stack file's `network`."""
    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """The keys; flow logs are encrypted by `logs`."""
    members: tuple[Placed, ...] = ()
    """What the stack serves in this VPC: groups and rules follow from it; a VPC without workloads has none."""
    label: Literal["management"] | None = None
    """Use of the VPC, where it is not the workload's; a part of the names that people read."""


class Network(pulumi.ComponentResource):
    """A VPC of a stack."""

    outputs: NetworkOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:network:Network", name, None, opts)
        settings, identity = args.settings, args.identity
        site = Site(
            parent=self,
            component=name,
            identity=identity,
            settings=settings,
            plan=plan(settings),
            members=args.members,
            label=args.label,
        )
        vpc = build_vpc(site)
        internet = build_internet_gateway(site, vpc)
        subnets = build_subnets(site, vpc)
        tables = build_route_tables(site, vpc, subnets)
        gateways = build_nat_gateways(site, subnets, internet)
        build_default_routes(site, tables, internet, gateways)
        groups = build_security_groups(site, vpc)
        build_gateway_endpoints(site, vpc, tables)
        build_interface_endpoints(site, vpc, subnets, groups)
        build_network_acls(site, vpc, subnets)
        build_flow_logs(site, vpc, args.keys.arn("logs"))
        built = _Built(vpc=vpc, subnets=subnets, tables=tables, groups=groups, gateways=gateways)
        self.outputs = _outputs(site, built)
        self.register_outputs({"vpcId": self.outputs.vpc_id})


@dataclass(frozen=True, kw_only=True)
class _Built:
    """What others may know of the parts."""

    vpc: ec2.Vpc
    subnets: Subnets
    tables: Tables
    groups: Groups
    gateways: Mapping[str, ec2.NatGateway]


def _outputs(site: Site, built: _Built) -> NetworkOutputs:
    zones = site.settings.zones
    tables: dict[TierName, dict[str, pulumi.Output[str]]] = {}
    for planned in site.plan.tables:
        tables.setdefault(planned.tier, {})[planned.key] = built.tables[planned.key].id
    return NetworkOutputs(
        vpc_id=built.vpc.id,
        cidr=site.settings.cidr,
        zones=zones,
        zone_names={zone: zone_name(site.identity.region, zone) for zone in zones},
        subnet_ids={tier: {zone: s.id for zone, s in of_tier.items()} for tier, of_tier in built.subnets.items()},
        route_table_ids=tables,
        security_group_ids={name: group.id for name, group in built.groups.items() if name != ENDPOINTS},
        members=site.members,
        nat_gateway_ids={zone: gateway.id for zone, gateway in built.gateways.items()},
    )
