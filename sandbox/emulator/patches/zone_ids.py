"""A region has all its zones, and in us-east-1 a zone's letter says nothing of its id, as in accounts on AWS.

Each account has its own mapping there. This one is seen often: the third of the ids, which EKS does not take, is e.
https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Final

from ministack.core.responses import get_region
from ministack.services import ec2

from config.facts.regions import regions
from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap, wrap_action

_NUMBERS: Final = {"us-east-1": dict(zip("abcdef", "612435", strict=True))}
_OTHERS: Final = "abc"
"""Letters of a region of which the facts say nothing."""


def _id_of(original: Handler) -> Handler:
    def zone_id(zone: str) -> str:
        region = regions().get(zone[:-1])
        number = _NUMBERS.get(zone[:-1], region.ids if region else {}).get(zone[-1])
        return str(original(zone)) if region is None or number is None else region.zone_id(number)

    return zone_id


def zone_names(region: str) -> list[str]:
    """Return the names of a region's zones."""
    known = regions().get(region)
    return [f"{region}{letter}" for letter in (known.letters if known else _OTHERS)]


def _name_of(_original: Handler) -> Handler:
    def name_of(wanted: str) -> str | None:
        return next((name for name in zone_names(get_region()) if ec2._az_id_for_zone_name(name) == wanted), None)

    return name_of


def _describe(_original: Handler) -> Handler:
    def describe(params: Params) -> Response:
        asked, filters = ec2._parse_member_list(params, "ZoneName"), ec2._parse_filters(params)
        wanted = asked or filters.get("zone-name")
        items = "".join(_item(name) for name in zone_names(get_region()) if not wanted or name in wanted)
        answer: Response = ec2._xml(
            200, "DescribeAvailabilityZonesResponse", f"<availabilityZoneInfo>{items}</availabilityZoneInfo>"
        )
        return answer

    return describe


def _item(name: str) -> str:
    region = name[:-1]
    fields = {
        "zoneName": name,
        "zoneState": "available",
        "regionName": region,
        "zoneId": ec2._az_id_for_zone_name(name),
        "groupName": f"{region}-zg-1",
        "networkBorderGroup": region,
        "optInStatus": "opt-in-not-required",
        "zoneType": "availability-zone",
    }
    return "<item>" + "".join(f"<{key}>{value}</{key}>" for key, value in fields.items()) + "</item>"


def _apply() -> None:
    wrap(ec2, "_az_id_for_zone_name", _id_of)
    wrap(ec2, "_zone_name_for_az_id", _name_of)
    wrap_action(ec2._ACTION_MAP, "DescribeAvailabilityZones", _describe)


PATCH = Patch("ec2-zone-ids", "the third zone of us-east-1 is the one that EKS does not take", _apply)
