"""A load balancer tells the zones of its subnets.

ministack puts every subnet into zone `a`.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AvailabilityZone.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
from typing import Any

from ministack.services import alb, ec2

from sandbox.emulator.patches.base import Handler, Patch, wrap

_ZONE = re.compile(r"<ZoneName>[^<]*</ZoneName><SubnetId>([^<]*)</SubnetId>")


def _placed(original: Handler) -> Handler:
    def render(balancer: dict[str, Any]) -> str:
        return _ZONE.sub(_zone_of, str(original(balancer)))

    return render


def _zone_of(found: re.Match[str]) -> str:
    subnet = ec2._subnets.get(found[1])
    if subnet is None:
        return found[0]
    return f"<ZoneName>{subnet['AvailabilityZone']}</ZoneName><SubnetId>{found[1]}</SubnetId>"


PATCH = Patch(
    "load-balancer-zones", "the subnets of a load balancer are all in one zone", lambda: wrap(alb, "_lb_xml", _placed)
)
