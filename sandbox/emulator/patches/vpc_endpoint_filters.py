"""VPC endpoints are found by their filters, and an unknown one is an error.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import ec2

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action

_FILTERS = {
    "service-name": "ServiceName",
    "vpc-endpoint-id": "VpcEndpointId",
    "vpc-endpoint-state": "State",
    "vpc-endpoint-type": "VpcEndpointType",
    "vpc-id": "VpcId",
}
_NOBODY = "vpce-00000000000000000"


def _describe(original: Handler) -> Handler:
    def describe(params: Params) -> Response:
        asked = ec2._parse_member_list(params, "VpcEndpointId")
        filters = ec2._parse_filters(params)
        if unknown := [endpoint for endpoint in asked if endpoint not in ec2._vpc_endpoints]:
            reason = f"The Vpc Endpoint Id '{unknown[0]}' does not exist"
            refusal: Response = ec2._error("InvalidVpcEndpointId.NotFound", reason, 400)
            return refusal
        found = [i for i, e in ec2._vpc_endpoints.items() if (not asked or i in asked) and _matches(e, filters)]
        rest = {name: value for name, value in params.items() if not name.startswith("VpcEndpointId.")}
        answer: Response = original(rest | {f"VpcEndpointId.{n}": [i] for n, i in enumerate(found or [_NOBODY], 1)})
        return answer

    return describe


def _matches(endpoint: dict[str, Any], filters: dict[str, list[str]]) -> bool:
    if not ec2._resource_matches_tag_filters(endpoint["VpcEndpointId"], filters):
        return False
    return all(endpoint[key] in filters[name] for name, key in _FILTERS.items() if name in filters)


PATCH = Patch(
    "ec2-vpc-endpoint-filters",
    "a filter finds every endpoint of the region",
    lambda: wrap_action(ec2._ACTION_MAP, "DescribeVpcEndpoints", _describe),
)
