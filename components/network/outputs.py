"""What later areas may know of the network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pulumi

from components.outputs import Outputs, gathered

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from ipaddress import IPv4Network

    from config.network import PeerName, TierName
    from config.placement import Placed
    from config.serving import Member, TierKind


@dataclass(frozen=True, kw_only=True)
class NetworkOutputs(Outputs):
    """A VPC as other areas see it: the workload's, where they ask for it by this type."""

    vpc_id: pulumi.Output[str]
    """Id of the workload VPC."""
    cidr: IPv4Network
    """Block of the VPC."""
    zones: tuple[str, ...]
    """Zone letters in the order of the stack file, such as `("a", "b", "c")`."""
    zone_names: Mapping[str, str]
    """Zone letter -> full name, such as `us-east-1a`."""
    subnet_ids: Mapping[TierName, Mapping[str, pulumi.Output[str]]]
    """Tier -> zone letter -> subnet id."""
    security_group_ids: Mapping[str, pulumi.Output[str]]
    """Group -> id, of each that serves; `bastion` is there only if the stack file names admin blocks."""
    members: tuple[Placed, ...] = ()
    """Who serves in the VPC, with the tier that each lives in."""
    route_table_ids: Mapping[TierName, Mapping[str, pulumi.Output[str]]] = field(default_factory=dict)
    """Tier -> table, such as `public` or `private-a` -> id."""
    nat_gateway_ids: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)
    """Zone letter -> id of the NAT gateway; empty where no tier needs one."""

    def subnets(self, tier: TierName, zones: Collection[str] = ()) -> list[pulumi.Output[str]]:
        """Return the subnet ids of `tier`, of some zones or of all, in the order of the zones."""
        return [self.subnet_ids[tier][zone] for zone in self.zones if not zones or zone in zones]

    def subnets_of(self, member: Member) -> list[pulumi.Output[str]]:
        """Return the ids of the subnets that the members of a group live in, in the order of the zones."""
        return self.subnets(self.tier_of(member))

    def tier_of(self, member: Member) -> TierName:
        """Return the tier that the members of a group live in."""
        return next(one.tier for one in self.members if one.member.group == member.group)

    def clients_of(self, member: Member) -> list[Member]:
        """Return the groups whose members a group serves, of those that are there."""
        return [one.member for one in self.members if member.takes(one.member)]

    def ports_of(self, kind: TierKind) -> list[int]:
        """Return the ports that are served in tiers of a kind."""
        return [port.number for one in self.members if one.member.kind == kind for port in one.member.ports]

    def group_of(self, member: Member) -> pulumi.Output[str]:
        """Return the id of a security group, by who belongs to it."""
        return self.security_group_ids[member.group]

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """Return the VPC and its block; tier -> subnet ids, in the order of the zones; security group -> id."""
        return {
            "vpc_id": self.vpc_id,
            "vpc_cidr": str(self.cidr),
            "subnet_ids": gathered({tier: pulumi.Output.all(*self.subnets(tier)) for tier in self.subnet_ids}),
            "security_group_ids": gathered(self.security_group_ids),
        }

    def for_peers(self) -> pulumi.Output[dict[str, Any]]:
        """Return what a peer in another stack needs to know: `id`, `cidr` and `tables`."""
        return pulumi.Output.all(
            id=self.vpc_id,
            cidr=str(self.cidr),
            tables={key: table for of_tier in self.route_table_ids.values() for key, table in of_tier.items()},
        )


@dataclass(frozen=True, kw_only=True)
class VpcsOutputs(Outputs):
    """All VPCs of the stack."""

    by_use: Mapping[PeerName, NetworkOutputs]
    """`production` or `management` -> VPC."""

    def exports(self) -> Mapping[str, pulumi.Output[Any]]:
        """Return `vpcs`: use -> `id`, `cidr` and `tables` (name -> id), what a standby needs to peer with it."""
        return {"vpcs": gathered({use: vpc.for_peers() for use, vpc in self.by_use.items()})}
