"""Writes facts as the files that config/ and policy/ read: sorted, small, the same bytes for the same facts."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final

from facts.gathered import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from facts.gathered import Facts, Region

COLUMNS: Final = (
    "type", "vcpu", "memory_gib", "architecture", "gpus", "gpu_memory_mib", "iops", "iops_burst", "interfaces",
    "addresses",
)  # fmt: skip
RETIRED: Final = (
    "p3.2xlarge,8,61,x86_64,1,16384,10000,10000,4,15,2026-05-01",
    "p3.8xlarge,32,244,x86_64,4,65536,40000,40000,8,30,2026-05-01",
)
"""Types that somebody may still ask for: in the dumps of 2026-04-01, and in those of no region from 2026-05-01 on."""


def files(facts: Facts) -> dict[str, str]:
    """Return every file by its path from the root of the project."""
    every: dict[str, frozenset[str]] = {
        "services": frozenset[str]().union(*(one.services or () for one in facts.regions.values())),
        "resource_types": frozenset[str]().union(*(one.resource_types or () for one in facts.regions.values())),
    }
    data = "config/facts/data"
    return {
        f"{data}/regions.json": _json(_regions(facts)),
        f"{data}/versions.json": _json(_versions(facts)),
        f"{data}/instances.csv": _instances(facts),
        **{f"{data}/{name}.txt": _lines(names) for name, names in {**every, **facts.lists}.items()},
        **{f"{data}/offers/{code}.json": _json(_offers(one, every)) for code, one in facts.regions.items()},
        "config/facts/codes.py": _codes(facts.regions),
        "policy/regions.txt": _lines(facts.regions),
    }


def write(facts: Facts, root: Path) -> list[str]:
    """Write the files; return the paths of those that were not so before."""
    made = files(facts)
    changed = differing(made, root)
    for path in changed:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(made[path], encoding="utf-8")
    for stale in sorted((root / "config/facts/data/offers").glob("*.json")):
        if f"config/facts/data/offers/{stale.name}" not in made:
            stale.unlink()
    return changed


def differing(made: Mapping[str, str], root: Path) -> list[str]:
    """Return the paths whose file is missing or has other content."""
    return [
        path
        for path, text in made.items()
        if not (root / path).exists() or (root / path).read_text(encoding="utf-8") != text
    ]


def _regions(facts: Facts) -> dict[str, object]:
    regions = {
        code: {"name": one.name, "country": one.country, "zones": dict(one.zones), "zone_prefix": one.zone_prefix}
        for code, one in facts.regions.items()
    }
    return {"sources": dict(facts.sources), "regions": regions}


def _versions(facts: Facts) -> dict[str, object]:
    """Return for each engine the versions that can be created, and those that no longer can."""
    return {
        engine: {
            state: " ".join(one for one, open_ in versions.items() if open_ == (state == "open")) for state in _STATES
        }
        for engine, versions in facts.versions.items()
    }


_STATES: Final = ("open", "ended")


def _offers(region: Region, every: Mapping[str, frozenset[str]]) -> dict[str, object]:
    """Return what a region offers; of services and resource types, which nearly all have, what it lacks."""
    places: dict[str, list[str]] = {}
    for name, zones in region.ec2.items():
        places.setdefault("unknown" if zones is None else zones, []).append(name)
    return {
        "ec2": {zones: compact(names) for zones, names in sorted(places.items())},
        "rds": None if region.rds is None else _shared(region.rds),
        "cache": None if region.cache is None else compact(region.cache),
        "brokers": None if region.brokers is None else compact(region.brokers),
        "without_services": _without(region.services, every["services"]),
        "without_resource_types": _without(region.resource_types, every["resource_types"]),
    }


def _shared(rds: Mapping[str, frozenset[str]]) -> dict[str, dict[str, str]]:
    """Return classes by the engines that take them, joined by commas: most classes are those of several engines."""
    groups: dict[str, list[str]] = {}
    for name in sorted(frozenset[str]().union(*rds.values())):
        groups.setdefault(",".join(engine for engine in rds if name in rds[engine]), []).append(name)
    return {engines: compact(names) for engines, names in sorted(groups.items())}


def _without(known: frozenset[str] | None, every: frozenset[str]) -> list[str] | None:
    return None if known is None else sorted(every - known)


def _instances(facts: Facts) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([*COLUMNS, "retired"])
    for name, one in facts.types.items():
        gpu = (one.gpus, one.gpu_memory_mib)
        network = (one.interfaces, one.addresses)
        size = (one.vcpus, f"{one.memory_gib:g}", one.architecture, *gpu, one.iops, one.iops_burst, *network)
        rows.writerow([name, *size, ""])
    return text.getvalue() + "".join(f"{row}\n" for row in RETIRED if row.partition(",")[0] not in facts.types)


def _lines(names: Iterable[str]) -> str:
    return "".join(f"{name}\n" for name in sorted(names))


def _codes(codes: Iterable[str]) -> str:
    """Return the type that the stack file's model has for a region: mypy and the schema want it as text."""
    rows = "".join(f'    "{code}",\n' for code in sorted(codes))
    return (
        '"""Codes of the commercial regions, written by `make facts`; the pack reads them in policy/regions.txt."""'
        f"\n\nfrom typing import Literal\n\nRegion = Literal[\n{rows}]\n"
    )


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
