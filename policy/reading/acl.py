"""What network ACLs let the world reach: of the rules, in the order of their numbers, the first that fits decides.

So for each port the addresses are dealt out: a rule takes those of its block that no earlier rule has taken, and allows
or denies them. What is allowed in the end is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy.reading.addresses import Network, are_world, common, network, without
from policy.reading.reach import has_ports, port_range, protocol_of
from policy.values import number, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policy.resources import Resource
    from policy.values import Block

_EVERYTHING: Final[tuple[Network, ...]] = (network("0.0.0.0/0"), network("::/0"))
_NUMBERS: Final = {"6": "tcp", "17": "udp", "all": "-1"}


@dataclass(frozen=True)
class Entry:
    """One rule of an ACL."""

    where: str
    number: float
    allows: bool
    protocol: str
    first: int
    last: int
    block: Network

    def decides(self, protocol: str, port: int) -> bool:
        """Tell whether the rule is about a port of a protocol."""
        return self.protocol in ("-1", protocol) and self.first <= port <= self.last


def allowed(entries: Iterable[Entry], protocol: str, port: int) -> list[Network]:
    """Return the addresses that may reach a port."""
    left: list[Network] = list(_EVERYTHING)
    let_in: list[Network] = []
    for entry in sorted(entries, key=lambda each: each.number):
        if entry.decides(protocol, port):
            taken = [part for part in (common(block, entry.block) for block in left) if part is not None]
            left = without(left, entry.block)
            let_in += taken if entry.allows else []
    return let_in


def deciding(entries: Sequence[Entry], protocol: str, port: int) -> str:
    """Return the path of a rule that lets the world reach a port; empty where none does, or all together do not."""
    fitting = [each for each in entries if each.allows and each.decides(protocol, port)]
    if not are_world(each.block for each in fitting) or not are_world(allowed(entries, protocol, port)):
        return ""
    return max(fitting, key=lambda each: each.block.num_addresses).where


def entries_of(acl: Resource, own: Sequence[Resource]) -> list[Entry]:
    """Return the incoming rules of an ACL, inline and of their own.

    Raises:
        UnknownValueError: a part of a rule is not known.
    """
    found = [_entry(rule, "action", "ruleNo", rule.path) for rule in acl.given("ingress")]
    found += [
        _entry(rule, "ruleAction", "ruleNumber", rule.origin.name)
        for rule in own
        if not same(rule.get("egress"), wanted=True)
    ]
    return [entry for each in found for entry in each]


def _entry(rule: Block, action: str, order: str, where: str) -> list[Entry]:
    protocol = protocol_of(rule, "protocol")
    if not has_ports(protocol):
        return []
    first, last = port_range(rule, protocol)
    at = rule.get(order)
    blocks = [rule.get(key) for key in ("cidrBlock", "ipv6CidrBlock")]
    return [
        Entry(
            where,
            number(at) or 0,
            str(rule.get(action)).lower() == "allow",
            _NUMBERS.get(protocol, protocol),
            first,
            last,
            network(block),
        )
        for block in blocks
        if block not in (None, "")
    ]


def by_acl(acls: Sequence[Resource], rules: Sequence[Resource]) -> list[tuple[Resource, list[Resource]]]:
    """Return each ACL with its rules of their own; rules of an ACL elsewhere stand together under their first."""
    found = [(acl, [rule for rule in rules if rule.refers_to(acl, "networkAclId")]) for acl in acls]
    placed = {rule.urn for _, own in found for rule in own}
    elsewhere: dict[object, list[Resource]] = {}
    for rule in rules:
        if rule.urn not in placed:
            behind = (rule.origin.property_dependencies or {}).get("networkAclId", ())
            elsewhere.setdefault(behind or str(rule.inputs.get("networkAclId")), []).append(rule)
    return [*found, *((own[0], own) for own in elsewhere.values())]
