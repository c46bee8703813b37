"""The standby's ways to the VPCs of its primary: connections across regions, made by the standby alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi

from components.base import child, named
from components.network import Peering, PeeringArgs, PeeringSide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.network import NetworkOutputs
    from components.recovery.primary import Primary
    from config.identity import Identity
    from config.network import Network, Peer, PeerName

    Vpc = Mapping[str, Any]
    """`id`, `cidr` and `tables` of a VPC, as `Exports.vpcs` has them."""


@dataclass(frozen=True, kw_only=True)
class PrimaryPeeringArgs:
    """What is connected."""

    identity: Identity
    """The stack file's `identity`."""
    settings: Network
    """The stack file's `network`; its peers are VPCs of the primary."""
    network: NetworkOutputs
    """The standby's VPC."""
    primary: Primary
    """The primary."""
    provider: pulumi.ProviderResource
    """Provider of the primary's region."""


class PrimaryPeering(pulumi.ComponentResource):
    """Peering of the standby's VPC with each VPC of the primary that its stack file names."""

    def __init__(self, name: str, args: PrimaryPeeringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:PrimaryPeering", name, None, opts)
        for use, peer in args.settings.peers.items():
            connected = PeeringArgs(
                identity=args.identity,
                requester=PeeringSide.of("standby", args.network, peer),
                accepter=_side(use, peer, args.primary),
                accepter_region=args.primary.region,
                accepter_provider=args.provider,
            )
            Peering(named(name, use), connected, child(self))
        self.register_outputs({})


def _side(use: PeerName, peer: Peer, primary: Primary) -> PeeringSide:
    """Return one of the primary's VPCs as it exports it."""

    def known(vpcs: Mapping[str, Vpc]) -> Vpc:
        return checked(vpcs, use, peer)

    vpc = primary.vpcs.apply(known)
    tables = vpc["tables"]
    return PeeringSide(
        name=use, vpc_id=vpc["id"], cidr=peer.cidr, tables={key: tables[key] for key in peer.route_tables}
    )


def checked(vpcs: Mapping[str, Vpc], use: PeerName, peer: Peer) -> Vpc:
    """Return what the primary exports of one of its VPCs.

    Raises:
        pulumi.RunError: It has no such VPC, another block, or not every table that is to lead back.
    """
    vpc = vpcs.get(use)
    if vpc is None:
        raise pulumi.RunError(
            f"network.peers.{use}: the primary exports no such VPC; it has {', '.join(sorted(vpcs)) or 'none'}; "
            "deploy the primary with it first, or drop the peer"
        )
    if vpc["cidr"] != str(peer.cidr):
        raise pulumi.RunError(f"network.peers.{use}.cidr: the primary's VPC has {vpc['cidr']}, got {peer.cidr}")
    missing = [key for key in peer.route_tables if key not in vpc["tables"]]
    if missing:
        there = ", ".join(sorted(vpc["tables"]))
        raise pulumi.RunError(
            f"network.peers.{use}.route_tables: the primary's VPC has no table {', '.join(missing)}; it has {there}"
        )
    return vpc
