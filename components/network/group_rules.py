"""Who may talk to whom: groups and rules, as they follow from who serves, on which port, and whom. Pure: no resource.

Not here, on purpose: node to node, node to control plane, and back. EKS makes a group of its own for that, which lets
everything pass between its members; nodes are members of it and of the group of the cluster (ADR 0008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from components.network.acl_rules import SSH_PORT, WORLD
from config.cluster import Cluster
from config.edge import HTTPS_PORT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from ipaddress import IPv4Network

    from config.network import Network
    from config.placement import Placed
    from config.serving import Member

Direction = Literal["in", "out"]

ENDPOINTS: Final = "endpoints"
BASTION: Final = "bastion"


@dataclass(frozen=True, kw_only=True)
class GroupRule:
    """One rule of a security group."""

    group: str
    """Group that carries it."""
    direction: Direction
    """`in` = ingress, `out` = egress."""
    key: str
    """Short name, unique within group and direction."""
    peer: IPv4Network | str
    """Source or destination: a block, or another group."""
    port: int | None
    """TCP port; none = every protocol and port."""
    description: str
    """Why, for who reads the console; letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* only."""


def groups(network: Network, members: Sequence[Placed]) -> dict[str, str]:
    """Return the groups of a VPC with their descriptions.

    AWS cannot change a description later, so a new text replaces the group.
    """
    found = {one.member.group: one.member.purpose for one in members}
    if network.endpoints.interface:
        found[ENDPOINTS] = "Interface endpoints of AWS services"
    if network.admin_cidrs:
        found[BASTION] = "SSH entry for administrators"
    return found


def group_rules(network: Network, members: Sequence[Placed]) -> tuple[GroupRule, ...]:
    """Return the rules of all groups of a VPC.

    Args:
        network: The VPC.
        members: Who serves in it, beside its own endpoints.
    """
    serving = [one.member for one in members]
    return (
        *(rule for member in serving for rule in _served(member, serving)),
        *(rule for member in serving for rule in _outward(member, network)),
        *(rule for member in serving for rule in _from_peers(member, network)),
        *_own(network),
    )


def _served(member: Member, serving: Sequence[Member]) -> Iterator[GroupRule]:
    """Yield what lets the clients of a group in, on each of its ports."""
    for port in member.ports:
        if member.clients == "world":
            description = f"{port.called} from anywhere{port.note}"
            yield _in(member.group, port.key, WORLD, port.number, description)
        for client in serving:
            if member.takes(client):
                description = f"{port.called} from {client.called}{port.note}"
                yield _in(member.group, f"{port.key}-{client.group}", client.group, port.number, description)


def _outward(member: Member, network: Network) -> Iterator[GroupRule]:
    if member.outward is not None:
        peer = network.cidr if member.outward.to == "vpc" else WORLD
        yield _out(member.group, member.outward.to, peer, member.outward.why)


def _from_peers(member: Member, network: Network) -> Iterator[GroupRule]:
    """Yield what lets peered VPCs reach the nodes of the cluster, on the ports that the stack file names."""
    for name, peer in network.peers.items() if member.group == Cluster.serves.group else ():
        for port in peer.node_ports:
            yield _in(member.group, f"{name}-{port}", peer.cidr, port, f"From the peered VPC {name}")


def _own(network: Network) -> Iterator[GroupRule]:
    """Yield the rules of what the network itself serves: interface endpoints and, for administrators, a bastion."""
    vpc = network.cidr
    if network.endpoints.interface:
        yield _in(ENDPOINTS, "https-vpc", vpc, HTTPS_PORT, "AWS service calls from inside the VPC")
    for block in network.admin_cidrs:
        yield _in(BASTION, f"ssh-{_spelt(block)}", block, SSH_PORT, "SSH from administrators")
    if network.admin_cidrs:
        yield _out(BASTION, "vpc", vpc, "To hosts inside the VPC")


def _in(group: str, key: str, peer: IPv4Network | str, port: int, description: str) -> GroupRule:
    return GroupRule(group=group, direction="in", key=key, peer=peer, port=port, description=description)


def _out(group: str, key: str, peer: IPv4Network, description: str) -> GroupRule:
    return GroupRule(group=group, direction="out", key=key, peer=peer, port=None, description=description)


def _spelt(block: IPv4Network) -> str:
    """Spell a block for a logical name: its place in the list would rename its neighbours when one is removed."""
    return str(block).translate(str.maketrans("./", "--"))
