"""A load balancer tells the hosted zone of its own region, for aliases to it.

ministack puts every load balancer into the hosted zone of us-east-1.
https://docs.aws.amazon.com/general/latest/gr/elb.html (hosted zones by region; read 2026-11-21; the same table in
terraform-provider-aws, elbv2/hosted_zone_id_data_source.go, read 2026-11-30)
"""

from __future__ import annotations

from typing import Any

from ministack.services import alb

from sandbox.emulator.patches.base import Handler, Patch, wrap

_HOME = "Z35SXDOTRQ7X7K"
_HOSTED_ZONES = {
    "us-east-1": _HOME,
    "af-south-1": "Z268VQBMOI5EKX",
    "ap-east-1": "Z3DQVH9N71FHZ0",
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-northeast-2": "ZWKZPGTI48KDX",
    "ap-northeast-3": "Z5LXEXXYW11ES",
    "ap-south-1": "ZP97RAFLXTNZK",
    "ap-south-2": "Z0173938T07WNTVAEPZN",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
    "ap-southeast-3": "Z08888821HLRG5A9ZRTER",
    "ca-central-1": "ZQSVJUPU6J1EY",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-central-2": "Z06391101F2ZOEP8P5EB3",
    "eu-north-1": "Z23TAZ6LKFMNIO",
    "eu-south-1": "Z3ULH7SSC9OV64",
    "eu-south-2": "Z0956581394HF5D5LXGAP",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "eu-west-3": "Z3Q77PNBQS71R4",
    "me-central-1": "Z08230872XQRWHG2XF6I",
    "me-south-1": "ZS929ML54UICD",
    "sa-east-1": "Z2P70J7HTTTPLU",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
}
"""Region -> hosted zone of application load balancers. The eight regions that are not here, the newest, get that of
us-east-1, as ministack has it."""


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
