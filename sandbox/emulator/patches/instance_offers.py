"""EC2 tells in which zones an instance type is offered: those that the facts of the stack files name.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ministack.core.responses import get_region
from ministack.services import ec2

from config.facts.offers import UNKNOWN_ZONES, offers
from sandbox.emulator.patches.base import Params, Patch, Response, add_action
from sandbox.emulator.patches.zone_ids import zone_names

if TYPE_CHECKING:
    from collections.abc import Iterator

_ACTION = "DescribeInstanceTypeOfferings"


def _describe(params: Params) -> Response:
    filters = ec2._parse_filters(params)
    kind = ec2._p(params, "LocationType") or "region"
    found = [
        f"<item><instanceType>{name}</instanceType><locationType>{kind}</locationType><location>{place}</location></item>"
        for name, place in _offers(kind)
        if _fits(name, filters.get("instance-type")) and _fits(place, filters.get("location"))
    ]
    inner = f"<instanceTypeOfferingSet>{''.join(found)}</instanceTypeOfferingSet>"
    answer: Response = ec2._xml(200, f"{_ACTION}Response", inner)
    return answer


def _offers(kind: str) -> Iterator[tuple[str, str]]:
    region = get_region()
    zones = {name: ec2._az_id_for_zone_name(name) for name in zone_names(region)}
    for one, numbers in offers(region).ec2.items():
        there = {name: id_ for name, id_ in zones.items() if numbers == UNKNOWN_ZONES or id_[-1] in numbers}
        if kind == "region":
            yield one, region
        elif kind == "availability-zone":
            yield from ((one, name) for name in there)
        elif kind == "availability-zone-id":
            yield from ((one, id_) for id_ in there.values())


def _fits(value: str, wanted: list[str] | None) -> bool:
    return wanted is None or any(fnmatchcase(value, pattern) for pattern in wanted)


PATCH = Patch(
    "ec2-instance-type-offerings",
    "where an instance type is offered cannot be asked: unknown action",
    lambda: add_action(ec2._ACTION_MAP, _ACTION, _describe),
)
