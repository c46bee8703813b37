"""What each tier's network ACL lets pass. Pure: rules only, no resource.

Security groups decide who talks to whom; the ACLs are the coarse second fence, which holds even where somebody opens a
group by mistake. ACLs keep no state, so the way back has rules of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, collapse_addresses
from typing import TYPE_CHECKING, Final, Literal

from config.edge import HTTP_PORT, HTTPS_PORT
from config.placement import spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from config.network import Network, TierName

Protocol = Literal["all", "tcp", "udp", "icmp"]

QUOTA: Final = 20
"""Rules per direction of a network ACL (Amazon VPC quotas, 2026-11); raising it to 40 costs network performance."""
WORLD: Final = IPv4Network("0.0.0.0/0")
SSH_PORT: Final = 22
_WEB_PORTS: Final = (HTTP_PORT, HTTPS_PORT)
_EPHEMERAL: Final = (1024, 65535)
_EPHEMERAL_WITHOUT_RDP: Final = ((1024, 3388), (3390, 65535))
"""Ports to which answers from the internet return. NAT gateways use 1024 to 65535 as source ports (VPC user guide,
"Ephemeral ports"); 3389 (remote desktop) is left out, because no ACL here opens it to the world. It costs one outbound
connection in 64,512: the one that happens to get that port never hears back, and its client tries again (ADR 0008)."""


@dataclass(frozen=True, kw_only=True)
class AclRule:
    """One rule that lets traffic pass; what no rule lets pass is dropped."""

    protocol: Protocol
    """`all` has no ports."""
    peer: IPv4Network
    """Source of ingress, destination of egress."""
    ports: tuple[int, int] = (0, 0)
    """First and last destination port."""
    icmp: tuple[int, int] = (0, 0)
    """ICMP type and code; zeros for other protocols, as EC2 reads them back."""


@dataclass(frozen=True, kw_only=True)
class TierAcl:
    """The rules of one tier."""

    ingress: tuple[AclRule, ...]
    """Into the tier's subnets, in the order of evaluation."""
    egress: tuple[AclRule, ...]
    """Out of the tier's subnets, in the order of evaluation."""


def acl(network: Network, tier: TierName, ports: Sequence[int], *, calls: bool = False) -> TierAcl:
    """Return the rules of `tier`, by its kind.

    Args:
        network: The VPC.
        tier: The tier.
        ports: Ports that are served in it; of an isolated tier nothing else is open.
        calls: Whether somebody in an isolated tier calls interface endpoints (`config.serving.Member.outward`).

    Raises:
        ValueError: More rules than a network ACL takes; the tiers' blocks are scattered too widely.
    """
    match network.tiers[tier].kind:
        case "public":
            entries = (*_web(), *_administrators(network), *_answers(), *_inside(network, tier))
            rules = TierAcl(ingress=entries, egress=(_everything(WORLD),))
        case "isolated":
            rules = _closed(network, tier, ports, calls=calls)
        case "private":  # with no route out, gateway endpoints still answer from public addresses
            rules = TierAcl(ingress=(*_answers(), *_inside(network, tier)), egress=(_everything(WORLD),))
    for direction, found in (("ingress", rules.ingress), ("egress", rules.egress)):
        if len(found) > QUOTA:
            raise ValueError(
                f"network.tiers.{tier}: its network ACL needs {len(found)} {direction} rules, {QUOTA} are allowed; "
                "choose neighbouring blocks for the tiers that reach it, which one rule can cover"
            )
    return rules


def _closed(network: Network, tier: TierName, ports: Sequence[int], *, calls: bool) -> TierAcl:
    """Let in only what is served, from the tiers that run workloads, and its answers out."""
    endpoints = _blocks(network, [network.tier("private", network.endpoints.tier)]) if calls else []
    clients = _blocks(network, network.of_kind("private") if ports else ())
    # Replication between the zones of the tier; which ports it takes is AWS's affair, and not documented.
    replication = [_tcp(block, *_EPHEMERAL) for block in _blocks(network, [tier])]
    return TierAcl(
        ingress=(
            *(_tcp(block, *span) for block in clients for span in spans(tuple(ports))),
            *replication,
            *(_tcp(block, *_EPHEMERAL) for block in endpoints),
        ),
        egress=(
            *(_tcp(block, *_EPHEMERAL) for block in clients),
            *replication,
            *(_tcp(block, HTTPS_PORT, HTTPS_PORT) for block in endpoints),
        ),
    )


def _inside(network: Network, tier: TierName) -> list[AclRule]:
    """Let everything in from the VPC itself, and from the peers that this tier is routed to."""
    peers = [peer.cidr for peer in network.peers.values() if tier in peer.tiers]
    return [_everything(block) for block in (network.cidr, *peers)]


def _web() -> list[AclRule]:
    return [_tcp(WORLD, port, port) for port in _WEB_PORTS]


def _administrators(network: Network) -> list[AclRule]:
    """Let administrators reach a bastion, where the stack file names their blocks (ADR 0007)."""
    return [_tcp(block, SSH_PORT, SSH_PORT) for block in collapse_addresses(network.admin_cidrs)]


def _answers() -> list[AclRule]:
    """Let answers to outbound connections return, and the ICMP message that path MTU discovery needs."""
    protocols: tuple[Protocol, ...] = ("tcp", "udp")
    ports = [AclRule(protocol=name, peer=WORLD, ports=span) for name in protocols for span in _EPHEMERAL_WITHOUT_RDP]
    return [*ports, AclRule(protocol="icmp", peer=WORLD, icmp=(3, 4))]


def _everything(peer: IPv4Network) -> AclRule:
    return AclRule(protocol="all", peer=peer)


def _tcp(peer: IPv4Network, first: int, last: int) -> AclRule:
    return AclRule(protocol="tcp", peer=peer, ports=(first, last))


def _blocks(network: Network, tiers: Iterable[TierName]) -> list[IPv4Network]:
    """Return the blocks of `tiers`, neighbours joined, so that a rule serves as many subnets as it can."""
    return list(collapse_addresses(cidr for tier in tiers for cidr in network.tiers[tier].cidrs))
