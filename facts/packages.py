"""Facts from three well-kept packages, read as files and never imported.

- cfn-lint (AWS's own linter of templates, made anew each week from AWS's APIs): classes of RDS by engine, node types of
  ElastiCache, versions of engines, resource types of each region, and the types that EC2 has a price for.
- moto: dumps of EC2's DescribeInstanceTypes and DescribeInstanceTypeOfferings by zone and by zone id, and of the public
  parameters under /aws/service/global-infrastructure: regions, zones, countries, services; the managed rules of AWS
  Config with their parameters.
- tzdata: the time zones of IANA that are a place, or an offset of `Etc`; other names are links.

A type that has a price in a region, and that no zone offers in the dump of that region, or of which there is no dump,
is offered with zones unknown: prices come before offers. Prices outlive types too, so one that DescribeInstanceTypes
has no longer is left out.
"""

from __future__ import annotations

import gzip
import json
import re
from importlib.metadata import PathDistribution
from typing import TYPE_CHECKING, Any, Final

from config.facts.instances import InstanceType
from facts.gathered import Facts, Region

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PARTITION: Final = "aws"
ENGINES: Final = ("postgres", "aurora-postgresql", "mysql", "aurora-mysql", "mariadb")
"""Engines of RDS that are written; the licensed ones have rules of their own, which nobody here has asked for."""
LICENCE: Final = "general-public-license"
WITHDRAWN: Final = {"me-central-1": ("t3", "t4g")}
"""Families that a region has a price for and no longer offers: in no zone of the dump of 2026-03-16, and gone from
SkyPilot's catalogue of the price API after 2026-03."""
_LETTERS: Final = "abcdefgh"
_OFFSET: Final = re.compile(r"Etc/(?:UTC|GMT|GMT[+-][1-9][0-9]?)")


def gather(where: Path) -> Facts:
    """Return what the packages installed in a directory know.

    Raises:
        FileNotFoundError: A package is not there, or has its data elsewhere by now.
    """
    lint, moto = where / "cfnlint" / "data" / "schemas", where / "moto"
    parameters = _read(moto / "ssm" / "resources" / "regions.json.gz")
    found = parameters["aws"]["service"]["global-infrastructure"]["regions"]
    codes = sorted(code for code, one in found.items() if one["partition"]["Value"] == PARTITION)
    types = {name: type_of(one) for name, one in _read(moto / "ec2/resources/instance_types.json.gz").items()}
    offers = _Offers(lint, moto, frozenset(types))
    schema_date = _read(lint / "version.json")["schema_date"][:10]
    return Facts(
        sources={
            "cfn-lint": f"{_version(where, 'cfn_lint')}, schemas of {schema_date}",
            "moto": f"{_version(where, 'moto')}, {_day(where, 'moto')}",
            "tzdata": _version(where, "tzdata"),
        },
        types={name: one for name, one in sorted(types.items()) if one is not None},
        regions={code: offers.region(code, found[code]) for code in codes},
        versions=_versions(lint),
        lists={
            "config_rules": _config_rules(moto / "config" / "resources" / "aws_managed_rules.json.gz"),
            "time_zones": _time_zones(where / "tzdata"),
        },
    )


def _config_rules(path: Path) -> frozenset[str]:
    """Return each managed rule with the names of its parameters."""
    rules = _read(path)["ManagedRules"]
    return frozenset(" ".join([name, *sorted({it["Name"] for it in one["Parameters"]})]) for name, one in rules.items())


def _time_zones(package: Path) -> frozenset[str]:
    """Return the time zones that are no mere other name of one."""
    rows = (package / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    places = {row.split("\t")[2] for row in rows if row and not row.startswith("#")}
    every = (package / "zones").read_text(encoding="utf-8").split()
    return frozenset(places | {one for one in every if _OFFSET.fullmatch(one)})


class _Offers:
    """The files with a row for each region."""

    def __init__(self, lint: Path, moto: Path, described: frozenset[str]) -> None:
        extensions = lint / "extensions"
        self._lint = lint
        self._described = described
        self._dumps = moto / "ec2" / "resources" / "instance_type_offerings"
        self._priced = _read(extensions / "aws_ec2_instance" / "instancetype_enum.json")
        self._rds = _read(extensions / "aws_rds_dbinstance" / "dbinstanceclass_enum.json")
        self._cache = _read(extensions / "aws_elasticache_cachecluster" / "cachenodetype_enum.json")

    def region(self, code: str, parameters: Mapping[str, Any]) -> Region:
        """Return what is known of one region."""
        ids = [one for one in parameters["availability-zones"] if one != "Value"]
        schemas = self._lint / "providers" / f"{code}.json"
        cache = self._cache.get(code)
        return Region(
            name=parameters["longName"]["Value"],
            country=parameters["geolocationCountry"]["Value"],
            zones=self._zones(code, ids),
            zone_prefix=ids[0].partition("-")[0],
            ec2=self._ec2(code),
            rds=_classes(self._rds[code]) if code in self._rds else None,
            cache=frozenset(one.removeprefix("cache.") for one in cache["enum"]) if cache else None,
            brokers=None,
            services=frozenset(parameters["services"]) - {"Value"},
            resource_types=frozenset(_read(schemas)) if schemas.exists() else None,
        )

    def _dump(self, kind: str, code: str) -> dict[str, set[str]] | None:
        """Return place -> types that are offered there."""
        path = self._dumps / kind / f"{code}.json.gz"
        if not path.exists():
            return None
        places: dict[str, set[str]] = {}
        for offer in _read(path):
            places.setdefault(offer["Location"], set()).add(offer["InstanceType"])
        return places

    def _zones(self, code: str, ids: list[str]) -> dict[str, str | None]:
        """Return the zone number behind each letter: the zone id that offers the very same types.

        Where two zones offer the same the order of letters decides; without a dump, letters count from a.
        """
        letters, numbered = self._dump("availability-zone", code), self._dump("availability-zone-id", code)
        if letters is None or numbered is None:
            return dict.fromkeys(_LETTERS[: len(ids)])
        left = dict(sorted(numbered.items()))
        zones: dict[str, str | None] = {}
        for zone in sorted(letters):
            same = next((one for one in left if left[one] == letters[zone]), None)
            zones[zone[-1]] = same[-1] if same else None
            left.pop(same or "", None)
        return zones

    def _ec2(self, code: str) -> dict[str, str | None]:
        every = self._described.intersection(self._priced.get(code, {"enum": []})["enum"])
        priced = [name for name in every if name.partition(".")[0] not in WITHDRAWN.get(code, ())]
        numbered = self._dump("availability-zone-id", code)
        offered: dict[str, str | None] = dict.fromkeys(sorted(priced))
        places: dict[str, str] = {}
        for zone, types in sorted((numbered or {}).items()):
            for name in types:
                places[name] = places.get(name, "") + zone[-1]
        return dict(sorted((offered | places).items()))


def type_of(one: Mapping[str, Any]) -> InstanceType | None:
    """Return the size of a type, from DescribeInstanceTypes; None for architectures that no AMI of EKS has.

    Interfaces are those of the default network card: the VPC CNI gives pods addresses of no other.
    """
    found = set(one["ProcessorInfo"]["SupportedArchitectures"]) & {"x86_64", "arm64"}
    if not found:
        return None
    gpus = [gpu for gpu in one.get("GpuInfo", {}).get("Gpus", []) if gpu["Manufacturer"] == "NVIDIA"]
    ebs = one["EbsInfo"].get("EbsOptimizedInfo", {})
    network = one["NetworkInfo"]
    return InstanceType(
        name=one["InstanceType"],
        vcpus=one["VCpuInfo"]["DefaultVCpus"],
        memory_gib=one["MemoryInfo"]["SizeInMiB"] / 1024,
        architecture=max(found),
        gpus=sum(gpu["Count"] or gpu["LogicalGpuCount"] for gpu in gpus),
        gpu_memory_mib=one["GpuInfo"]["TotalGpuMemoryInMiB"] if gpus else 0,
        iops=ebs.get("BaselineIops", 0),
        iops_burst=ebs.get("MaximumIops", 0),
        interfaces=network["NetworkCards"][network["DefaultNetworkCardIndex"]]["MaximumNetworkInterfaces"],
        addresses=network["Ipv4AddressesPerInterface"],
        retired=None,
    )


def _classes(schema: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Return classes by engine: cfn-lint has a condition for each pair of engine and licence."""
    found: dict[str, frozenset[str]] = {}
    for condition in schema["allOf"]:
        properties = condition["if"]["properties"]
        engine, licence = properties["Engine"].get("const"), properties["LicenseModel"]
        if engine in ENGINES and isinstance(licence, dict) and licence.get("const") == LICENCE:
            classes = condition["then"]["properties"]["DBInstanceClass"]["enum"]
            found[engine] = frozenset(one.removeprefix("db.") for one in classes)
    return found


def _versions(lint: Path) -> dict[str, dict[str, bool]]:
    instances = lint / "extensions" / "aws_rds_dbinstance"
    exist = _by_engine(_read(instances / "engine_version.json"))
    ended = {
        condition["if"]["properties"]["Engine"]["const"]: condition["if"]["properties"]["EngineVersion"]["enum"]
        for condition in _read(instances / "engine_version_deprecated.json")["allOf"]
    }
    versions = {
        engine: {one: one not in ended.get(engine, ()) for one in exist[engine]}
        for engine in ENGINES
        if engine in exist
    }
    cache = _by_engine(_read(lint / "extensions" / "aws_elasticache_cachecluster" / "engine_version.json"))
    return versions | {engine: dict.fromkeys(cache[engine], True) for engine in ("redis", "valkey")}


def _by_engine(schema: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        condition["if"]["properties"]["Engine"]["const"]: condition["then"]["properties"]["EngineVersion"]["enum"]
        for condition in schema["allOf"]
        if "const" in condition["if"]["properties"].get("Engine", {})
    }


def _distribution(where: Path, package: str) -> Path:
    found = sorted(where.glob(f"{package}-*.dist-info"))
    if not found:
        raise FileNotFoundError(f"{where} has no {package}; `make facts` installs requirements-facts.lock there")
    return found[-1]


def _version(where: Path, package: str) -> str:
    return PathDistribution(_distribution(where, package)).version


def _day(where: Path, package: str) -> str:
    return RELEASED.get(f"{package} {_version(where, package)}", "day of release unknown")


RELEASED: Final = {"moto 5.2.5": "released 2026-10-27"}
"""Days of release, which no installed package knows; add a line with each new version."""


def _read(path: Path) -> Any:  # noqa: ANN401 - JSON
    content = path.read_bytes()
    return json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
