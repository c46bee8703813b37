"""Into another region: zones that it has, and types that it sells, as near to what the stack had as can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING, Final, get_args

from config.cdn import ShieldRegion
from config.facts.instances import alternatives, table
from config.facts.offers import UNKNOWN_ZONES
from config.facts.regions import EKS_WITHOUT, regions
from config.rules.offers import CACHE, EC2, RDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.facts.instances import InstanceType
    from config.facts.regions import Region
    from config.new.draft import Draft
    from config.problems import Path
    from config.rules.offers import Catalogue

FEWEST_ZONES: Final = 2
"""Zones that a network has at least."""
GROUPS: Final = "cluster.node_groups.*.instance_types"
TYPES: Final = {
    "data.postgres.instance_class": RDS,
    "data.postgres.replicas.*.instance_class": RDS,
    "data.redis.node_type": CACHE,
}
"""Settings that name one type each, and who sells it."""
SHIELD: Final = ("edge", "cdn", "origin_shield")

_LARGER: Final = 2
"""Times the processors and memory of a type that its replacement may have: more would cost what nobody asked for."""
_PROCESSORS: Final = str.maketrans("", "", "aig")


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """Zones, and the types of each node group that they sell."""

    zones: str
    """Letters."""
    types: Mapping[Path, list[str]]
    """Path of a list of types -> the types."""


def move(draft: Draft, code: str) -> None:
    """Put a stack into a region: zones, node types, classes, Origin Shield.

    What the region does not sell in the size of the stack is left as it is, for the rules to refuse.
    """
    draft.set(("identity", "region"), code)
    _zones_and_nodes(draft, regions()[code])
    for pattern, catalogue in TYPES.items():
        for path in draft.matching(pattern):
            name = draft.get(*path)
            if (other := _sold(catalogue, code, name)) != name:
                draft.set(path, other, f"{code} does not offer {name}")
    _shield(draft, code)


def _shield(draft: Draft, code: str) -> None:
    if draft.get(*SHIELD) is None:
        return
    if code in get_args(ShieldRegion):
        draft.set(SHIELD, code)
    else:
        draft.drop(SHIELD, f"{code} has no Origin Shield; name the one with the lowest latency from there")


def _zones_and_nodes(draft: Draft, region: Region) -> None:
    """Choose zones for the network, then give everything that names a zone its new letter, in the same order."""
    places = [(path, zone) for path, zone in draft.leaves() if _names_zone(path, zone)]
    old = list(dict.fromkeys([*(draft.get("network", "zones") or ()), *(zone for _, zone in places)]))
    groups = {path: list(draft.get(*path)) for path in draft.matching(GROUPS)}
    if not old:
        return
    groups = {path: names for path, names in groups.items() if _plan(region, old, {path: names}) is not None}
    plan = _plan(region, old, groups)
    if plan is None:
        return
    letters = {zone: plan.zones[at % len(plan.zones)] for at, zone in enumerate(old)}
    for path in sorted({path[:-1] for path, _ in places if path[-1] != "zone"}):
        zones = list(dict.fromkeys(letters[zone] for zone in draft.get(*path)))
        count = len(draft.get(*path))
        draft.set(path, zones, _why_zones(region.code, count, fewer=len(zones) < count))
    for path, zone in places:
        if path[-1] == "zone":
            draft.set(path, letters[zone])
    for path, names in plan.types.items():
        gone = [name for name in draft.get(*path) if name not in names]
        draft.set(path, names, f"{region.code} does not offer {', '.join(gone)} in these zones")


def _names_zone(path: Path, value: object) -> bool:
    """Tell a zone letter: at a key `zone`, or in a list `zones`."""
    there = path[-1] == "zone" or path[-2:-1] == ("zones",)
    return there and isinstance(value, str) and len(value) == 1


def _why_zones(code: str, count: int, *, fewer: bool) -> str:
    return f"{code} has no {count} zones that sell all node types" if fewer else f"{code} sells the node types there"


def _plan(region: Region, old: list[str], groups: Mapping[Path, list[str]]) -> _Plan | None:
    """Return as many zones as there were, else fewer; those that sell the types as they are before all others."""
    fit = [one for one in region.letters if region.zone_id(region.ids.get(one, "")) not in EKS_WITHOUT]
    numbers = [one for one in region.numbers if region.zone_id(one) not in EKS_WITHOUT]
    most = min(len(old), len(fit), len(numbers) or len(fit))
    for count in range(most, FEWEST_ZONES - 1, -1):
        choices = ["".join(one) for one in combinations(fit, count)] if region.ids else ["".join(fit[:count])]
        if "".join(old) in choices:
            choices = ["".join(old), *choices]
        plans = [plan for zones in choices if (plan := _types_in(region, zones, groups)) is not None]
        if plans:
            return max(plans, key=lambda plan: _kept(plan, groups))
    return None


def _kept(plan: _Plan, groups: Mapping[Path, list[str]]) -> int:
    return sum(name in plan.types[path] for path, names in groups.items() for name in names)


def _types_in(region: Region, zones: str, groups: Mapping[Path, list[str]]) -> _Plan | None:
    """Return the types of each group in these zones; None where a group has none in one of them."""
    types: dict[Path, list[str]] = {}
    for path, names in groups.items():
        sold = [name for name in names if name in (EC2.sold(region.code) or {})]
        if not _in_each(region, zones, sold):
            others = [_nearest(EC2, region.code, name, zones) for name in names]
            sold = list(dict.fromkeys(other for other in others if other is not None))
            if len(sold) < 1 or not _in_each(region, zones, sold):
                return None
        types[path] = sold
    return _Plan(zones=zones, types=types)


def _in_each(region: Region, zones: str, names: list[str]) -> bool:
    """Tell whether each zone sells one of the types, as far as is known."""
    sold = EC2.sold(region.code) or {}
    numbers = [sold[name] for name in names]
    if not numbers or UNKNOWN_ZONES in numbers:
        return bool(numbers)
    some = set("".join(numbers))
    return len(zones) <= len(some) and all(region.ids[zone] in some for zone in zones if zone in region.ids)


def _sold(catalogue: Catalogue, code: str, name: str) -> str:
    """Return a type that the region sells: this one, where it does or no source says; else the nearest, if any."""
    sold = catalogue.sold(code)
    return name if sold is None or name in sold else _nearest(catalogue, code, name) or name


def _nearest(catalogue: Catalogue, code: str, name: str, zones: str = "") -> str | None:
    """Return the type on offer that is most like another and in nothing smaller; of EC2, in each of the zones."""
    wanted, sold = table().get(catalogue.plain(name)), catalogue.sold(code) or {}
    if wanted is None:
        return None
    known = {full: table()[twin] for full in sorted(sold) if (twin := catalogue.plain(full)) in table()}
    if name in known and (not zones or _in_each(regions()[code], zones, [name])):
        return name
    fit = [one for full, one in known.items() if _holds(one, wanted)]
    fit = [one for one in fit if not zones or _in_each(regions()[code], zones, [one.name])]
    found = alternatives([one for one in fit if _extras(one) == _extras(wanted)] or fit, wanted)
    if not found and catalogue is not EC2:  # what runs on it is AWS's, whatever the processor
        found = alternatives([replace(one, architecture=wanted.architecture) for one in fit], wanted)
    return catalogue.full(found[0].name) if found else None


def _holds(one: InstanceType, wanted: InstanceType) -> bool:
    """Tell whether what ran on a type runs on another one: of the same use, with as much of all and not over twice."""
    return (
        one.family[0] == wanted.family[0]
        and wanted.vcpus <= one.vcpus <= _LARGER * wanted.vcpus
        and wanted.memory_gib <= one.memory_gib <= _LARGER * wanted.memory_gib
        and one.gpu_memory_mib >= wanted.gpu_memory_mib
        and one.max_pods >= wanted.max_pods
    )


def _extras(one: InstanceType) -> str:
    """Return what sets a family apart beside its processor, as `n` (network) and `d` (disks) in `c6idn`."""
    return one.family.lstrip(ascii_lowercase).lstrip(digits).translate(_PROCESSORS)
