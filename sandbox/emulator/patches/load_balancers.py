"""A load balancer tells the zones of its subnets, and the hosted zone of its own region for aliases to it.

ministack puts every subnet into zone `a`, and every load balancer into the hosted zone of us-east-1.
https://docs.aws.amazon.com/general/latest/gr/elb.html (hosted zones by region; read 2026-11-21)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
from typing import Any

from ministack.services import alb, ec2

from sandbox.emulator.patches.base import Handler, Patch, wrap

_HOME = "Z35SXDOTRQ7X7K"
_HOSTED_ZONES = {
    "us-east-1": _HOME,
    "us-west-2": "Z1H1FL5HABSF5",
    "eu-west-1": "Z32O12XQLNTSW2",
    "me-central-1": "Z08230872XQRWHG2XF6I",
}
"""Region -> hosted zone of application load balancers."""
_ZONE = re.compile(r"<ZoneName>[^<]*</ZoneName><SubnetId>([^<]*)</SubnetId>")


def _placed(original: Handler) -> Handler:
    def render(balancer: dict[str, Any]) -> str:
        region = balancer["LoadBalancerArn"].split(":")[3]
        text = str(original(balancer)).replace(_HOME, _HOSTED_ZONES.get(region, _HOME))
        return _ZONE.sub(_zone_of, text)

    return render


def _zone_of(found: re.Match[str]) -> str:
    subnet = ec2._subnets.get(found[1])
    if subnet is None:
        return found[0]
    return f"<ZoneName>{subnet['AvailabilityZone']}</ZoneName><SubnetId>{found[1]}</SubnetId>"


PATCHES = (
    Patch(
        "load-balancers",
        "an alias to another region's load balancer names the wrong hosted zone",
        lambda: wrap(alb, "_lb_xml", _placed),
    ),
)
