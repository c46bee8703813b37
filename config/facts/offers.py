"""What each region offers: one file a region, read when the region is asked for, and no other.

Three answers, never two: offered, not offered, unknown. Unknown is None, and is reported by name (config/notes.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from config.facts.regions import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN_ZONES: Final = ""
"""Stands for the zones of a type that is offered, where is not known."""


@dataclass(frozen=True, kw_only=True)
class Offers:
    """What one region offers."""

    ec2: Mapping[str, str]
    """Instance type -> numbers of the zone ids that offer it, or `UNKNOWN_ZONES`."""
    rds: Mapping[str, frozenset[str]] | None
    """Engine -> classes, with `db.`; None = unknown."""
    cache: frozenset[str] | None
    """Node types, with `cache.`; None = unknown."""
    brokers: frozenset[str] | None
    """Broker types of MSK, with `kafka.`; None = unknown, as in every region: no package lists them."""
    without_services: frozenset[str] | None
    """Services without an API here, as AWS's public parameters name them; None = unknown."""
    without_resource_types: frozenset[str] | None
    """Resource types of CloudFormation that are not here; None = unknown."""

    def has_service(self, name: str) -> bool | None:
        """Return whether a service has an API here; None = unknown, or no such name."""
        return None if self.without_services is None else _known(name, "services", self.without_services)

    def has_resource_type(self, name: str) -> bool | None:
        """Return whether a resource type is here; None = unknown, or no such name."""
        missing = self.without_resource_types
        return None if missing is None else _known(name, "resource_types", missing)


@cache
def offers(region: str) -> Offers:
    """Return what a commercial region offers."""
    row = json.loads((DATA / "offers" / f"{region}.json").read_text(encoding="utf-8"))
    cache_types, brokers = row["cache"], row["brokers"]
    return Offers(
        ec2={
            name: UNKNOWN_ZONES if zones == "unknown" else zones
            for zones, families in row["ec2"].items()
            for name in _names(families)
        },
        rds=None if row["rds"] is None else _classes(row["rds"]),
        cache=None if cache_types is None else frozenset(_names(cache_types, "cache.")),
        brokers=None if brokers is None else frozenset(_names(brokers, "kafka.")),
        without_services=_set(row["without_services"]),
        without_resource_types=_set(row["without_resource_types"]),
    )


@cache
def versions() -> Mapping[str, Mapping[str, bool]]:
    """Return engine -> version -> whether it can still be created; engines of RDS, and `redis` and `valkey`."""
    content = json.loads((DATA / "versions.json").read_text(encoding="utf-8"))
    return {
        engine: {version: state == "open" for state, all_versions in states.items() for version in all_versions.split()}
        for engine, states in content.items()
    }


def _known(name: str, kind: str, missing: frozenset[str]) -> bool | None:
    return name not in missing if name in _every(kind) else None


@cache
def _every(kind: str) -> frozenset[str]:
    return frozenset((DATA / f"{kind}.txt").read_text(encoding="utf-8").split())


def _set(names: list[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _classes(groups: Mapping[str, Mapping[str, str]]) -> dict[str, frozenset[str]]:
    engines = {engine for joined in groups for engine in joined.split(",")}
    return {
        engine: frozenset(
            name
            for joined, families in groups.items()
            if engine in joined.split(",")
            for name in _names(families, "db.")
        )
        for engine in sorted(engines)
    }


def _names(families: Mapping[str, str], prefix: str = "") -> list[str]:
    return [f"{prefix}{family}.{size}" for family, sizes in families.items() for size in sizes.split()]
