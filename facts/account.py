"""Facts that AWS gives when it is asked, read-only, with the credentials of the shell.

Regions that the account has not enabled, and what no API lists (broker types of MSK), stay as the packages have them.
What is denied stays so, too, and is named. Permissions: the read-only calls that stand below.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from facts.gathered import Facts, Region
from facts.packages import ENGINES, type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SERVICES_PATH: Final = "/aws/service/global-infrastructure/regions/{region}/services"
HOME: Final = "us-east-1"
"""Region whose answers are the same everywhere: sizes of types, versions of engines, the list of regions."""


@dataclass
class Asked:
    """What came of asking."""

    facts: Facts
    """What is known now."""
    kept: list[str]
    """What stays as it was, and why."""


def ask(known: Facts, clients: Callable[[str, str], Any], day: str) -> Asked:
    """Return what AWS says, over what is known already.

    Args:
        known: Facts of the packages.
        clients: Makes a client for a service in a region.
        day: Today, for the source.
    """
    kept: list[str] = []
    enabled = {
        one["RegionName"]
        for one in clients("ec2", HOME).describe_regions(AllRegions=True)["Regions"]
        if one["OptInStatus"] in ("opt-in-not-required", "opted-in")
    }
    kept += [f"{code}: not enabled in the account" for code in known.regions if code not in enabled]
    regions = {
        code: _Region(code, clients, kept).over(one) if code in enabled else one for code, one in known.regions.items()
    }
    types = dict(known.types)
    for one in _pages(clients("ec2", HOME), "describe_instance_types", "InstanceTypes"):
        if (size := type_of(one)) is not None:
            types[one["InstanceType"]] = size
    asked = ", ".join(sorted(enabled & set(known.regions)))
    facts = Facts(
        sources={**known.sources, "account": f"asked {day} of {asked}"},
        types=dict(sorted(types.items())),
        regions=regions,
        versions={**known.versions, **_versions(clients("rds", HOME))},
    )
    return Asked(facts, kept)


class _Region:
    """One region, asked service by service."""

    def __init__(self, code: str, clients: Callable[[str, str], Any], kept: list[str]) -> None:
        self._code = code
        self._clients = clients
        self._kept = kept

    def over(self, known: Region) -> Region:
        """Return what is known of the region with everything that it answers."""
        pieces: Mapping[str, Callable[[], object]] = {
            "zones": self._zones,
            "ec2": self._ec2,
            "rds": self._rds,
            "cache": self._cache,
            "services": self._services,
            "resource_types": self._resource_types,
        }
        found: dict[str, Any] = {}
        for piece, question in pieces.items():
            try:
                found[piece] = question()
            except (ClientError, BotoCoreError) as error:
                self._kept.append(f"{self._code}: {piece}: {error}")
        return replace(known, **found)

    def _zones(self) -> dict[str, str]:
        filters = [{"Name": "zone-type", "Values": ["availability-zone"]}]
        answer = self._clients("ec2", self._code).describe_availability_zones(Filters=filters)
        return {one["ZoneName"][-1]: one["ZoneId"][-1] for one in answer["AvailabilityZones"]}

    def _ec2(self) -> dict[str, str]:
        ec2, places = self._clients("ec2", self._code), dict[str, str]()
        offers = _pages(
            ec2, "describe_instance_type_offerings", "InstanceTypeOfferings", LocationType="availability-zone-id"
        )
        for zone, name in sorted((one["Location"], one["InstanceType"]) for one in offers):
            places[name] = places.get(name, "") + zone[-1]
        return places

    def _rds(self) -> dict[str, frozenset[str]]:
        rds = self._clients("rds", self._code)
        question = "describe_orderable_db_instance_options"
        return {
            engine: frozenset(
                one["DBInstanceClass"].removeprefix("db.")
                for one in _pages(rds, question, "OrderableDBInstanceOptions", Engine=engine)
            )
            for engine in ENGINES
        }

    def _cache(self) -> frozenset[str]:
        """Return the types that can be reserved: ElastiCache lists no others."""
        cache = self._clients("elasticache", self._code)
        offers = _pages(cache, "describe_reserved_cache_nodes_offerings", "ReservedCacheNodesOfferings")
        return frozenset(one["CacheNodeType"].removeprefix("cache.") for one in offers)

    def _services(self) -> frozenset[str]:
        path = SERVICES_PATH.format(region=self._code)
        found = _pages(self._clients("ssm", HOME), "get_parameters_by_path", "Parameters", Path=path)
        return frozenset(one["Value"] for one in found)

    def _resource_types(self) -> frozenset[str]:
        cloudformation = self._clients("cloudformation", self._code)
        found = _pages(
            cloudformation,
            "list_types",
            "TypeSummaries",
            Visibility="PUBLIC",
            Type="RESOURCE",
            Filters={"Category": "AWS_TYPES"},
        )
        return frozenset(one["TypeName"] for one in found)


def _versions(rds: Any) -> dict[str, dict[str, bool]]:  # noqa: ANN401 - a client of boto3 has no static type
    """Return the versions of each engine; those that can no longer be created are called deprecated."""
    found: dict[str, dict[str, bool]] = {}
    for engine in ENGINES:
        every = _pages(rds, "describe_db_engine_versions", "DBEngineVersions", Engine=engine, IncludeAll=True)
        found[engine] = {one["EngineVersion"]: one["Status"] == "available" for one in every}
    return found


def _pages(client: Any, question: str, key: str, **filters: object) -> Iterator[Any]:  # noqa: ANN401 - as above
    for page in client.get_paginator(question).paginate(**filters):
        yield from page[key]
