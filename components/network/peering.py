"""Two VPCs that reach each other: the connection, its acceptance, names across it, and routes on both sides.

Of one region, or of two; then the other side is made through a provider of its region. Routes go to the tables that
each side names and to no other. Not here: what the network ACLs and security groups of either side let in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import ec2

from components.base import child, named

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Network

    from components.network.outputs import NetworkOutputs
    from config.identity import Identity
    from config.network import Peer


@dataclass(frozen=True, kw_only=True)
class PeeringSide:
    """One of the two VPCs."""

    name: str
    """Its use, such as `management`; a part of names."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    cidr: IPv4Network
    """Its block, which the other side routes to."""
    tables: Mapping[str, pulumi.Input[str]]
    """Route tables that lead to the other side: short name, such as `private-a` -> id."""

    @classmethod
    def of(cls, name: str, network: NetworkOutputs, peer: Peer) -> PeeringSide:
        """Return the side of a VPC of this stack; `peer` is what its settings say of the other."""
        tables = {key: table for tier in peer.tiers for key, table in network.route_table_ids[tier].items()}
        return cls(name=name, vpc_id=network.vpc_id, cidr=network.cidr, tables=tables)


@dataclass(frozen=True, kw_only=True)
class PeeringArgs:
    """What is connected."""

    identity: Identity
    """The stack file's `identity`."""
    requester: PeeringSide
    """The side that asks; in the region of the stack."""
    accepter: PeeringSide
    """The side that accepts."""
    accepter_region: pulumi.Input[str] | None = None
    """Region of the accepter, where it is another one; then `accepter_provider` is given too."""
    accepter_provider: pulumi.ProviderResource | None = None
    """Provider of that region."""


class Peering(pulumi.ComponentResource):
    """A peering connection between two VPCs of one account."""

    connection_id: pulumi.Output[str]
    """The connection, once it is accepted."""

    def __init__(self, name: str, args: PeeringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        if (args.accepter_region is None) is not (args.accepter_provider is None):
            raise ValueError(f"{name}: accepter_region and accepter_provider go together; give both, or neither")
        super().__init__("platform:network:Peering", name, None, opts)
        self._name, self._args = name, args
        self.connection_id = self._connected()
        self._names_resolve()
        self._routed(args.requester, args.accepter, None)
        self._routed(args.accepter, args.requester, args.accepter_provider)
        self.register_outputs({"connectionId": self.connection_id})

    def _connected(self) -> pulumi.Output[str]:
        """Return the connection, accepted: in one region by itself, in another by its own half."""
        args, tags = self._args, self._tags()
        connection = ec2.VpcPeeringConnection(
            named(self._name, "connection"),
            vpc_id=args.requester.vpc_id,
            peer_vpc_id=args.accepter.vpc_id,
            peer_region=args.accepter_region,
            auto_accept=True if args.accepter_provider is None else None,
            tags=tags,
            opts=child(self),
        )
        if args.accepter_provider is None:
            return connection.id
        accepted = ec2.VpcPeeringConnectionAccepter(
            named(self._name, "acceptance"),
            vpc_peering_connection_id=connection.id,
            auto_accept=True,
            tags=tags,
            opts=child(self, provider=args.accepter_provider),
        )
        return accepted.id

    def _names_resolve(self) -> None:
        """Let each side resolve the other's public DNS names to private addresses, so that traffic takes this way."""
        accepter = ec2.PeeringConnectionOptionsAccepterArgs(allow_remote_vpc_dns_resolution=True)
        requester = ec2.PeeringConnectionOptionsRequesterArgs(allow_remote_vpc_dns_resolution=True)
        far = self._args.accepter_provider
        ec2.PeeringConnectionOptions(
            named(self._name, "names"),
            vpc_peering_connection_id=self.connection_id,
            requester=requester,
            accepter=accepter if far is None else None,
            opts=child(self),
        )
        if far is not None:  # each half takes its options in its own region only
            ec2.PeeringConnectionOptions(
                named(self._name, "names-accepter"),
                vpc_peering_connection_id=self.connection_id,
                accepter=accepter,
                opts=child(self, provider=far),
            )

    def _routed(self, side: PeeringSide, other: PeeringSide, provider: pulumi.ProviderResource | None) -> None:
        for key, table in side.tables.items():
            ec2.Route(
                named(self._name, f"from-{side.name}-{key}"),
                route_table_id=table,
                destination_cidr_block=str(other.cidr),
                vpc_peering_connection_id=self.connection_id,
                opts=child(self, provider=provider),
            )

    def _tags(self) -> dict[str, str]:
        identity, args = self._args.identity, self._args
        sides = f"{args.requester.name}-{args.accepter.name}"
        return {"Name": f"{identity.system}-{identity.environment}-{sides}"}
