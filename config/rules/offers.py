"""Instance types, database classes and cache nodes: known, sold where they are wanted, and fit for each other."""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING, Final

from config.base import IncompleteError, present
from config.facts.instances import alternatives, table
from config.facts.offers import UNKNOWN_ZONES, offers
from config.facts.regions import regions
from config.problems import Path, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from config.cluster import NodeGroup
    from config.data import PostgresReplica
    from config.facts.offers import Offers
    from config.instances import InstanceGroup
    from config.problems import Problem
    from config.stack import StackConfig

GROUPS: Final[Path] = ("cluster", "node_groups")
SMALLEST_GUESS: Final = 0.75
"""Likeness from which a known name is taken for the one that was meant."""


class Catalogue:
    """The types that one service takes, each called by a prefix and the name of its EC2 twin."""

    def __init__(self, prefix: str, sold: Callable[[Offers], Mapping[str, str] | None]) -> None:
        self._prefix = prefix
        self._sold = sold

    def sold(self, region: str) -> Mapping[str, str] | None:
        """Return name -> numbers of the zones that sell it, or `UNKNOWN_ZONES`; None = no source lists them."""
        return self._sold(offers(region))

    def plain(self, name: str) -> str:
        """Return the name of a type's EC2 twin."""
        return name.removeprefix(self._prefix)

    def full(self, twin: str) -> str:
        """Return the service's name of the type that has this twin."""
        return self._prefix + twin

    @cache  # noqa: B019 - three catalogues, which live as long as the process
    def everywhere(self) -> frozenset[str]:
        """Return the names that any region sells, and those that none sells any more; reads all files."""
        retired = {self._prefix + one.name for one in table().values() if one.retired}
        return frozenset(retired).union(*(self.sold(region) or () for region in regions()))

    def retired(self, name: str) -> str:
        """Return the day from which no region sells a type; empty = some region does."""
        twin = table().get(name.removeprefix(self._prefix))
        return str(twin.retired) if twin is not None and twin.retired else ""

    def instead(self, name: str, region: str | None) -> str:
        """Name types to use in place of one that is not to be had, nearest in size first."""
        wanted = table().get(name.removeprefix(self._prefix))
        names = self.everywhere() if region is None else self.sold(region) or ()
        twins = [table()[one] for full in sorted(names) if (one := full.removeprefix(self._prefix)) in table()]
        kin = alternatives(twins, wanted) if wanted is not None else []
        return ", ".join(self._prefix + known.describe() for known in kin) or "none of this use; another family"

    def unknown(self, path: Path, name: str) -> Problem:
        """Return the problem of a name that no region sells, or ever sold."""
        names = sorted(self.everywhere())
        close = difflib.get_close_matches(name, names, n=1, cutoff=SMALLEST_GUESS)
        fix = f"did you mean {close[0]}?" if close else "correct it, or refresh the data by `make facts`"
        families = sorted({one.removeprefix(self._prefix).partition(".")[0] for one in names})
        like = difflib.get_close_matches(name.removeprefix(self._prefix).partition(".")[0], families, n=5, cutoff=0.3)
        allowed = f"{self._prefix}<family>.<size>, such as of {', '.join(like or families[:5])}"
        return refuse(path, "unknown instance type", got=name, allowed=allowed, fix=fix)


def _in_no_zone_list(names: frozenset[str] | None) -> Mapping[str, str] | None:
    return None if names is None else dict.fromkeys(names, UNKNOWN_ZONES)


EC2: Final = Catalogue("", lambda one: one.ec2)
RDS: Final = Catalogue("db.", lambda one: _in_no_zone_list((one.rds or {}).get("postgres")))
CACHE: Final = Catalogue("cache.", lambda one: _in_no_zone_list(one.cache))


def region_of(config: StackConfig) -> str | None:
    """Return the region of a stack file; None where it is missing or wrong."""
    try:
        return config.identity.region
    except IncompleteError:
        return None


def offered(config: StackConfig, catalogue: Catalogue, path: Path, name: str) -> Iterator[Problem]:
    """Judge one type: known, not retired, sold in the region. What no source says of a region is no problem: a note."""
    region = region_of(config)
    sold = catalogue.sold(region) if region is not None else None
    if sold is not None and name in sold:
        return
    if name not in catalogue.everywhere():
        yield catalogue.unknown(path, name)
        return
    if retired := catalogue.retired(name):
        what = f"offered in no region since {retired}"
    elif sold is not None:
        what = f"not offered in {region}"
    else:
        return
    fix = "choose one of these, or another family"
    yield refuse(path, what, got=name, allowed=catalogue.instead(name, region), fix=fix)


def node_types(config: StackConfig) -> Iterator[Problem]:
    """Types of node groups are sold in the region, and each zone of the network sells one of a group's."""

    def of_group(name: str, group: NodeGroup) -> Iterator[Problem]:
        for at, one in enumerate(group.instance_types):
            path = (*GROUPS, name, "instance_types", at)
            yield from offered(config, EC2, path, one)
        yield from until_incomplete(in_each_zone(config, (*GROUPS, name), group))

    for name, group in present(config.cluster).node_groups.items():
        yield from until_incomplete(of_group(name, group))


def in_each_zone(config: StackConfig, path: Path, group: NodeGroup | InstanceGroup) -> Iterator[Problem]:
    """Yield the types of a group where a zone sells none of them: it stays without nodes or instances.

    EC2 Auto Scaling takes whichever of a group's types a zone has.
    """
    region = regions()[config.identity.region]
    sold = EC2.sold(region.code) or {}
    numbers = [sold[one] for one in group.instance_types if one in sold]
    if not numbers or UNKNOWN_ZONES in numbers:
        return
    some = "".join(sorted(set("".join(numbers))))
    zones = [zone for zone in group.zones or present(config.network).zones if zone in region.letters]
    without = [zone for zone in zones if zone in region.ids and region.ids[zone] not in some]
    if not without and len(zones) <= len(some):
        return
    letters = [letter for letter, number in region.ids.items() if number in some]
    there = f"zones {', '.join(letters)}" if letters else f"{len(some)} zones ({_ids(region.zone_id, some)})"
    fix = "choose types that every zone of network.zones sells, or write the group's `zones`"
    for at, one in enumerate(group.instance_types):
        if one in sold:
            what = f"offered only in {there} of {region.code}"
            where = (*path, "instance_types", at)
            yield refuse(where, what, got=one, allowed=_all_zones(one, region.code), fix=fix)


def _ids(zone_id: Callable[[str], str], numbers: str) -> str:
    return ", ".join(zone_id(number) for number in numbers)


def _all_zones(name: str, code: str) -> str:
    """Name types for the same use that every zone of a region sells."""
    sold, wanted = EC2.sold(code) or {}, table().get(name)
    every = set(regions()[code].numbers)
    kin = [table()[one] for one, numbers in sorted(sold.items()) if set(numbers) >= every and one in table()]
    found = alternatives(kin, wanted) if wanted is not None else []
    return ", ".join(one.describe() for one in found) or "none of this use; fewer zones"


def database_classes(config: StackConfig) -> Iterator[Problem]:
    """Classes of the database and its replicas are sold in the region."""
    path: Path = ("data", "postgres")

    def of_replica(name: str, replica: PostgresReplica) -> Iterator[Problem]:
        yield from offered(config, RDS, (*path, "replicas", name, "instance_class"), replica.instance_class)

    def of_primary() -> Iterator[Problem]:
        yield from offered(config, RDS, (*path, "instance_class"), present(config.postgres).instance_class)

    yield from until_incomplete(of_primary())
    for name, replica in present(config.postgres).replicas.items():
        yield from until_incomplete(of_replica(name, replica))


def cache_nodes(config: StackConfig) -> Iterator[Problem]:
    """The node type of the cache is sold in the region."""
    yield from offered(config, CACHE, ("data", "redis", "node_type"), present(config.redis).node_type)


def types_fit(config: StackConfig) -> Iterator[Problem]:
    """Types of a group have one architecture and as many GPUs each, and the image suits them."""

    def of_group(name: str, group: NodeGroup) -> Iterator[Problem]:
        known = [table()[one] for one in group.instance_types if one in table()]
        path = (*GROUPS, name)
        architectures = sorted({one.architecture for one in known})
        gpus = sorted({one.gpus for one in known})
        if len(architectures) > 1:
            got = ", ".join(f"{one.name} {one.architecture}" for one in known)
            fix = "split the group; an image runs on one architecture"
            yield refuse((*path, "instance_types"), "mixed architectures", got=got, allowed="one architecture", fix=fix)
        if len(gpus) > 1:
            got = ", ".join(f"{one.name} {one.gpus}" for one in known)
            fix = "split the group; the autoscaler takes all nodes of a group for equal"
            yield refuse((*path, "instance_types"), "mixed GPU counts", got=got, allowed="one count of GPUs", fix=fix)
        if len(architectures) == 1 and len(gpus) == 1:
            images = _images(architectures[0], gpus=gpus[0])
            if group.ami_type not in images:
                what = f"does not run on {known[0].describe()}, {architectures[0]}"
                fix = f"write `ami_type: {images[0]}`"
                yield refuse((*path, "ami_type"), what, got=group.ami_type, allowed=", ".join(images), fix=fix)

    for name, group in present(config.cluster).node_groups.items():
        yield from until_incomplete(of_group(name, group))


def _images(architecture: str, *, gpus: int) -> tuple[str, ...]:
    if gpus:
        return ("AL2023_x86_64_NVIDIA", "BOTTLEROCKET_x86_64_NVIDIA") if architecture == "x86_64" else ("none",)
    if architecture == "arm64":
        return ("AL2023_ARM_64_STANDARD", "BOTTLEROCKET_ARM_64")
    return ("AL2023_x86_64_STANDARD", "BOTTLEROCKET_x86_64")


RULES: Final = (node_types, database_classes, cache_nodes, types_fit)
