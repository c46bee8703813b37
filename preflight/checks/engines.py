"""Engine versions and classes on offer at RDS and ElastiCache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from preflight.finding import Finding, Level, choose, offered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.account import Account
    from preflight.plan import Plan

_DATABASE: Final = "aws:rds/instance:Instance"
_CACHE: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_ENGINE: Final = "postgres"
_POSTGRES: Final = ("data", "postgres")
_REDIS: Final = ("data", "redis")


def database_versions(account: Account, plan: Plan) -> Iterator[Finding]:
    """RDS offers the version. A replica has its source's."""
    if plan.settings.postgres is None:
        return
    wanted = plan.settings.postgres.engine_version
    for region in sorted({plan.region(one) for one in plan.of(_DATABASE)}):
        answer = account.ask("rds", "DescribeDBEngineVersions", region, Engine=_ENGINE)
        there = [each["EngineVersion"] for each in answer["DBEngineVersions"]]
        if wanted not in there:
            yield Finding(
                level=Level.STOPS,
                what=f"versions of RDS {_ENGINE}",
                found=offered(there),
                needed=wanted,
                fix=choose(f"aws rds describe-db-engine-versions --engine {_ENGINE}", region),
                path=(*_POSTGRES, "engine_version"),
                region=region,
            )


def database_classes(account: Account, plan: Plan) -> Iterator[Finding]:
    """Each class can be ordered with the version and the storage that the stack asks for, in the zones it names."""
    if plan.settings.postgres is None:
        return
    version, storage = plan.settings.postgres.engine_version, plan.settings.postgres.storage.type
    wanted: dict[tuple[str, str], set[str]] = {}
    for database in plan.of(_DATABASE):
        zones = wanted.setdefault((plan.region(database), str(database.inputs["instanceClass"])), set())
        zones.update({str(database.inputs["availabilityZone"])} if database.inputs.get("availabilityZone") else ())
    for (region, name), zones in sorted(wanted.items()):
        answer = account.ask(
            "rds",
            "DescribeOrderableDBInstanceOptions",
            region,
            Engine=_ENGINE,
            EngineVersion=version,
            DBInstanceClass=name,
            Vpc=True,
        )
        options = [one for one in answer["OrderableDBInstanceOptions"] if one.get("StorageType") == storage]
        there = {zone["Name"] for one in options for zone in one["AvailabilityZones"]}
        if not options or not zones <= there:
            listing = f"aws rds describe-orderable-db-instance-options --engine {_ENGINE} --engine-version {version}"
            yield Finding(
                level=Level.STOPS,
                what=f"class {name} of PostgreSQL {version} with storage {storage}",
                found=f"orderable in {', '.join(sorted(there))}" if options else "not orderable",
                needed=", ".join(sorted(zones)) or "orderable",
                fix=choose(listing, region),
                path=_POSTGRES,
                region=region,
            )


def cache_versions(account: Account, plan: Plan) -> Iterator[Finding]:
    """ElastiCache offers the version; a member of a global datastore has the datastore's."""
    for cache in plan.of(_CACHE):
        engine, version, region = cache.inputs.get("engine"), cache.inputs.get("engineVersion"), plan.region(cache)
        if not (engine and version):
            continue
        answer = account.ask("elasticache", "DescribeCacheEngineVersions", region, Engine=engine)
        there = [each["EngineVersion"] for each in answer["CacheEngineVersions"]]
        if not any(one == version or one.startswith(f"{version}.") for one in there):
            yield Finding(
                level=Level.STOPS,
                what=f"versions of {engine}",
                found=offered(there),
                needed=str(version),
                fix=choose(f"aws elasticache describe-cache-engine-versions --engine {engine}", region),
                path=(*_REDIS, "engine_version"),
                region=region,
            )


def cache_nodes(account: Account, plan: Plan) -> Iterator[Finding]:
    """ElastiCache offers the node type; offers of reservations are the only call that shows it."""
    if plan.settings.redis is None:
        return
    wanted = plan.settings.redis.node_type
    for region in sorted({plan.region(one) for one in plan.of(_CACHE)}):
        answer = account.ask("elasticache", "DescribeReservedCacheNodesOfferings", region, CacheNodeType=wanted)
        if not answer["ReservedCacheNodesOfferings"]:
            yield Finding(
                level=Level.STOPS,
                what="node type of the cache",
                found="not offered",
                needed=wanted,
                fix=choose("aws elasticache describe-reserved-cache-nodes-offerings", region),
                path=(*_REDIS, "node_type"),
                region=region,
            )
