"""AMI type of a managed node group from its operating system, GPU and instance types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPES = {
    ("AL2", False, "x86_64"): "AL2_x86_64",
    ("AL2", True, "x86_64"): "AL2_x86_64_GPU",
    ("AL2", False, "arm64"): "AL2_ARM_64",
    ("AL2023", False, "x86_64"): "AL2023_x86_64_STANDARD",
    ("AL2023", False, "arm64"): "AL2023_ARM_64_STANDARD",
    ("AL2023", True, "x86_64"): "AL2023_x86_64_NVIDIA",
    ("Bottlerocket", False, "arm64"): "BOTTLEROCKET_ARM_64",
    ("Bottlerocket", False, "x86_64"): "BOTTLEROCKET_x86_64",
    ("Bottlerocket", True, "arm64"): "BOTTLEROCKET_ARM_64_NVIDIA",
    ("Bottlerocket", True, "x86_64"): "BOTTLEROCKET_x86_64_NVIDIA",
}
"""Operating system, GPU, architecture -> AMI type of the EKS API."""

INSTANCE = re.compile(r"([a-z]+)([0-9]+)([a-z])?-?([a-z]+)?\.([a-zA-Z0-9-]+)")
"""Family, generation, processor, extras, size: as pulumi-eks takes instance types apart."""


def is_graviton(instance_type: str) -> bool:
    """Whether an instance type has an ARM processor: the letter g follows the generation.

    Raises:
        ValueError: The text is no instance type.
    """
    match = INSTANCE.search(instance_type)
    if match is None:
        raise ValueError(f"{instance_type!r} is no EC2 instance type such as c5.large")
    return match.group(3) == "g"


def ami_type(operating_system: str, instance_types: Sequence[str], *, gpu: bool) -> str:
    """Return the AMI type.

    Raises:
        ValueError: The instance types mix architectures, or there is no AMI for the combination.
    """
    architectures = {"arm64" if is_graviton(name) else "x86_64" for name in instance_types or ["t3.medium"]}
    if len(architectures) > 1:
        raise ValueError(f"instanceTypes mix architectures: {', '.join(instance_types)}")
    key = (operating_system, gpu, architectures.pop())
    if key not in TYPES:
        raise ValueError(f"no AMI type for operating system {key[0]}, GPU {key[1]}, architecture {key[2]}")
    return TYPES[key]
