"""What a module adds to the two sides of every peering connection that EC2 answers with."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from ministack.services import ec2

from sandbox.emulator.patches.base import Handler, Params, Response, wrap_action

SIDES: Final = {"Requester": "RequesterVpcInfo", "Accepter": "AccepterVpcInfo"}
_CONNECTION: Final = re.compile(r"<item>.*?</item>|<vpcPeeringConnection>.*?</vpcPeeringConnection>", re.DOTALL)
_ACTIONS: Final = ("DescribeVpcPeeringConnections", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection")

Details: TypeAlias = Callable[[dict[str, Any]], str]
"""Elements to add for the record of one side."""


def describe_sides(details: Details) -> None:
    """Add to each side of every connection in an answer what the record of the side says.

    Raises:
        KeyError: The emulator lacks an action that answers with connections.
    """

    def detailed(connection: re.Match[str]) -> str:
        text = connection.group(0)
        found = re.search(r"<vpcPeeringConnectionId>(.*?)</vpcPeeringConnectionId>", text)
        record: dict[str, Any] | None = ec2._vpc_peering.get(found.group(1)) if found else None
        if record is None:
            return text
        for side, info in SIDES.items():
            end = f"</{side.lower()}VpcInfo>"
            text = text.replace(end, f"{details(record[info])}{end}")
        return text

    def around(original: Handler) -> Handler:
        def answer(params: Params) -> Response:
            status, headers, body = original(params)
            return status, headers, _CONNECTION.sub(detailed, body.decode()).encode()

        return answer

    for action in _ACTIONS:
        wrap_action(ec2._ACTION_MAP, action, around)
