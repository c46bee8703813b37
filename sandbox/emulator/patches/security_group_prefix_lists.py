"""A security group's rule keeps its prefix lists.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html (PrefixListIds)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import ec2

from sandbox.emulator.patches.base import Handler, Params, Patch, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator


def _with_prefix_lists(parse: Handler) -> Handler:
    def permissions(params: Params, prefix: str) -> list[dict[str, Any]]:
        rules: list[dict[str, Any]] = parse(params, prefix)
        for number, rule in enumerate(rules, 1):
            rule["PrefixListIds"] = list(_prefix_lists(params, f"{prefix}.{number}.PrefixListIds"))
        return rules

    return permissions


def _prefix_lists(params: Params, prefix: str) -> Iterator[dict[str, str]]:
    number = 1
    while found := ec2._p(params, f"{prefix}.{number}.PrefixListId"):
        description = ec2._p(params, f"{prefix}.{number}.Description")
        yield {"PrefixListId": found} | ({"Description": description} if description else {})
        number += 1


def _prefix_list_item(render: Handler) -> Handler:
    """Name the prefix list of a rule that has nothing else; the original renders such a rule without its peer."""

    def xml(group: str, rule: dict[str, Any], *, is_egress: bool = False) -> str:
        item = str(render(group, rule, is_egress=is_egress))
        if rule.get("IpRanges") or rule.get("Ipv6Ranges") or rule.get("UserIdGroupPairs"):
            return item
        peers = [f"<prefixListId>{entry['PrefixListId']}</prefixListId>" for entry in rule.get("PrefixListIds", [])]
        return "".join(item.replace("</toPort>", f"</toPort>{peer}", 1) for peer in peers) or item

    return xml


def _apply() -> None:
    wrap(ec2, "_parse_ip_permissions", _with_prefix_lists)
    wrap(ec2, "_sg_rule_xml", _prefix_list_item)


PATCH = Patch("ec2-security-group-prefix-lists", "a rule for a prefix list has no peer", _apply)
