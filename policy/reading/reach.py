"""What security groups let the world reach: by inline rules, rules of their own, and what they add up to.

An unknown port or block counts only where the answer hangs on it. Protocols go by name or number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from policy.reading.addresses import Network, are_world, network
from policy.tokens import FLEETS, GROUP_RULES, INSTANCE_PORTS
from policy.values import Mark, UnknownValueError, is_list, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from policy.resources import Resource
    from policy.values import Block

ADMIN_PORTS: Final = (22, 3389)
LAST_PORT: Final = 65535
_ANY_PROTOCOL: Final = frozenset({"-1", "all", "any"})
_WITH_PORTS: Final = frozenset({"tcp", "udp", "sctp", "6", "17", "132"}) | _ANY_PROTOCOL
_V4_AND_V6: Final = ("cidrBlocks", "ipv6CidrBlocks")
_ELSEWHERE: Final = {
    **dict.fromkeys(FLEETS, ("ec2InboundPermissions", ("ipRange",))),
    **dict.fromkeys(INSTANCE_PORTS, ("portInfos", ("cidrs", "ipv6Cidrs"))),
}
"""Type -> the input that holds its rules, and those of a rule that hold blocks, for what is no security group."""


@dataclass(frozen=True)
class Opening:
    """A range of ports that blocks of addresses may reach."""

    where: str
    """The input that says so."""
    written: Sequence[object]
    """The blocks: texts, networks, and `Mark.UNKNOWN`."""
    first: int
    last: int
    is_sum: bool = False
    """Whether it stands for what several openings add up to, which are the world."""

    @property
    def ports(self) -> str:
        """The range in words."""
        if self.is_everything:
            return "all ports"
        return f"port {self.first}" if self.first == self.last else f"ports {self.first}-{self.last}"

    @property
    def source(self) -> str:
        """The blocks in words."""
        return ", ".join(str(block) for block in self.written if block is not Mark.UNKNOWN)

    @cached_property
    def blocks(self) -> list[Network]:
        """The blocks that are known.

        Raises:
            ValueError: one is no address block.
        """
        return [network(block) for block in self.written if block is not Mark.UNKNOWN]

    @property
    def from_world(self) -> bool:
        """Whether the blocks together are the internet, or so large a part of it that they may as well be.

        Raises:
            UnknownValueError: those that are known are not, and one is not known.
        """
        if self.is_sum or are_world(self.blocks):
            return True
        if Mark.UNKNOWN in self.written:
            raise UnknownValueError(self.where)
        return False

    @property
    def is_everything(self) -> bool:
        """Whether every port is open."""
        return (self.first, self.last) == (0, LAST_PORT)

    def reaches(self, ports: Iterable[int]) -> bool:
        """Tell whether any of `ports` is open."""
        return any(self.first <= port <= self.last for port in ports)

    def stays_within(self, ports: Iterable[int]) -> bool:
        """Tell whether nothing but `ports` is open."""
        allowed = frozenset(ports)
        return self.last - self.first < len(allowed) and all(p in allowed for p in range(self.first, self.last + 1))


def group_openings(resource: Resource) -> Iterator[Opening]:
    """Yield what a security group, or a rule of one, lets in, from wherever.

    Raises:
        UnknownValueError: a protocol or a port from the world, or from a block that is not known, is not known.
    """
    if resource.type == GROUP_RULES[0]:
        yield from _opening(resource, ("cidrIpv4", "cidrIpv6"), "ipProtocol")
    elif resource.type in GROUP_RULES:
        if resource.get("type") == "ingress":
            yield from _opening(resource, _V4_AND_V6, "protocol")
    else:
        key, blocks = _ELSEWHERE.get(resource.type, ("ingress", _V4_AND_V6))
        for rule in resource.blocks(key):
            yield from _opening(rule, blocks, "protocol")


def added_up(openings: Iterable[Opening], where: str) -> Iterator[Opening]:
    """Yield what openings let the world reach together, where none of them does alone."""
    parts = [opening for opening in openings if not are_world(opening.blocks)]
    bounds = sorted({opening.first for opening in parts} | {opening.last + 1 for opening in parts})
    for first, after in pairwise(bounds):
        covering = [opening for opening in parts if opening.first <= first <= opening.last]
        blocks = [block for opening in covering for block in opening.blocks]
        if len(covering) > 1 and are_world(blocks):
            yield Opening(where, [f"{len(blocks)} blocks, together the world"], first, after - 1, is_sum=True)


def protocol_of(rule: Block, key: str) -> str:
    """Return a protocol as written, in lower case; a state may hold a number as text with a fraction."""
    return str(rule.get(key) if rule.get(key) is not None else "-1").lower().removesuffix(".0")


def has_ports(protocol: str) -> bool:
    """Tell whether a protocol has ports, or is every one."""
    return protocol in _WITH_PORTS


def port_range(rule: Block, protocol: str) -> tuple[int, int]:
    """Return the ports of a rule; every one where the protocol is every one, or the range is -1 as EC2 writes it."""
    first, last = _number(rule, "fromPort", 0), _number(rule, "toPort", LAST_PORT)
    return (0, LAST_PORT) if protocol in _ANY_PROTOCOL or first < 0 else (first, last)


def _opening(rule: Block, keys: Sequence[str], protocol_key: str) -> Iterator[Opening]:
    found = [(key, block) for key in keys for block in _blocks(rule, key)]
    written = [block for _, block in found]
    matters = Mark.UNKNOWN in written or are_world(network(block) for block in written)
    if not written:
        return
    try:
        protocol = protocol_of(rule, protocol_key)
        ports = port_range(rule, protocol) if protocol in _WITH_PORTS else None
    except UnknownValueError:
        if matters:
            raise
        return
    if ports is not None:
        key = next((key for key, block in found if block is Mark.UNKNOWN or are_world([network(block)])), found[0][0])
        yield Opening(f"{rule.path}.{key}" if rule.path else key, written, *ports)


def _blocks(rule: Block, key: str) -> list[object]:
    """Return the blocks of an input, unknown ones as such."""
    value = plain(rule.inputs.get(key))
    items = list(value) if is_list(value) else [value]
    return [item for item in map(plain, items) if item is not Mark.ABSENT and item != ""]


def _number(rule: Block, key: str, default: int) -> int:
    """Return a port or the number of a rule, or the default where none is set."""
    value = rule.get(key)
    return int(float(value)) if isinstance(value, int | float | str) and value != "" else default
