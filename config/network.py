"""The workload VPC: address plan, tiers, NAT, endpoints, flow logs."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from config.base import IncompleteError, Section
from config.identity import ZoneLetter
from config.serving import TierKind

RouteTableName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,19}(-[a-z])?$")]
TierName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,19}$")]
"""Name of a tier; the user's own, without hyphens, which set it apart from the zone in names of subnets and tables."""
LogRetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]


class Tier(Section):
    """One tier of subnets, a subnet per zone."""

    kind: TierKind
    """What it is for. `public`: load balancers and NAT gateways, which the internet may reach; `private`: workloads;
    `isolated`: data services, reached from private tiers on the ports that they serve, and by nothing else."""
    cidrs: Annotated[tuple[IPv4Network, ...], Field(min_length=1, max_length=6)]
    """Subnet blocks, in the order of `network.zones`; each /16 to /28 inside the VPC, disjoint from all others."""
    internet: Literal["direct", "nat", "none"]
    """Way to the internet: `direct` by an internet gateway (public), `nat` outbound only (private), `none` no route at
    all (isolated, or private)."""


class FlowLogs(Section):
    """VPC flow logs to CloudWatch Logs, encrypted by the `logs` key."""

    traffic: Literal["ALL", "REJECT", "ACCEPT"] = "ALL"
    """Traffic that is recorded."""
    aggregation_seconds: Literal[60, 600] = 60
    """Longest time over which a flow is gathered into one record, in seconds."""
    retention_days: LogRetentionDays
    """Days that records are kept."""


class Endpoints(Section):
    """VPC endpoints, which keep AWS traffic off the internet."""

    gateway: tuple[Literal["s3", "dynamodb"], ...] = ("s3", "dynamodb")
    """Gateway endpoints (free of charge)."""
    interface: tuple[str, ...] = ()
    """Interface endpoints by service, such as `ecr.api`, `sts`, `logs`; each costs per zone and hour."""
    tier: TierName | None = None
    """Private tier that the interface endpoints stand in; none = the only one."""


PeerName = Literal["production", "management", "standby"]
"""VPCs of a system that may be peered, by their use."""


class Peer(Section):
    """A VPC that this one is peered with: where its addresses are routed from, and what lets them in."""

    cidr: IPv4Network
    """Its block."""
    tiers: Annotated[tuple[TierName, ...], Field(min_length=1)]
    """Tiers of this VPC that reach it and are reached by it: their route tables and network ACLs. Never an isolated
    one, which nothing beyond its own VPC reaches."""
    node_ports: Annotated[tuple[Annotated[int, Field(ge=1, le=65535)], ...], Field(max_length=10)] = ()
    """TCP ports of the cluster's nodes that it may reach; empty = none."""
    route_tables: Annotated[tuple[RouteTableName, ...], Field(max_length=20)] = ()
    """Route tables of the other VPC that lead back here, as its stack exports them, such as `private-a`; a standby
    makes these routes. Empty = the other side's stack makes its own, as in a primary."""


class Network(Section):
    """A VPC of the stack: the workload's, or the one that it is managed from."""

    cidr: IPv4Network
    """Block of the VPC, /16 to /28, in private (RFC 1918) or shared address space (RFC 6598, 100.64.0.0/10)."""
    zones: Annotated[tuple[ZoneLetter, ...], Field(min_length=2, max_length=6)]
    """Availability-zone letters in use, such as `[a, b, c]`; each must exist in the region."""
    tiers: Annotated[dict[TierName, Tier], Field(min_length=1, max_length=20)]
    """Subnet tiers by name, any number of each kind; which kinds are needed follows from what the stack has."""
    nat: Literal["per_zone", "single", "none"] = "per_zone"
    """NAT gateways: one in each zone (a zone's loss takes only its own egress), a single one, or none."""
    nat_tier: TierName | None = None
    """Public tier that the NAT gateways stand in; none = the only one."""
    endpoints: Endpoints = Endpoints()
    """VPC endpoints."""
    flow_logs: FlowLogs
    """Flow logs of the VPC."""
    peers: dict[PeerName, Peer] = Field(default_factory=dict)
    """VPCs that this one is peered with, by their use."""
    admin_cidrs: tuple[IPv4Network, ...] = ()
    """Blocks from which administrators may reach a bastion by SSH; empty = Session Manager only, no bastion group."""

    def of_kind(self, kind: TierKind) -> tuple[TierName, ...]:
        """Return the names of the tiers of a kind, in the order of the stack file."""
        return tuple(name for name, tier in self.tiers.items() if tier.kind == kind)

    def tier(self, kind: TierKind, named: TierName | None = None) -> TierName:
        """Return the tier that a part of the stack lives in.

        Args:
            kind: Kind of tier that it needs.
            named: Tier that the stack file names for it; None = the only one of the kind.

        Raises:
            IncompleteError: It names none of the kind, or there is not exactly one; a rule refuses both.
        """
        found = self.of_kind(kind)
        fit = found if named is None else tuple(one for one in found if one == named)
        if len(fit) != 1:
            raise IncompleteError(f"network.tiers: {len(fit)} tiers of kind {kind} to choose from: {', '.join(found)}")
        return fit[0]
