"""VPC peering: options are kept and read back, a deleted connection is found by its id, blocks of both VPCs are told.

ministack lacks ModifyVpcPeeringConnectionOptions and describes no options, so the provider reads back `false`.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcPeeringConnectionOptions.html (each side's options
are changed in its own region, once the connection is active).
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
from typing import Any, Final

from ministack.services import ec2

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, add_action, wrap_action

_SIDES: Final = {"Requester": "RequesterVpcInfo", "Accepter": "AccepterVpcInfo"}
_OPTION: Final = "AllowDnsResolutionFromRemoteVpc"
_OPTIONS: Final = "PeeringOptions"


def _modify(params: Params) -> Response:
    peering = str(ec2._p(params, "VpcPeeringConnectionId"))
    record = ec2._vpc_peering.get(peering)
    if record is None:
        return _error("InvalidVpcPeeringConnectionID.NotFound", f"The peering connection '{peering}' does not exist")
    if record["Status"]["Code"] != "active":
        return _error("OperationNotPermitted", f"Peering {peering} is not active; its options cannot be modified")
    asked = {side: ec2._p(params, f"{side}PeeringConnectionOptions.{_OPTION}") for side in _SIDES}
    asked = {side: value for side, value in asked.items() if value}
    foreign = [side for side in asked if record[_SIDES[side]]["Region"] != ec2.get_region()]
    if foreign:
        return _error("OperationNotPermitted", f"The options of the {foreign[0].lower()} are modified in its region")
    for account, region in ec2._vpc_peering_scopes(record):
        scoped = ec2._vpc_peering.get_scoped(account, region, peering)
        if scoped is not None:
            for side, value in asked.items():
                scoped[_SIDES[side]][_OPTIONS] = value
    parts = "".join(_rendered(f"{side.lower()}PeeringConnectionOptions", value) for side, value in asked.items())
    answer: Response = ec2._xml(200, "ModifyVpcPeeringConnectionOptionsResponse", parts)
    return answer


def _rendered(tag: str, value: str) -> str:
    return f"<{tag}><allowDnsResolutionFromRemoteVpc>{value}</allowDnsResolutionFromRemoteVpc></{tag}>"


def _error(code: str, reason: str) -> Response:
    answer: Response = ec2._error(code, reason, 400)
    return answer


_CONNECTION: Final = re.compile(r"<item>.*?</item>|<vpcPeeringConnection>.*?</vpcPeeringConnection>", re.DOTALL)


def _with_details(original: Handler) -> Handler:
    """Add to each side of every connection in an answer its block and its options."""

    def answer(params: Params) -> Response:
        status, headers, body = original(params)
        return status, headers, _CONNECTION.sub(_detailed, body.decode()).encode()

    return answer


def _detailed(connection: re.Match[str]) -> str:
    text = connection.group(0)
    found = re.search(r"<vpcPeeringConnectionId>(.*?)</vpcPeeringConnectionId>", text)
    record: dict[str, Any] | None = ec2._vpc_peering.get(found.group(1)) if found else None
    if record is None:
        return text
    for side, info in _SIDES.items():
        end = f"</{side.lower()}VpcInfo>"
        text = text.replace(end, f"{_details(record[info])}{end}")
    return text


def _details(info: dict[str, Any]) -> str:
    vpc = ec2._vpcs.get_scoped(info["OwnerId"], info["Region"], info["VpcId"])
    block = f"<cidrBlock>{vpc['CidrBlock']}</cidrBlock>" if vpc else ""
    return block + _rendered("peeringOptions", info.get(_OPTIONS, "false"))


def _apply() -> None:
    add_action(ec2._ACTION_MAP, "ModifyVpcPeeringConnectionOptions", _modify)
    for action in ("DescribeVpcPeeringConnections", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection"):
        wrap_action(ec2._ACTION_MAP, action, _with_details)


PATCHES = (
    Patch("ec2-peering-options", "the options of a peering connection cannot be set, and read back as off", _apply),
)
