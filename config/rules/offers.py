"""Instance types, database classes and cache nodes: known, sold where they are wanted, and fit for each other."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from config.base import IncompleteError
from config.facts.instances import CACHE_SIZES, RDS_SIZES, alternatives, table
from config.facts.regions import ZONES
from config.problems import Path, refuse
from config.rules.sound import sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.cluster import NodeGroup
    from config.data import PostgresReplica
    from config.facts.instances import InstanceType
    from config.problems import Problem
    from config.stack import StackConfig

GROUPS: Final[Path] = ("cluster", "node_groups")


class Catalogue:
    """The types that one service takes, each called by a prefix and the name of its EC2 twin."""

    def __init__(self, prefix: str, sizes: Mapping[str, str] | None) -> None:
        self._prefix = prefix
        self._sizes = sizes

    def twin(self, name: str) -> InstanceType | None:
        """Return the EC2 type behind a name, or None if the service knows no such name."""
        one = table().get(name.removeprefix(self._prefix)) if name.startswith(self._prefix) else None
        return one if one is not None and self._takes(one) else None

    def instead(self, one: InstanceType, region: str | None, zones: tuple[str, ...]) -> str:
        """Name types to use in place of one that is not to be had."""
        kin = alternatives(filter(self._takes, table().values()), one, region, zones)
        return ", ".join(self._prefix + known.describe() for known in kin) or "none of this use; another family"

    def unknown(self, path: Path, name: str) -> Problem:
        """Return the problem of a name that the service does not know."""
        names = [self._prefix + one.name for one in table().values() if self._takes(one) and one.retired is None]
        families = sorted({one.partition(".")[0] for one in (known.removeprefix(self._prefix) for known in names)})
        close = difflib.get_close_matches(name, names, n=1)
        cure = f"did you mean {close[0]}?" if close else "correct it, or add it to config/facts/instances.csv"
        allowed = f"{self._prefix}<family>.<size> of {', '.join(families)}"
        return refuse(path, "unknown instance type", got=name, allowed=allowed, cure=cure)

    def _takes(self, one: InstanceType) -> bool:
        return self._sizes is None or one.size in self._sizes.get(one.family, "").split()


EC2: Final = Catalogue("", None)
RDS: Final = Catalogue("db.", RDS_SIZES)
CACHE: Final = Catalogue("cache.", CACHE_SIZES)


def _region(config: StackConfig) -> str | None:
    try:
        return config.identity.region
    except IncompleteError:
        return None


def _sold(
    config: StackConfig, catalogue: Catalogue, path: Path, name: str, zones: tuple[str, ...]
) -> Iterator[Problem]:
    """Judge one type: known, not retired, offered in the region and in those of the zones that exist."""
    region = _region(config)
    zones = tuple(zone for zone in zones if region is not None and zone in ZONES[region])
    one = catalogue.twin(name)
    if one is None:
        yield catalogue.unknown(path, name)
        return
    if one.retired is not None:
        what = f"offered in no region since {one.retired}"
    elif region is not None and region not in one.zones:
        what = f"not offered in {region}"
    elif region is not None and not set(zones) <= set(one.zones[region]):
        what = f"offered only in zones {', '.join(one.zones[region])} of {region}"
    else:
        return
    instead = catalogue.instead(one, region, zones)
    yield refuse(path, what, got=name, allowed=instead, cure="choose one of these, or another family")


def node_types(config: StackConfig) -> Iterator[Problem]:
    """Types of node groups are sold in every zone of the network."""

    def of_group(name: str, group: NodeGroup) -> Iterator[Problem]:
        zones = config.network.zones
        for at, one in enumerate(group.instance_types):
            path = (*GROUPS, name, "instance_types", at)
            yield from _sold(config, EC2, path, one, zones)
            if one in group.instance_types[:at]:
                yield refuse(path, "type named twice", got=one, allowed="each type once", cure="remove one")

    for name, group in config.cluster.node_groups.items():
        yield from sound(of_group(name, group))


def database_classes(config: StackConfig) -> Iterator[Problem]:
    """Classes of the database and its replicas are sold in the region, a replica's in its zone."""
    path: Path = ("data", "postgres")

    def of_replica(name: str, replica: PostgresReplica) -> Iterator[Problem]:
        where = (*path, "replicas", name, "instance_class")
        yield from _sold(config, RDS, where, replica.instance_class, (replica.zone,))

    def of_primary() -> Iterator[Problem]:
        yield from _sold(config, RDS, (*path, "instance_class"), config.data.postgres.instance_class, ())

    yield from sound(of_primary())
    for name, replica in config.data.postgres.replicas.items():
        yield from sound(of_replica(name, replica))


def cache_nodes(config: StackConfig) -> Iterator[Problem]:
    """The node type of the cache is sold in the region."""
    yield from _sold(config, CACHE, ("data", "redis", "node_type"), config.data.redis.node_type, ())


def types_fit(config: StackConfig) -> Iterator[Problem]:
    """Types of a group have one architecture and as many GPUs each, and the image suits them."""

    def of_group(name: str, group: NodeGroup) -> Iterator[Problem]:
        known = [table()[one] for one in group.instance_types if one in table()]
        path = (*GROUPS, name)
        architectures = sorted({one.architecture for one in known})
        gpus = sorted({one.gpus for one in known})
        if len(architectures) > 1:
            got = ", ".join(f"{one.name} {one.architecture}" for one in known)
            cure = "split the group; an image runs on one architecture"
            yield refuse(
                (*path, "instance_types"), "mixed architectures", got=got, allowed="one architecture", cure=cure
            )
        if len(gpus) > 1:
            got = ", ".join(f"{one.name} {one.gpus}" for one in known)
            cure = "split the group; the autoscaler takes all nodes of a group for equal"
            yield refuse((*path, "instance_types"), "mixed GPU counts", got=got, allowed="one count of GPUs", cure=cure)
        if len(architectures) == 1 and len(gpus) == 1:
            images = _images(architectures[0], gpus=gpus[0])
            if group.ami_type not in images:
                what = f"does not run on {known[0].describe()}, {architectures[0]}"
                cure = f"write `ami_type: {images[0]}`"
                yield refuse((*path, "ami_type"), what, got=group.ami_type, allowed=", ".join(images), cure=cure)

    for name, group in config.cluster.node_groups.items():
        yield from sound(of_group(name, group))


def _images(architecture: str, *, gpus: int) -> tuple[str, ...]:
    if gpus:
        return ("AL2023_x86_64_NVIDIA", "BOTTLEROCKET_x86_64_NVIDIA") if architecture == "x86_64" else ("none",)
    if architecture == "arm64":
        return ("AL2023_ARM_64_STANDARD", "BOTTLEROCKET_ARM_64")
    return ("AL2023_x86_64_STANDARD", "BOTTLEROCKET_x86_64")


RULES: Final = (node_types, database_classes, cache_nodes, types_fit)
