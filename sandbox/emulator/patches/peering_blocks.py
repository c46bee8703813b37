"""A VPC peering connection names the blocks of both its VPCs.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnectionVpcInfo.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import ec2

from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.peering_connections import describe_sides


def _block(info: dict[str, Any]) -> str:
    vpc = ec2._vpcs.get_scoped(info["OwnerId"], info["Region"], info["VpcId"])
    return f"<cidrBlock>{vpc['CidrBlock']}</cidrBlock>" if vpc else ""


PATCH = Patch("ec2-peering-blocks", "a route to the other VPC has no block to name", lambda: describe_sides(_block))
