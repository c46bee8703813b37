"""EC2 instance types, and which of them RDS for PostgreSQL and ElastiCache take.

The table is `instances.csv`, a row per type: vCPU, memory in GiB, architecture, GPUs and their memory in MiB together,
EBS IOPS sustained and in bursts, network interfaces, IPv4 addresses on each, then per region `all`, zone letters, or
nothing where the type is not offered, and the day from which a retired type was offered nowhere.

Sources: moto 5.2.5 of 2026-10-27, `ec2/resources/instance_types.json` and `instance_type_offerings/availability-zone`:
dumps of DescribeInstanceTypes and DescribeInstanceTypeOfferings (me-central-1 dumped 2026-03-16). p3: the same dumps
of 2026-04-01, and their absence from 2026-05-01. Zone letters stand only where a letter means the same in every account
(me-central-1); elsewhere `all` means the region.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.facts.regions import ZONES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TABLE: Final = Path(__file__).with_name("instances.csv")

RDS_SIZES: Final[Mapping[str, str]] = {
    "t3": "micro small medium large xlarge 2xlarge",
    "t4g": "micro small medium large xlarge 2xlarge",
    "m5": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge",
    "m6g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "m6i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge",
    "m7g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "m7i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
    "r5": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge",
    "r6g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "r6i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge",
    "r7g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "r7i": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge",
}
"""Sizes of `db.` classes by family for PostgreSQL 15 and later. RDS User Guide, "Supported DB engines for DB instance
classes", read 2026-11-21. A class is taken to be offered where its EC2 twin is: no list by region was to be had."""

CACHE_SIZES: Final[Mapping[str, str]] = {
    "t3": "micro small medium",
    "t4g": "micro small medium",
    "m5": "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge",
    "m6g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "m7g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "r5": "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge",
    "r6g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
    "r7g": "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge",
}
"""Sizes of `cache.` node types by family. ElastiCache API, CreateReplicationGroup `CacheNodeType`, botocore 1.43.106 of
2026-11. Offered where the EC2 twin is, as above."""


@dataclass(frozen=True, kw_only=True)
class InstanceType:
    """What the rules need to know of one EC2 instance type."""

    name: str
    """API name, such as `c5.large`."""
    vcpus: int
    """Virtual CPUs."""
    memory_gib: float
    """Memory in GiB."""
    architecture: str
    """`x86_64` or `arm64`."""
    gpus: int
    """NVIDIA GPUs."""
    gpu_memory_mib: int
    """Memory of all GPUs together in MiB."""
    iops: int
    """EBS operations per second that it sustains."""
    iops_burst: int
    """EBS operations per second for 30 minutes a day; equal to `iops` in large sizes."""
    interfaces: int
    """Network interfaces at most."""
    addresses: int
    """IPv4 addresses on each interface."""
    zones: Mapping[str, str]
    """Zone letters by region in which it is offered; a region without it is missing."""
    retired: date | None
    """Day from which no region offers it."""

    @property
    def family(self) -> str:
        """The part before the dot."""
        return self.name.partition(".")[0]

    @property
    def size(self) -> str:
        """The part behind the dot."""
        return self.name.partition(".")[2]

    @property
    def max_pods(self) -> int:
        """Pods that the VPC CNI can give an address of their own: interfaces x (addresses - 1) + 2 (EKS User Guide)."""
        return self.interfaces * (self.addresses - 1) + 2

    def describe(self) -> str:
        """Say it in a few words, such as `g6.2xlarge (8 vCPU, 32 GiB, 1 GPU of 22 GiB)`."""
        gpu = f", {self.gpus} GPU of {self.gpu_memory_mib / self.gpus / 1024:.0f} GiB" if self.gpus else ""
        return f"{self.name} ({self.vcpus} vCPU, {self.memory_gib:g} GiB{gpu})"


@cache
def table() -> Mapping[str, InstanceType]:
    """Return every known type by name."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["type"]: _parse(row) for row in csv.DictReader(lines)}


def _parse(row: dict[str, str]) -> InstanceType:
    return InstanceType(
        name=row["type"],
        vcpus=int(row["vcpu"]),
        memory_gib=float(row["memory_gib"]),
        architecture=row["architecture"],
        gpus=int(row["gpus"]),
        gpu_memory_mib=int(row["gpu_memory_mib"]),
        iops=int(row["iops"]),
        iops_burst=int(row["iops_burst"]),
        interfaces=int(row["interfaces"]),
        addresses=int(row["addresses"]),
        zones={region: ZONES[region] if row[region] == "all" else row[region] for region in ZONES if row[region]},
        retired=date.fromisoformat(row["retired"]) if row["retired"] else None,
    )


def alternatives(
    kin: Iterable[InstanceType], wanted: InstanceType, region: str | None, zones: Iterable[str] = ()
) -> list[InstanceType]:
    """Return up to three of `kin` for the same use, offered in all `zones` of `region`, nearest in size first.

    The same use means as many GPUs, the same architecture, and without GPUs the same letter of family (c, m, r, t).
    Of equal sizes the newest family comes first. Without a region it is enough to be offered anywhere.
    """

    def offered(one: InstanceType) -> bool:
        return bool(one.zones) if region is None else region in one.zones and set(zones) <= set(one.zones[region])

    fit = [
        one
        for one in kin
        if one.name != wanted.name
        and (one.architecture, one.gpus) == (wanted.architecture, wanted.gpus)
        and (one.gpus or one.family[0] == wanted.family[0])
        and offered(one)
    ]
    fit.sort(key=lambda one: one.family, reverse=True)
    fit.sort(key=lambda one: abs(one.vcpus - wanted.vcpus) + abs(one.memory_gib - wanted.memory_gib) / 8)
    return fit[:3]
