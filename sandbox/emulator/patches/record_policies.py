"""Records of one name and type have one routing policy, and under latency one each for a region.

ministack takes any mixture. AWS refuses the batch that would leave one; a policy is changed by taking the other records
of the name away first.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html and
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html (`Region`, `Failover`, 2026-11-30)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

from ministack.services import route53

from sandbox.emulator.patches.base import Handler, Patch, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

_POLICIES: Final = {
    "Weight": "weighted",
    "Region": "latency",
    "Failover": "failover",
    "GeoLocation": "geolocation",
    "MultiValueAnswer": "multivalue answer",
    "CidrRoutingConfig": "IP-based",
}


def _policy(record: dict[str, Any]) -> str:
    return next((name for field, name in _POLICIES.items() if field in record), "simple")


def _asked(body: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what a batch asks for; nothing of one that the emulator will not take."""
    root: Element | None = route53._parse_body(body)  # noqa: SLF001 - ministack has no public reader
    for change in root.iter() if root is not None else ():
        if change.tag.rpartition("}")[2] == "Change":
            record = route53._find(change, "ResourceRecordSet")  # noqa: SLF001
            if record is not None:
                yield route53._text(change, "Action"), route53._parse_record_set(record)  # noqa: SLF001


def _mixed(current: Iterable[dict[str, Any]], body: bytes) -> str:
    """Return why a batch is refused, empty where it is not."""
    left = {route53._rs_key(one): one for one in current}  # noqa: SLF001
    for action, record in _asked(body):
        key = route53._rs_key(record)  # noqa: SLF001
        if action == "DELETE":
            left.pop(key, None)
            continue
        left[key] = record
        named = f"[RRSet with DNS name {record['Name']}, type {record['Type']}, SetIdentifier {key[2] or '(none)'}"
        for other in left.values():
            if other is record or route53._rs_key(other)[:2] != key[:2]:  # noqa: SLF001
                continue
            if _policy(other) != _policy(record):
                return f"{named} cannot be {_policy(record)}, as one of this name and type is {_policy(other)}]"
            if "Region" in record and other["Region"] == record["Region"]:
                return f"{named} cannot be for {record['Region']}, as another one of this name and type is]"
    return ""


def _consistent(original: Handler) -> Handler:
    def change(zone_id: str, body: bytes) -> Any:  # noqa: ANN401 - ministack's answer
        try:
            refused = _mixed(list(route53._records[zone_id]), body) if zone_id in route53._zones else ""  # noqa: SLF001
        except ParseError:
            refused = ""
        return route53._error_response("InvalidChangeBatch", refused) if refused else original(zone_id, body)  # noqa: SLF001

    return change


PATCH = Patch(
    "route53-record-policies",
    "records of one name with different routing policies are taken, which AWS refuses",
    lambda: wrap(route53, "_change_resource_record_sets", _consistent),
)
