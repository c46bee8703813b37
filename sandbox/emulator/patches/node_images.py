"""Systems Manager has the public parameters that name the images of EKS nodes, for each version that EKS offers.

https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html, retrieve-ami-id-bottlerocket.html (2026-11)
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_region
from ministack.services import ssm

from config.facts.versions import EKS
from sandbox.emulator.patches.base import Handler, Patch, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

_AL2023: Final = ("x86_64/standard", "arm64/standard", "x86_64/nvidia", "arm64/nvidia", "x86_64/neuron")
_BOTTLEROCKET: Final = ("", "-nvidia", "-fips")
_FIELDS: Final = ("image_id", "image_name", "release_version")
_PUBLISHED: Final = 1764547200.0
"""2025-12-01; AWS publishes a new image every week or two."""


def _names() -> Iterator[str]:
    for version in EKS:
        for variant in _AL2023:
            for field in _FIELDS:
                yield f"/aws/service/eks/optimized-ami/{version}/amazon-linux-2023/{variant}/recommended/{field}"
        for variant in _BOTTLEROCKET:
            for architecture in ("x86_64", "arm64"):
                yield f"/aws/service/bottlerocket/aws-k8s-{version}{variant}/{architecture}/latest/image_id"


_KNOWN: Final = frozenset(_names())


def _also(original: Handler) -> Handler:
    def public(name: str) -> dict[str, Any] | None:
        if name not in _KNOWN:
            found: dict[str, Any] | None = original(name)
            return found
        digest = hashlib.sha256(f"{get_region()}{name}".encode()).hexdigest()[:17]
        value = f"ami-{digest}" if name.endswith("image_id") else name.split("/")[5]
        arn = f"arn:aws:ssm:{get_region()}::parameter{name}"
        return {
            "Name": name,
            "Type": "String",
            "Value": value,
            "Version": 1,
            "LastModifiedDate": _PUBLISHED,
            "ARN": arn,
        }

    return public


PATCH = Patch(
    "ssm-node-images",
    "no image of EKS nodes has a public parameter",
    lambda: wrap(ssm, "_public_parameter", _also),
)
