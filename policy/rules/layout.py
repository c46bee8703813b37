"""How a VPC is laid out: over zones, apart from others, and out to the internet and to AWS by ways of its own."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from policy.reading.addresses import network
from policy.reading.routes import leads, routes_of
from policy.rule import Breach, Level, Rule, Setting, Severity, WhenUnknown, resource_rule, stack_rule
from policy.tokens import (
    BUCKETS,
    NAT_GATEWAYS,
    ROUTE_TABLE_ASSOCIATIONS,
    ROUTE_TABLES,
    ROUTES,
    SUBNETS,
    TABLES,
    VPC_ENDPOINTS,
    VPCS,
)
from policy.values import Mark, plain, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_VPC: Final = "https://docs.aws.amazon.com/vpc/latest/userguide"
_DEFAULTS: Final = ("destinationCidrBlock", "destinationIpv6CidrBlock")
_INLINE_DEFAULTS: Final = ("cidrBlock", "ipv6CidrBlock")
_MACHINES: Final = ("networkInterfaceId", "instanceId")
_USED: Final = {"s3": BUCKETS, "dynamodb": TABLES}
"""Service -> types by which a stack shows that it uses it."""


def _zone(subnet: Resource) -> object:
    """Return the zone of a subnet, a mark where it is not known or left to AWS."""
    name = plain(subnet.inputs.get("availabilityZone"))
    return plain(subnet.inputs.get("availabilityZoneId")) if name is Mark.ABSENT else name


@stack_rule(
    "vpc-spans-min-azs",
    on=(*VPCS, *SUBNETS),
    severity=Severity.MEDIUM,
    level=Level.PRODUCTION,
    controls=("NIST-CP-10", "ISO-A.8.14"),
    url="https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html",
    when_unknown=WhenUnknown.PASS,
    remediation="add subnets in other availability zones",
    settings={"minimum": Setting(2, {"type": "integer", "minimum": 1}, "least availability zones of a VPC")},
    guards=("availabilityZone", "availabilityZoneId"),
)
def spans_zones(stack: Stack, settings: Settings) -> Iterator[Breach]:
    """The subnets of a VPC span two availability zones or more.

    Judged on VPCs of which the stack makes subnets. A zone that is not known, or left to AWS, may be another one.
    """
    least = settings.number("minimum")
    for vpc in stack.of(VPCS):
        zones = [_zone(subnet) for subnet in stack.of(SUBNETS) if subnet.refers_to(vpc, "vpcId")]
        known = sorted({zone for zone in zones if isinstance(zone, str)})
        if zones and len(known) + sum(isinstance(zone, Mark) for zone in zones) < least:
            yield Breach(
                vpc, f"availabilityZone of its subnets is {show(known)} only; allowed: {least:g} zones or more"
            )


@stack_rule(
    "vpc-cidrs-disjoint",
    on=VPCS,
    severity=Severity.MEDIUM,
    controls=("NIST-SC-7",),
    url=f"{_VPC}/vpc-cidr-blocks.html",
    when_unknown=WhenUnknown.PASS,
    remediation="give each VPC a block of its own, by IPAM or by a plan of all VPCs",
    guards=("cidrBlock",),
)
def disjoint(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """The VPCs of a stack have address blocks that do not overlap.

    VPCs whose blocks overlap can never be peered. Those of other stacks are not seen here.
    """
    blocks = [(vpc, network(block)) for vpc in stack.of(VPCS) if isinstance(block := vpc.each("cidrBlock")[0][1], str)]
    for (one, first), (other, second) in combinations(blocks, 2):
        if first.version == second.version and first.overlaps(second):
            yield Breach(other, f"cidrBlock {second} overlaps {first} of {one.origin.name}; allowed: a block apart")


@resource_rule(
    "route-private-default-via-nat",
    on=(*ROUTES, *ROUTE_TABLES),
    severity=Severity.MEDIUM,
    controls=("NIST-SC-7", "CKV2_AWS_35"),
    url=f"{_VPC}/vpc-nat-comparison.html",
    remediation="lead the route to a NAT gateway",
    guards=(*_MACHINES, "routes"),
)
def default_by_gateway(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Default routes lead to no instance and to no network interface.

    A NAT instance is one machine that somebody patches; private subnets go out by a NAT gateway. Gateways, endpoints of
    a firewall and transit gateways are not judged here.
    """
    for route in routes_of(holder):
        for target in _MACHINES:
            for destination in _DEFAULTS if route is holder else _INLINE_DEFAULTS:
                if leads(route, destination, target):
                    where = f"{route.path}.{target}" if route.path else target
                    yield f"{where} takes the default route; allowed: natGatewayId"


def _behind(stack: Stack, gateway: Resource) -> Iterator[Resource]:
    """Yield the subnets that go out by a NAT gateway, by routes of their own."""
    routes = [route for route in stack.of(ROUTES) if route.refers_to(gateway, "natGatewayId")]
    tables = [table for table in stack.of(ROUTE_TABLES) if any(one.refers_to(table, "routeTableId") for one in routes)]
    of_them = [
        each
        for each in stack.of(ROUTE_TABLE_ASSOCIATIONS)
        if any(each.refers_to(table, "routeTableId") for table in tables)
    ]
    yield from (subnet for subnet in stack.of(SUBNETS) if any(each.refers_to(subnet, "subnetId") for each in of_them))


@stack_rule(
    "nat-gateway-per-az",
    on=NAT_GATEWAYS,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    controls=("NIST-CP-10",),
    url=f"{_VPC}/nat-gateway-basics.html",
    when_unknown=WhenUnknown.PASS,
    remediation="add a NAT gateway in each zone, with a route table for the subnets of that zone",
    guards=("subnetId",),
)
def gateway_per_zone(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Subnets go out by a NAT gateway of their own availability zone.

    Else a zone that fails takes the way out of another with it, and traffic between zones is paid for. Judged by the
    routes, associations and subnets of this stack.
    """
    subnets = stack.of(SUBNETS)
    for gateway in stack.of(NAT_GATEWAYS):
        own = next((_zone(subnet) for subnet in subnets if gateway.refers_to(subnet, "subnetId")), None)
        zones = {zone for subnet in _behind(stack, gateway) if isinstance(zone := _zone(subnet), str)}
        if isinstance(own, str) and (foreign := sorted(zones - {own})):
            yield Breach(gateway, f"stands in {own} and serves subnets of {show(foreign)}; allowed: of its own zone")


@stack_rule(
    "vpc-endpoints-present",
    on=(*VPCS, *VPC_ENDPOINTS),
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    controls=("NIST-SC-7",),
    url="https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    when_unknown=WhenUnknown.PASS,
    remediation="add a VpcEndpoint of the service; those of S3 and DynamoDB cost nothing",
    settings={
        "services": Setting(
            [*_USED],
            {"type": "array", "items": {"type": "string"}},
            "ends of service names, such as ecr.api, that have an endpoint; s3 and dynamodb: where the stack uses them",
        )
    },
    guards=("serviceName",),
)
def endpoints(stack: Stack, settings: Settings) -> Iterator[Breach]:
    """Services of AWS that a stack uses are called by an endpoint of a VPC.

    Judged on stacks that make a VPC. Interface endpoints are paid for by the hour: which are worth it, the pack's
    configuration says.
    """
    found = [plain(each.inputs.get("serviceName")) for each in stack.of(VPC_ENDPOINTS)]
    vpcs: Sequence[Resource] = stack.of(VPCS)
    if not vpcs or Mark.UNKNOWN in found:
        return
    wanted = [one for one in settings.strings("services") if one not in _USED or stack.of(_USED[one])]
    if missing := [one for one in wanted if not any(str(name).endswith(f".{one}") for name in found)]:
        yield Breach(vpcs[0], f"no VpcEndpoint of this stack has serviceName of {show(missing)}; allowed: one of each")


RULES: Final[tuple[Rule, ...]] = (
    spans_zones,
    disjoint,
    default_by_gateway,
    gateway_per_zone,
    endpoints,
)
