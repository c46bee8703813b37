"""EKS refuses a cluster with a subnet in a zone that takes no control plane, and names those that do.

The zone is known by its id: which letter it has is each account's own. Subnets that are not there are not judged.
https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html (zones), troubleshooting.html (code, words; 2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.core.responses import get_region
from ministack.services import ec2, eks

from config.facts.regions import EKS_WITHOUT
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap
from sandbox.emulator.patches.zone_ids import zone_names

Body = dict[str, Any]


def _takes(zone: str) -> bool:
    return ec2._az_id_for_zone_name(zone) not in EKS_WITHOUT


def _create(original: Handler) -> Handler:
    def create(body: Body, creator: str | None = None) -> Response:
        subnets = body.get("resourcesVpcConfig", {}).get("subnetIds", [])
        zones = [ec2._subnets[one]["AvailabilityZone"] for one in subnets if one in ec2._subnets]
        without = sorted({zone for zone in zones if not _takes(zone)})
        if without:
            others = ", ".join(zone for zone in zone_names(get_region()) if _takes(zone))
            message = (
                f"Cannot create cluster '{body.get('name')}' because {without[0]}, the targeted availability zone, "
                f"does not currently have sufficient capacity to support the cluster. Retry and choose from these "
                f"availability zones: {others}"
            )
            refused: Response = eks._error(400, "UnsupportedAvailabilityZoneException", message)
            return refused
        answer: Response = original(body, creator)
        return answer

    return create


PATCH = Patch(
    "eks-zones", "a cluster stands in a zone that EKS does not take", lambda: wrap(eks, "_create_cluster", _create)
)
