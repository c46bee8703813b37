"""Options of a VPC peering connection are set, each side's in its own region, and read back.

ministack lacks ModifyVpcPeeringConnectionOptions and describes no options, so the provider reads back `false`.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcPeeringConnectionOptions.html (each side's options
are changed in its own region, once the connection is active).
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any, Final

from ministack.services import ec2

from sandbox.emulator.patches.base import Params, Patch, Response, add_action
from sandbox.emulator.patches.peering_connections import SIDES, describe_sides

_OPTION: Final = "AllowDnsResolutionFromRemoteVpc"
_OPTIONS: Final = "PeeringOptions"


def _modify(params: Params) -> Response:
    peering = str(ec2._p(params, "VpcPeeringConnectionId"))
    record = ec2._vpc_peering.get(peering)
    if record is None:
        return _error("InvalidVpcPeeringConnectionID.NotFound", f"The peering connection '{peering}' does not exist")
    if record["Status"]["Code"] != "active":
        return _error("OperationNotPermitted", f"Peering {peering} is not active; its options cannot be modified")
    asked = {side: ec2._p(params, f"{side}PeeringConnectionOptions.{_OPTION}") for side in SIDES}
    asked = {side: value for side, value in asked.items() if value}
    foreign = [side for side in asked if record[SIDES[side]]["Region"] != ec2.get_region()]
    if foreign:
        return _error("OperationNotPermitted", f"The options of the {foreign[0].lower()} are modified in its region")
    for account, region in ec2._vpc_peering_scopes(record):
        scoped = ec2._vpc_peering.get_scoped(account, region, peering)
        if scoped is not None:
            for side, value in asked.items():
                scoped[SIDES[side]][_OPTIONS] = value
    parts = "".join(_rendered(f"{side.lower()}PeeringConnectionOptions", value) for side, value in asked.items())
    answer: Response = ec2._xml(200, "ModifyVpcPeeringConnectionOptionsResponse", parts)
    return answer


def _rendered(tag: str, value: str) -> str:
    return f"<{tag}><allowDnsResolutionFromRemoteVpc>{value}</allowDnsResolutionFromRemoteVpc></{tag}>"


def _error(code: str, reason: str) -> Response:
    answer: Response = ec2._error(code, reason, 400)
    return answer


def _options(info: dict[str, Any]) -> str:
    return _rendered("peeringOptions", info.get(_OPTIONS, "false"))


def _apply() -> None:
    add_action(ec2._ACTION_MAP, "ModifyVpcPeeringConnectionOptions", _modify)
    describe_sides(_options)


PATCH = Patch("ec2-peering-options", "the options of a peering connection cannot be set, and read back as off", _apply)
