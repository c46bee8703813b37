"""Volumes: size, IOPS and throughput within what EBS and RDS give, and no more than an instance can use."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.instances import table
from config.facts.limits import (
    EBS_GP3,
    EBS_IO2,
    RDS_AUTOSCALING_HEADROOM,
    RDS_GP3,
    RDS_GP3_STRIPED_FROM_GIB,
    RDS_IO2,
    RDS_IO2_LEAST_IOPS_PER_GIB,
    THROUGHPUT_PER_IOPS,
)
from config.problems import NOTHING, Path, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.cluster import NodeGroup, RootVolume
    from config.facts.limits import VolumeLimits
    from config.karpenter import NodePool
    from config.kubernetes import StorageClass
    from config.problems import Problem
    from config.stack import StackConfig

STORAGE: Final[Path] = ("data", "postgres", "storage")


def iops_range(limits: VolumeLimits, size_gib: int | None) -> tuple[int, int]:
    """Return the fewest and most IOPS that a volume of a size takes; None = of whatever size a claim asks for."""
    low, high = limits.iops
    return low, high if size_gib is None else max(low, min(high, limits.iops_per_gib * size_gib))


def most_throughput(limits: VolumeLimits, iops: int | None) -> int:
    """Return the most MiB/s that gp3 gives at some IOPS; None = those included in the price."""
    low, high = limits.throughput or (0, 0)
    return max(low, min(high, int((iops or limits.iops[0]) * THROUGHPUT_PER_IOPS)))


def least_headroom(allocated_gib: int) -> int:
    """Return the lowest upper end of storage autoscaling that RDS takes."""
    return math.ceil(round(allocated_gib * RDS_AUTOSCALING_HEADROOM, 6))


def _iops(path: Path, limits: VolumeLimits, size_gib: int | None, iops: int | None, why_low: str) -> Iterator[Problem]:
    low, high = iops_range(limits, size_gib)
    if iops is not None and not low <= iops <= high:
        why_high = "more than EBS gives" if size_gib is None else f"more than {size_gib} GiB give"
        what = why_low if iops < low else why_high
        allowed = f"{low} to {high}, or none for the {low} included" if limits.throughput else f"{low} to {high}"
        fix = "leave it out, or raise it" if iops < low else "lower it, or enlarge the volume"
        yield refuse((*path, "iops"), what, got=iops, allowed=allowed, fix=fix)


def _throughput(path: Path, limits: VolumeLimits, iops: int | None, throughput: int | None) -> Iterator[Problem]:
    if throughput is None:
        return
    path = (*path, "throughput_mibps")
    if limits.throughput is None:
        fix = "leave it out"
        yield refuse(path, "io2 takes no throughput", got=throughput, allowed="none", fix=fix)
        return
    most = most_throughput(limits, iops)
    if not limits.throughput[0] <= throughput <= most:
        what = f"not to be had at {iops or limits.iops[0]} IOPS: a quarter of a MiB/s for each"
        fix = "raise the IOPS, or lower the throughput"
        yield refuse(path, what, got=throughput, allowed=f"{limits.throughput[0]} to {most}, or none", fix=fix)


def database_volume(config: StackConfig) -> Iterator[Problem]:
    """The database's volume is one that RDS for PostgreSQL gives."""
    storage = present(config.postgres).storage
    size, iops, throughput = storage.allocated_gib, storage.iops, storage.throughput_mibps
    if storage.type == "gp3" and size < RDS_GP3_STRIPED_FROM_GIB:
        for name, value in (("iops", iops), ("throughput_mibps", throughput)):
            if value is not None:
                what = f"gp3 below {RDS_GP3_STRIPED_FROM_GIB} GiB has 3000 IOPS and 125 MiB/s, fixed"
                fix = f"leave it out, or allocate {RDS_GP3_STRIPED_FROM_GIB} GiB"
                yield refuse((*STORAGE, name), what, got=value, allowed="none", fix=fix)
        return
    limits = RDS_GP3 if storage.type == "gp3" else RDS_IO2
    low = f"below the gp3 baseline of {RDS_GP3.iops[0]} from {RDS_GP3_STRIPED_FROM_GIB} GiB, which RDS refuses"
    yield from _iops(STORAGE, limits, size, iops, low if storage.type == "gp3" else "too few for io2")
    yield from _throughput(STORAGE, limits, iops, throughput)
    if storage.type == "io2":
        yield from _database_io2(size, iops)


def _database_io2(size: int, iops: int | None) -> Iterator[Problem]:
    if size < RDS_IO2.sizes[0]:
        allowed = f"{RDS_IO2.sizes[0]} to {RDS_IO2.sizes[1]}"
        fix = "enlarge it, or use gp3"
        yield refuse((*STORAGE, "allocated_gib"), "too small for io2", got=size, allowed=allowed, fix=fix)
    least = math.ceil(size * RDS_IO2_LEAST_IOPS_PER_GIB)
    if iops is None or iops < least:
        what = "io2 needs IOPS" if iops is None else f"io2 needs half an IOPS for each of {size} GiB"
        allowed = f"{max(RDS_IO2.iops[0], least)} to {iops_range(RDS_IO2, size)[1]}"
        got = NOTHING if iops is None else iops
        yield refuse((*STORAGE, "iops"), what, got=got, allowed=allowed, fix="give the IOPS to pay for")


def database_growth(config: StackConfig) -> Iterator[Problem]:
    """Storage autoscaling has room to act."""
    storage = present(config.postgres).storage
    most, least = storage.max_allocated_gib, least_headroom(storage.allocated_gib)
    if most is not None and most < least:
        what = f"less than a tenth above the {storage.allocated_gib} GiB allocated"
        fix = "raise it, or leave it out for a fixed size"
        yield refuse((*STORAGE, "max_allocated_gib"), what, got=most, allowed=f"{least} to 65536", fix=fix)


def database_class_keeps_up(config: StackConfig) -> Iterator[Problem]:
    """Provisioned IOPS are not beyond what the class can do even in a burst: they would be paid for and never had."""
    iops, name = present(config.postgres).storage.iops, present(config.postgres).instance_class
    twin = table().get(name.removeprefix("db."))
    if iops is not None and twin is not None and 0 < twin.iops_burst < iops:
        what = f"{name} does {twin.iops} at length and {twin.iops_burst} for half an hour a day"
        fix = "lower the IOPS, or choose a larger class"
        yield refuse((*STORAGE, "iops"), what, got=iops, allowed=f"{twin.iops_burst} at most", fix=fix)


def node_volumes(config: StackConfig) -> Iterator[Problem]:
    """Root volumes are ones that EBS gives, and not faster than every type of the group."""

    def of_group(place: Path, group: NodeGroup | NodePool) -> Iterator[Problem]:
        volume, path = group.root_volume, (*place, "root_volume")
        yield from _volume(path, volume, volume.size_gib)
        fastest = max((table()[one].iops_burst for one in group.instance_types if one in table()), default=None)
        if volume.iops is not None and fastest and volume.iops > fastest:
            what = "no instance type of these nodes is that fast, even in a burst"
            fix = "lower the IOPS, or choose larger types"
            yield refuse((*path, "iops"), what, got=volume.iops, allowed=f"{fastest} at most", fix=fix)

    for name, group in present(config.cluster).node_groups.items():
        yield from until_incomplete(of_group(("cluster", "node_groups", name), group))
    for name, pool in config.pools.items():
        yield from until_incomplete(of_group(("kubernetes", "karpenter", "pools", name), pool))


def claimed_volumes(config: StackConfig) -> Iterator[Problem]:
    """Storage classes are of volumes that EBS gives."""
    for name, one in config.kubernetes.storage_classes.items() if config.kubernetes else ():
        yield from until_incomplete(_volume(("kubernetes", "storage_classes", name), one, None))


def _volume(path: Path, volume: RootVolume | StorageClass, size_gib: int | None) -> Iterator[Problem]:
    limits = EBS_GP3 if volume.type == "gp3" else EBS_IO2
    yield from _iops(path, limits, size_gib, volume.iops, f"below the {limits.iops[0]} of {volume.type}")
    yield from _throughput(path, limits, volume.iops, volume.throughput_mibps)
    if volume.type == "io2" and volume.iops is None:
        low, high = iops_range(limits, size_gib)
        fix = "give the IOPS to pay for"
        yield refuse((*path, "iops"), "io2 needs IOPS", got=NOTHING, allowed=f"{low} to {high}", fix=fix)


RULES: Final = (database_volume, database_growth, database_class_keeps_up, node_volumes, claimed_volumes)
