"""Sizes of EC2 instance types, those behind classes of RDS and node types of ElastiCache too.

The table is `data/instances.csv`, which `make facts` writes, a row per type: vCPU, memory in GiB, architecture, GPUs
and their memory in MiB together, EBS IOPS sustained and in bursts, network interfaces of the default card, IPv4
addresses on each, and the day from which a retired type was offered nowhere. Where a type is offered: offers.py.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from config.facts.regions import DATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TABLE: Final = DATA / "instances.csv"


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
    """EBS operations per second that it sustains; 0 = AWS does not publish it."""
    iops_burst: int
    """EBS operations per second for 30 minutes a day; equal to `iops` in large sizes."""
    interfaces: int
    """Network interfaces at most."""
    addresses: int
    """IPv4 addresses on each interface."""
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
        retired=date.fromisoformat(row["retired"]) if row["retired"] else None,
    )


def alternatives(offered: Iterable[InstanceType], wanted: InstanceType) -> list[InstanceType]:
    """Return up to three of the types on offer for the same use, nearest in size first.

    The same use means as many GPUs, the same architecture, and without GPUs the same letter of family (c, m, r, t).
    Of equal sizes the newest family comes first.
    """
    fit = [
        one
        for one in offered
        if one.name != wanted.name
        and (one.architecture, one.gpus) == (wanted.architecture, wanted.gpus)
        and (one.gpus or one.family[0] == wanted.family[0])
        and one.retired is None
    ]
    fit.sort(key=lambda one: one.family, reverse=True)
    fit.sort(key=lambda one: abs(one.vcpus - wanted.vcpus) + abs(one.memory_gib - wanted.memory_gib) / 8)
    return fit[:3]
