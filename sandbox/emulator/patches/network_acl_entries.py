"""Entries of a network ACL keep their ports, and a rule number is taken once per direction.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import ec2

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap, wrap_action


def _put_entry(original: Handler) -> Handler:
    """Keep the ports or the ICMP type of the entry, which the original appends last."""

    def put(params: Params) -> Response:
        answer: Response = original(params)
        acl = ec2._network_acls.get(ec2._p(params, "NetworkAclId"))
        if acl is not None and answer[0] == 200:  # noqa: PLR2004 - success
            acl["Entries"][-1].update(
                PortRange=_pair(params, "PortRange.From", "PortRange.To"),
                IcmpTypeCode=_pair(params, "Icmp.Type", "Icmp.Code"),
            )
        return answer

    return put


def _create_entry(original: Handler) -> Handler:
    put = _put_entry(original)

    def create(params: Params) -> Response:
        acl = ec2._network_acls.get(ec2._p(params, "NetworkAclId"), {"Entries": []})
        key = (int(ec2._p(params, "RuleNumber") or 100), ec2._p(params, "Egress") == "true")
        if key in {(entry["RuleNumber"], entry["Egress"]) for entry in acl["Entries"]}:
            reason = f"The network acl entry identified by {key[0]} already exists."
            refusal: Response = ec2._error("NetworkAclEntryAlreadyExists", reason, 400)
            return refusal
        answer: Response = put(params)
        return answer

    return create


def _pair(params: Params, first: str, second: str) -> list[str] | None:
    value = [ec2._p(params, first), ec2._p(params, second)]
    return value if any(value) else None


def _entry_xml(original: Handler) -> Handler:
    def render(entry: dict[str, Any]) -> str:
        ports, icmp = entry.get("PortRange"), entry.get("IcmpTypeCode")
        extra = f"<portRange><from>{ports[0]}</from><to>{ports[1]}</to></portRange>" if ports else ""
        extra += f"<icmpTypeCode><type>{icmp[0]}</type><code>{icmp[1]}</code></icmpTypeCode>" if icmp else ""
        head, end, tail = str(original(entry)).rpartition("</item>")
        return f"{head}{extra}{end}{tail}"

    return render


def _apply() -> None:
    wrap_action(ec2._ACTION_MAP, "CreateNetworkAclEntry", _create_entry)
    wrap_action(ec2._ACTION_MAP, "ReplaceNetworkAclEntry", _put_entry)
    wrap(ec2, "_network_acl_entry_xml", _entry_xml)


PATCH = Patch("ec2-network-acl-entries", "every plan changes the ports of an entry", _apply)
