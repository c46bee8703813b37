"""Who may talk to whom, as a table: seed 004 section 4.2 and what AWS needs beside it. Pure: no resource.

Not in the table, on purpose: node to node, node to control plane, and back. EKS makes a group of its own for that,
which lets everything pass between its members; nodes are members of it and of `eks` (ADR 0008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from components.network.acl_rules import POSTGRES_PORT, REDIS_PORT, SSH_PORT, WORLD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Network

    from config.network import Network

GroupName = Literal["alb", "eks", "rds", "redis", "endpoints", "bastion"]
Direction = Literal["in", "out"]

HTTP_PORT: Final = 80
HTTPS_PORT: Final = 443

PURPOSES: Final[Mapping[GroupName, str]] = {
    "alb": "Load balancers that face the internet",
    "eks": "Nodes of the Kubernetes cluster",
    "rds": "PostgreSQL instances",
    "redis": "Redis nodes",
    "endpoints": "Interface endpoints of AWS services",
    "bastion": "SSH entry for administrators",
}
"""Description of each group; AWS cannot change it later, so a new text replaces the group."""


@dataclass(frozen=True, kw_only=True)
class GroupRule:
    """One rule of a security group."""

    group: GroupName
    """Group that carries it."""
    direction: Direction
    """`in` = ingress, `out` = egress."""
    key: str
    """Short name, unique within group and direction."""
    peer: IPv4Network | GroupName
    """Source or destination: a block, or another group."""
    port: int | None
    """TCP port; none = every protocol and port."""
    description: str
    """Why, for who reads the console; letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* only."""


def group_rules(network: Network) -> tuple[GroupRule, ...]:
    """Return the rules of all groups; `bastion` has some only if the stack file names admin blocks."""
    vpc = network.cidr
    table: list[tuple[GroupName, Direction, str, IPv4Network | GroupName, int | None, str]] = [
        ("alb", "in", "http", WORLD, HTTP_PORT, "HTTP from anywhere, to be redirected to HTTPS"),
        ("alb", "in", "https", WORLD, HTTPS_PORT, "HTTPS from anywhere"),
        ("alb", "out", "vpc", vpc, None, "To targets inside the VPC"),
        ("eks", "in", "https-alb", "alb", HTTPS_PORT, "HTTPS from the load balancers"),
        ("eks", "out", "world", WORLD, None, "Pulls images and calls AWS and other services"),
        ("rds", "in", "postgres-eks", "eks", POSTGRES_PORT, "PostgreSQL from the cluster"),
        ("redis", "in", "redis-eks", "eks", REDIS_PORT, "Redis from the cluster"),
        ("endpoints", "in", "https-vpc", vpc, HTTPS_PORT, "AWS service calls from inside the VPC"),
    ]
    table += [
        ("bastion", "in", f"ssh-{_spelt(block)}", block, SSH_PORT, "SSH from administrators")
        for block in network.admin_cidrs
    ]
    table += [
        ("eks", "in", f"{name}-{port}", peer.cidr, port, f"From the peered VPC {name}")
        for name, peer in network.peers.items()
        for port in peer.node_ports
    ]
    if network.admin_cidrs:
        table.append(("bastion", "out", "vpc", vpc, None, "To hosts inside the VPC"))
    return tuple(
        GroupRule(group=group, direction=direction, key=key, peer=peer, port=port, description=description)
        for group, direction, key, peer, port, description in table
    )


def _spelt(block: IPv4Network) -> str:
    """Spell a block for a logical name: its place in the list would rename its neighbours when one is removed."""
    return str(block).translate(str.maketrans("./", "--"))


def groups(network: Network) -> tuple[GroupName, ...]:
    """Return the groups that the stack needs, in the order of the table."""
    return tuple(name for name in PURPOSES if name != "bastion" or network.admin_cidrs)
