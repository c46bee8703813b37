"""Security groups: a rule for all protocols has no ports; rules keep their prefix lists.

The provider revokes the default egress rule of a new group as "all protocols, ports 0 to 0". ministack does not see
that this is the rule it made, so the rule stays, shows as drift, and swallows the tags of an equal rule of the user.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html (FromPort, IpProtocol)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import ec2

from sandbox.emulator.patches.base import Handler, Params, Patch, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALL = "-1"
_PORTS = ("FromPort", "ToPort")


def _portless(strip: Handler) -> Handler:
    def comparable(rule: dict[str, Any]) -> dict[str, Any]:
        stripped: dict[str, Any] = strip(rule)
        if stripped["IpProtocol"] != _ALL:
            return stripped
        return {key: value for key, value in stripped.items() if key not in _PORTS}

    return comparable


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
    wrap(ec2, "_strip_descriptions", _portless)
    wrap(ec2, "_parse_ip_permissions", _with_prefix_lists)
    wrap(ec2, "_sg_rule_xml", _prefix_list_item)


PATCHES = (Patch("ec2-security-group-rules", "the default egress rule stays and takes an equal rule's tags", _apply),)
