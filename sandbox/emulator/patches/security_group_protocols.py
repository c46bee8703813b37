"""A security group's rule for all protocols has no ports.

The provider revokes the default egress rule of a new group as "all protocols, ports 0 to 0". ministack does not see
that this is the rule it made, so the rule stays, shows as drift, and swallows the tags of an equal rule of the user.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html (FromPort, IpProtocol)
"""

from __future__ import annotations

from typing import Any

from ministack.services import ec2

from sandbox.emulator.patches.base import Handler, Patch, wrap

_ALL = "-1"
_PORTS = ("FromPort", "ToPort")


def _portless(strip: Handler) -> Handler:
    def comparable(rule: dict[str, Any]) -> dict[str, Any]:
        stripped: dict[str, Any] = strip(rule)
        if stripped["IpProtocol"] != _ALL:
            return stripped
        return {key: value for key, value in stripped.items() if key not in _PORTS}

    return comparable


PATCH = Patch(
    "ec2-security-group-protocols",
    "the default egress rule stays and takes an equal rule's tags",
    lambda: wrap(ec2, "_strip_descriptions", _portless),
)
