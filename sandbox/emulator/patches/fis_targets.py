"""What an experiment of AWS FIS is done to: found when it starts, by ARN, or by tags and parameters, and chosen.

https://docs.aws.amazon.com/fis/latest/userguide/targets.html (2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import math
import random
import re
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2, ecs, elasticache, rds

from sandbox.emulator.patches.zone_ids import zone_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from sandbox.emulator.patches.service import Document

    Found: TypeAlias = tuple[str, dict[str, str], Callable[[Mapping[str, str]], bool]]
    """ARN, tags, and what says whether parameters mean it."""

_MODE: Final = re.compile(r"(ALL|COUNT|PERCENT)(?:\((\d+)\))?")
_RANDOM: Final = random.SystemRandom()


def resolve(target: Document) -> list[str]:
    """Return the ARNs of what a target stands for now, chosen by chance where it is fewer than there are."""
    wanted, given = target.get("resourceTags") or {}, target.get("parameters") or {}
    arns = target.get("resourceArns") or []
    there = [
        arn
        for arn, tags, narrow in _FOUND[target["resourceType"]]()
        if (arn in arns if arns else wanted.items() <= tags.items() and narrow(given))
    ]
    how, number = _MODE.fullmatch(target["selectionMode"]).groups()  # type: ignore[union-attr]
    many = {"ALL": len(there), "COUNT": int(number or 0), "PERCENT": math.floor(len(there) * int(number or 0) / 100)}
    chosen = min(len(there), many[how])
    if how == "PERCENT" and there:
        chosen = max(1, chosen)
    return sorted(_RANDOM.sample(there, chosen))


def tags_of(resource_type: str, arn: str) -> list[tuple[str, str]]:
    """Return the tags of one of the things of a type."""
    return [pair for one, tags, _ in _FOUND[resource_type]() if one == arn for pair in tags.items()]


def _plain(tags: object) -> dict[str, str]:
    found: Any = tags or []
    if isinstance(found, dict):
        return dict(found)
    return {one.get("Key", one.get("key")): one.get("Value", one.get("value", "")) for one in found}


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{resource}"


def _tasks() -> Iterator[Found]:
    for arn, task in list(ecs._tasks.items()):
        if task["lastStatus"] == "RUNNING" and task["desiredStatus"] == "RUNNING":
            yield arn, _plain(ecs._tags.get(arn) or task.get("tags")), _of_service(task)


def _of_service(task: Document) -> Callable[[Mapping[str, str]], bool]:
    said = {"cluster": task["clusterArn"].rpartition("/")[2], "service": task["group"].removeprefix("service:")}

    def narrow(given: Mapping[str, str]) -> bool:
        return all(said[key] == value.rpartition("/")[2] for key, value in given.items())

    return narrow


def _databases() -> Iterator[Found]:
    for one in list(rds._instances.values()):
        zone = one.get("AvailabilityZone", "")
        yield one["DBInstanceArn"], _plain(rds._tags.get(one["DBInstanceArn"])), _in_zone(zone)


def _in_zone(zone: str) -> Callable[[Mapping[str, str]], bool]:
    def narrow(given: Mapping[str, str]) -> bool:
        named = given.get("availabilityZoneIdentifiers", "")
        return not named or zone in {zone_name(one.strip()) for one in named.split(",")}

    return narrow


def _caches() -> Iterator[Found]:
    for name, group in list(elasticache._replication_groups.items()):
        arn = group.get("ARN") or _arn("elasticache", f"replicationgroup:{name}")
        yield arn, _plain(elasticache._tags.get(arn)), lambda _: True


def _subnets() -> Iterator[Found]:
    for name, subnet in list(ec2._subnets.items()):
        yield _arn("ec2", f"subnet/{name}"), _plain(ec2._tags.get(name)), _of_vpc(subnet)


def _of_vpc(subnet: Document) -> Callable[[Mapping[str, str]], bool]:
    def narrow(given: Mapping[str, str]) -> bool:
        zone = given.get("availabilityZoneIdentifier")
        in_zone = zone is None or subnet["AvailabilityZone"] == zone_name(zone)
        return bool(in_zone) and given.get("vpc", subnet["VpcId"]) == subnet["VpcId"]

    return narrow


def zone_name(named: str) -> str:
    """Return the name of a zone that is named by its name or its id."""
    names = zone_names(get_region())
    return next((one for one in names if named in (one, ec2._az_id_for_zone_name(one))), named)


_FOUND: Final[dict[str, Callable[[], Iterator[Found]]]] = {
    "aws:ecs:task": _tasks,
    "aws:rds:db": _databases,
    "aws:elasticache:replicationgroup": _caches,
    "aws:ec2:subnet": _subnets,
}
