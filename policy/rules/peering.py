"""Peered VPCs: in the account, in allowed regions, and routed by their own blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.logic import sift
from policy.reading.routes import DESTINATIONS, leads, routes_of
from policy.rule import Rule, Severity, resource_rule
from policy.table import check, not_be_set
from policy.tokens import PEERINGS, ROUTE_TABLES, ROUTES
from policy.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings


@resource_rule(
    "peering-route-not-default",
    on=(*ROUTES, *ROUTE_TABLES),
    severity=Severity.HIGH,
    controls=("CKV2_AWS_44",),
    url="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
    remediation="route the block of the other VPC, and nothing wider",
    guards=(*DESTINATIONS, "routes"),
)
def route_not_default(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Routes over a peering connection lead to the block of the other VPC.

    One that leads everything there hands over the subnet's traffic to the internet, and the peer drops it. Half of the
    world is no narrower.
    """
    every = [(route, key) for route in routes_of(holder) for key in DESTINATIONS]
    for route, key in sift(every, lambda pair: leads(*pair, over="vpcPeeringConnectionId")):
        yield f"{key} is {show(route.get(key))} over a peering connection; allowed: the block of the other VPC"


RULES: Final[tuple[Rule, ...]] = (
    route_not_default,
    check(
        "peering-own-account", "VPCs are peered inside the account", "peerOwnerId",
        not_be_set("left out: the account of the stack"),
        why="Who runs the other account decides what comes from there, and may route it on.",
        on=PEERINGS, severity=Severity.HIGH, controls=("ISO-A.8.22",),
        url="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
        remediation="leave peer_owner_id out; share a service of another account by PrivateLink",
    ),
)  # fmt: skip
