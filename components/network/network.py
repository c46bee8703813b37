"""The workload VPC: tiers of subnets, ways to the internet, endpoints, flow logs, security groups and network ACLs.

Not here: load balancers (edge), the management VPC and peering, and the group that EKS makes for its own members.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from components.network.endpoints import build_gateway_endpoints, build_interface_endpoints
from components.network.flow_logs import build_flow_logs
from components.network.nacls import build_network_acls
from components.network.nat import build_default_routes, build_nat_gateways
from components.network.outputs import NetworkOutputs
from components.network.plan import plan, zone_name
from components.network.security_groups import build_security_groups
from components.network.site import Site
from components.network.tiers import build_route_tables, build_subnets
from components.network.vpc import build_internet_gateway, build_vpc

if TYPE_CHECKING:
    from pulumi_aws import ec2

    from components.keys import KeysOutputs
    from components.network.security_groups import Groups
    from components.network.tiers import Subnets
    from config.identity import Identity
    from config.network import Network as NetworkSettings


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """What the network is built from."""

    settings: NetworkSettings
    """The stack file's `network`."""
    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """The keys; flow logs are encrypted by `logs`."""


class Network(pulumi.ComponentResource):
    """The workload VPC of a stack."""

    outputs: NetworkOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:network:Network", name, None, opts)
        settings, identity = args.settings, args.identity
        site = Site(parent=self, component=name, identity=identity, settings=settings, plan=plan(settings))
        vpc = build_vpc(site)
        internet = build_internet_gateway(site, vpc)
        subnets = build_subnets(site, vpc)
        tables = build_route_tables(site, vpc, subnets)
        build_default_routes(site, tables, internet, build_nat_gateways(site, subnets, internet))
        groups = build_security_groups(site, vpc)
        build_gateway_endpoints(site, vpc, tables)
        build_interface_endpoints(site, vpc, subnets, groups)
        build_network_acls(site, vpc, subnets)
        build_flow_logs(site, vpc, args.keys.arn("logs"))
        self.outputs = _outputs(site, vpc, subnets, groups)
        self.register_outputs({"vpcId": self.outputs.vpc_id})


def _outputs(site: Site, vpc: ec2.Vpc, subnets: Subnets, groups: Groups) -> NetworkOutputs:
    zones = site.settings.zones
    return NetworkOutputs(
        vpc_id=vpc.id,
        cidr=site.settings.cidr,
        zones=zones,
        zone_names={zone: zone_name(site.identity.region, zone) for zone in zones},
        subnet_ids={tier: {zone: s.id for zone, s in of_tier.items()} for tier, of_tier in subnets.items()},
        security_group_ids={name: group.id for name, group in groups.items() if name != "endpoints"},
    )
