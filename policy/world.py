"""What security groups and network ACLs open to the world, whichever resource says so."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network
from typing import TYPE_CHECKING, Final

from policy.tokens import GROUP_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policy.resources import Resource
    from policy.values import Block

ADMIN_PORTS: Final = (22, 3389)
_LAST_PORT: Final = 65535
_ANY_PROTOCOL: Final = ("-1", "all")
_WITH_PORTS: Final = ("tcp", "udp", "6", "17", *_ANY_PROTOCOL)
_WORLD_V4: Final = 7
"""An IPv4 block of /7 or larger spans more than any one owner has: two of /1 are the world."""
_WORLD_V6: Final = 15


@dataclass(frozen=True)
class Opening:
    """A range of ports that a block of addresses may reach."""

    where: str
    """The input that says so."""
    source: str
    first: int
    last: int

    @property
    def ports(self) -> str:
        """The range in words."""
        if self.is_everything:
            return "all ports"
        return f"port {self.first}" if self.first == self.last else f"ports {self.first}-{self.last}"

    @property
    def is_everything(self) -> bool:
        """Whether every port is open."""
        return (self.first, self.last) == (0, _LAST_PORT)

    def reaches(self, ports: Iterable[int]) -> bool:
        """Tell whether any of `ports` is open."""
        return any(self.first <= port <= self.last for port in ports)

    def stays_within(self, ports: Iterable[int]) -> bool:
        """Tell whether nothing but `ports` is open."""
        allowed = frozenset(ports)
        return self.last - self.first < len(allowed) and all(p in allowed for p in range(self.first, self.last + 1))


def is_world(cidr: object) -> bool:
    """Tell whether a block is the internet, or so large a part of it that it may as well be.

    Raises:
        ValueError: it is no address block.
    """
    network = ip_network(str(cidr), strict=False)
    return network.prefixlen <= (_WORLD_V4 if isinstance(network, IPv4Network) else _WORLD_V6)


def group_openings(resource: Resource) -> Iterator[Opening]:
    """Yield what a security group, or a rule of one, lets the world reach."""
    if resource.type == GROUP_RULES[0]:
        yield from _openings(resource, ("cidrIpv4", "cidrIpv6"), "ipProtocol")
    elif resource.type in GROUP_RULES:
        if resource.get("type") == "ingress":
            yield from _openings(resource, ("cidrBlocks", "ipv6CidrBlocks"), "protocol")
    else:
        for rule in resource.blocks("ingress"):
            yield from _openings(rule, ("cidrBlocks", "ipv6CidrBlocks"), "protocol")


def acl_openings(acl: Block, ports: Iterable[int]) -> Iterator[Opening]:
    """Yield the rules of an ACL that decide over one of `ports` for the world, and allow it."""
    rules = sorted(acl.blocks("ingress"), key=lambda rule: _number(rule, "ruleNo"))
    for port in ports:
        for key in ("cidrBlock", "ipv6CidrBlock"):
            deciding = (rule for rule in rules if any(o.reaches((port,)) for o in _openings(rule, (key,), "protocol")))
            first = next(deciding, None)
            if first is not None and first.get("action") == "allow":
                yield from _openings(first, (key,), "protocol")


def single_acl_opening(rule: Block) -> Iterator[Opening]:
    """Yield what an ACL rule that is a resource of its own lets the world reach."""
    if rule.get("egress") is not True and rule.get("ruleAction") == "allow":
        yield from _openings(rule, ("cidrBlock", "ipv6CidrBlock"), "protocol")


def _openings(rule: Block, keys: Iterable[str], protocol_key: str) -> Iterator[Opening]:
    protocol = str(rule.get(protocol_key) or "-1").lower().removesuffix(".0")
    if protocol not in _WITH_PORTS:
        return
    for key in keys:
        for cidr in rule.list(key):
            if is_world(cidr):
                where = f"{rule.path}.{key}" if rule.path else key
                if protocol in _ANY_PROTOCOL:
                    yield Opening(where, str(cidr), 0, _LAST_PORT)
                else:
                    yield Opening(where, str(cidr), _number(rule, "fromPort"), _number(rule, "toPort"))


def _number(rule: Block, key: str) -> int:
    """Return a port or rule number; a missing last port counts as the highest, a missing first as the lowest."""
    value = rule.get(key)
    if isinstance(value, int | float | str):
        return int(value)
    return _LAST_PORT if key == "toPort" else 0
