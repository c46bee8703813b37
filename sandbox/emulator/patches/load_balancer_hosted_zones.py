"""A load balancer tells the hosted zone of its own region, for aliases to it.

ministack puts every load balancer into the hosted zone of us-east-1.
https://docs.aws.amazon.com/general/latest/gr/elb.html (hosted zones by region; read 2026-11-21)
"""

from __future__ import annotations

from typing import Any

from ministack.services import alb

from sandbox.emulator.patches.base import Handler, Patch, wrap

_HOME = "Z35SXDOTRQ7X7K"
_HOSTED_ZONES = {
    "us-east-1": _HOME,
    "us-west-2": "Z1H1FL5HABSF5",
    "eu-west-1": "Z32O12XQLNTSW2",
    "me-central-1": "Z08230872XQRWHG2XF6I",
}
"""Region -> hosted zone of application load balancers."""


def _placed(original: Handler) -> Handler:
    def render(balancer: dict[str, Any]) -> str:
        region = balancer["LoadBalancerArn"].split(":")[3]
        return str(original(balancer)).replace(_HOME, _HOSTED_ZONES.get(region, _HOME))

    return render


PATCH = Patch(
    "load-balancer-hosted-zones",
    "an alias to another region's load balancer names the wrong hosted zone",
    lambda: wrap(alb, "_lb_xml", _placed),
)
