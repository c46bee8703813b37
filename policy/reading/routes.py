"""Routes, of their own or inline, and which subnets the internet leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.addresses import is_world
from policy.reading.logic import every
from policy.tokens import GATEWAYS, ROUTE_TABLE_ASSOCIATIONS, ROUTE_TABLES, ROUTES, SUBNETS
from policy.values import Mark, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy.resources import Resource, Stack
    from policy.values import Block

DESTINATIONS: Final = ("destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock")
_INTERNET: Final = "igw-"


def routes_of(holder: Resource) -> Sequence[Block]:
    """Return the routes of a table, or a route that is a resource of its own."""
    return [holder] if holder.type in ROUTES else holder.blocks("routes")


def leads(route: Block, destination: str, over: str) -> bool:
    """Tell whether a route leads the world, or half of it, over a target such as `vpcPeeringConnectionId`.

    Raises:
        UnknownValueError: it leads there, and the destination is not known.
    """
    return every(
        lambda: plain(route.inputs.get(over)) not in (Mark.ABSENT, ""),
        lambda: (block := route.get(destination)) not in (None, "") and is_world(block),
    )


def public_subnets(stack: Stack) -> set[str]:
    """Return the URNs of the subnets of which the route table leads the world to an internet gateway."""
    routes = stack.of(ROUTES)
    gateways = stack.of(GATEWAYS)
    public = [table for table in stack.of(ROUTE_TABLES) if _is_public(table, routes, gateways)]
    associations = [each for each in stack.of(ROUTE_TABLE_ASSOCIATIONS) if _of_any(each, public, "routeTableId")]
    return {
        subnet.urn for subnet in stack.of(SUBNETS) if any(each.refers_to(subnet, "subnetId") for each in associations)
    }


def in_public(stack: Stack, holder: Resource, key: str) -> list[str]:
    """Return the names of the subnets in a list that the internet leads to."""
    public = public_subnets(stack)
    return [each.origin.name for each in stack.of(SUBNETS) if each.urn in public and holder.names(each, key)]


def _of_any(one: Resource, targets: Sequence[Resource], key: str) -> bool:
    return any(one.refers_to(target, key) for target in targets)


def _is_public(table: Resource, routes: Sequence[Resource], gateways: Sequence[Resource]) -> bool:
    own = [
        route for route in routes if route.refers_to(table, "routeTableId") and _over_internet(route, route, gateways)
    ]
    inline = [route for route in table.given("routes") if _over_internet(route, table, gateways)]
    return any(is_world(block) for route in (*own, *inline) for block in map(route.get, DESTINATIONS) if block)


def _over_internet(route: Block, holder: Resource, gateways: Sequence[Resource]) -> bool:
    value = plain(route.inputs.get("gatewayId"))
    if isinstance(value, str):
        return value.startswith(_INTERNET) or any(value in gateway.identities for gateway in gateways)
    behind = holder.origin.property_dependencies or {}
    urns = {*behind.get("gatewayId", ()), *behind.get("routes", ())}
    return value is Mark.UNKNOWN and any(gateway.urn in urns for gateway in gateways)
