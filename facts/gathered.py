"""What a source knows of the regions, in one shape for all sources and for the writer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from config.facts.instances import InstanceType


@dataclass(frozen=True, kw_only=True)
class Region:
    """What a source knows of one region."""

    name: str
    """AWS's name in words."""
    country: str
    """ISO 3166 code of the country; empty = unknown."""
    zones: Mapping[str, str | None]
    """Zone letter -> number of its zone id in the account that was asked; None = unknown."""
    zone_prefix: str
    """What zone ids begin with, such as `use1`; empty = unknown."""
    ec2: Mapping[str, str | None]
    """Instance type -> numbers of the zones that offer it, such as `123`; None = offered, zones unknown."""
    rds: Mapping[str, frozenset[str]] | None
    """Engine -> classes without `db.`; None = unknown."""
    cache: frozenset[str] | None
    """Node types of ElastiCache without `cache.`; None = unknown."""
    brokers: frozenset[str] | None
    """Broker types of MSK without `kafka.`; None = unknown."""
    services: frozenset[str] | None
    """Services with an API in the region, as AWS's public parameters name them; None = unknown."""
    resource_types: frozenset[str] | None
    """Resource types of CloudFormation that the region has; None = unknown."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that a source knows."""

    sources: Mapping[str, str]
    """Name of the source -> what was read of it, with its date."""
    types: Mapping[str, InstanceType]
    """Instance type -> its size."""
    regions: Mapping[str, Region]
    """Region -> what is known of it."""
    versions: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    """Engine -> version -> whether it can still be created."""
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Name of a closed list -> its lines: names, and behind some what belongs to them, each after a space."""


def compact(names: Iterable[str]) -> dict[str, str]:
    """Return names of the form `family.size` by family, sizes in one text: the smallest form that people can read."""
    families: dict[str, list[str]] = {}
    for name in sorted(names):
        family, _, size = name.partition(".")
        families.setdefault(family, []).append(size)
    return {family: " ".join(sizes) for family, sizes in families.items()}
