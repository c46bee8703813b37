"""RDS offers the minors of PostgreSQL that can be created, and each class with any storage in each zone.

What it offers is what the facts of the stack files say; other engines stay as they are.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeOrderableDBInstanceOptions.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_region
from ministack.services import rds

from config.facts.offers import offers
from config.facts.versions import POSTGRES
from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action
from sandbox.emulator.patches.zone_ids import zone_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ENGINE: Final = "postgres"
_STORAGE: Final = ("gp2", "gp3", "io1", "io2")


def _versions() -> Iterator[str]:
    for major, known in POSTGRES.items():
        yield from (f"{major}.{minor}" for minor in range(known.ended + 1, known.newest + 1))


def _describe_versions(original: Handler) -> Handler:
    def describe(params: Params) -> Response:
        if rds._p(params, "Engine") != _ENGINE or rds._p(params, "DefaultOnly") == "true":
            answer: Response = original(params)
            return answer
        wanted = rds._p(params, "EngineVersion")
        found = [one for one in _versions() if wanted in ("", one, one.partition(".")[0])]
        return _answer("DescribeDBEngineVersions", "DBEngineVersions", "".join(_version(one) for one in found))

    return describe


def _version(version: str) -> str:
    major = version.partition(".")[0]
    fields = {
        "Engine": _ENGINE,
        "EngineVersion": version,
        "DBParameterGroupFamily": f"{_ENGINE}{major}",
        "DBEngineDescription": "PostgreSQL",
        "DBEngineVersionDescription": f"PostgreSQL {version}",
        "SupportsReadReplica": "true",
        "Status": "available",
    }
    return _element("DBEngineVersion", fields)


def _describe_options(original: Handler) -> Handler:
    def describe(params: Params) -> Response:
        if rds._p(params, "Engine") != _ENGINE:
            answer: Response = original(params)
            return answer
        version, wanted = rds._p(params, "EngineVersion"), rds._p(params, "DBInstanceClass")
        versions = [one for one in _versions() if version in ("", one)]
        found = "".join(
            _option(one, name, storage)
            for one in versions
            for name in _classes()
            if wanted in ("", name)
            for storage in _STORAGE
        )
        return _answer("DescribeOrderableDBInstanceOptions", "OrderableDBInstanceOptions", found)

    return describe


def _classes() -> list[str]:
    return sorted((offers(get_region()).rds or {}).get(_ENGINE, ()))


def _option(version: str, name: str, storage: str) -> str:
    places = "".join(_element("AvailabilityZone", {"Name": zone}) for zone in zone_names(get_region()))
    fields = {
        "Engine": _ENGINE,
        "EngineVersion": version,
        "DBInstanceClass": name,
        "LicenseModel": "postgresql-license",
        "AvailabilityZones": places,
        "MultiAZCapable": "true",
        "ReadReplicaCapable": "true",
        "Vpc": "true",
        "SupportsStorageEncryption": "true",
        "StorageType": storage,
    }
    return _element("OrderableDBInstanceOption", fields)


def _element(name: str, fields: Mapping[str, str]) -> str:
    return f"<{name}>{''.join(f'<{key}>{value}</{key}>' for key, value in fields.items())}</{name}>"


def _answer(action: str, list_: str, inner: str) -> Response:
    body = f"<{action}Result><{list_}>{inner}</{list_}></{action}Result>"
    answer: Response = rds._xml(200, f"{action}Response", body)
    return answer


def _apply() -> None:
    wrap_action(rds._ACTION_MAP, "DescribeDBEngineVersions", _describe_versions)
    wrap_action(rds._ACTION_MAP, "DescribeOrderableDBInstanceOptions", _describe_options)


PATCH = Patch("rds-offers", "versions that AWS offers are missing, and any class can be ordered", _apply)
