"""Pricers of what holds data: databases, their proxies, caches and tables, all empty."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from config.facts.instances import table as instance_types
from review.cost.item import Gap, Item, flag, number, part, parts, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from review.cost.item import Around, Pricer, Said
    from review.graph import Resource

INSTANCE: Final = "aws:rds/instance:Instance"
GROUP: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
DATASTORE: Final = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
KAFKA: Final = "aws:msk/cluster:Cluster"
PARAMETERS: Final = "aws:rds/parameterGroup:ParameterGroup"
PROXY_TARGET: Final = "aws:rds/proxyTarget:ProxyTarget"
STRIPED_GIB: Final = 400
"""GiB from which RDS stripes a gp3 volume of PostgreSQL (RDS User Guide, "gp3 storage")."""
BASELINE: Final = {False: (3000, 125), True: (12_000, 500)}
"""Striped or not -> operations per second and MiB/s that the price of the storage has in it."""
_FREE_INSIGHTS_DAYS: Final = 7
_PROXY_LEAST_VCPUS: Final = 2
"""vCPU that a proxy costs at least (RDS Proxy, pricing page)."""
_ELSEWHERE: Final = "its source is in another stack"


def database(resource: Resource, around: Around) -> Said:
    """Price an instance of PostgreSQL with its storage; backups cost by what they hold."""
    class_ = text(resource.inputs, "instanceClass")
    if (engine := _engine(resource, around)) != "postgres":
        yield Gap(f"instance {class_} of {engine or 'an unknown engine'}", "prices of PostgreSQL are the only ones")
        return
    zones = "multi_az" if flag(resource.inputs, "multiAz", default=False) else "single_az"
    label = "Multi-AZ" if zones == "multi_az" else "in one zone"
    yield Item(f"{class_} {label}", Decimal(1), "rds_postgresql", f"{class_}.{zones}")
    yield from _extras(resource)
    yield from _storage(resource, around, zones)


def _engine(database: Resource, around: Around) -> str:
    """Return the engine: its own, that of the source, or that of its parameter group; empty = not known."""
    for one in (database, *_sources(database, around)):
        if isinstance(engine := one.inputs.get("engine"), str):
            return engine
    groups = around.behind(database, "parameterGroupName", PARAMETERS)
    return str(groups[0].inputs.get("family", "")).rstrip("0123456789.") if groups else ""


def _sources(database: Resource, around: Around) -> tuple[Resource, ...]:
    """Return the instance that a replica follows: of the stack, else of its primary."""
    if "replicateSourceDb" not in database.inputs:
        return ()
    return around.behind(database, "replicateSourceDb", INSTANCE) or around.of_primary(
        INSTANCE, database.inputs["replicateSourceDb"], "arn", "identifier"
    )


def _storage(database: Resource, around: Around, zones: str) -> Said:
    given = database.inputs
    sources = _sources(database, around)
    if "allocatedStorage" not in given and "replicateSourceDb" in given and not sources:
        yield Gap("storage", f"the size is that of its source; {_ELSEWHERE}")
        return
    held = given if "allocatedStorage" in given or not sources else sources[0].inputs
    kind, size = text(given, "storageType", "gp2"), number(held, "allocatedStorage")
    if kind not in ("gp2", "gp3"):
        yield Gap(f"{size} GiB of {kind} storage", "no pricer for storage of this type")
        return
    yield Item(f"GiB of {kind} storage", size, "rds_storage", f"{kind}_{zones}", "allocatedStorage")
    if kind != "gp3":
        return
    iops, throughput = BASELINE[size >= STRIPED_GIB]
    if (above := number(given, "iops", iops) - iops) > 0:
        yield Item(f"IOPS above {iops}", above, "rds_storage", f"gp3_extra_iops_{zones}")
    if number(given, "storageThroughput", throughput) > throughput:
        yield Gap(f"throughput above {throughput} MiB/s", "no price of it in the data")


def _extras(database: Resource) -> Said:
    given = database.inputs
    if flag(given, "performanceInsightsEnabled", default=False):
        days = number(given, "performanceInsightsRetentionPeriod", _FREE_INSIGHTS_DAYS)
        if days > _FREE_INSIGHTS_DAYS:
            yield Gap(f"Performance Insights for {days} days", "no price of it for every class in the data")
    if text(given, "databaseInsightsMode", "standard") != "standard":
        yield Gap("Database Insights, advanced", "no price of it in the data")
    if flag(given, "dedicatedLogVolume", default=False):
        yield Gap("dedicated log volume", "no pricer for it")


def proxy(resource: Resource, around: Around) -> Said:
    """Price a proxy by the vCPU of the instance that is registered with it."""
    targets = [one for one in around.graph.any_of_type(PROXY_TARGET) if resource in _proxies(one, around)]
    behind = [one for target in targets for one in around.behind(target, "dbInstanceIdentifier", INSTANCE)]
    if not behind:
        yield Gap("proxy", "no instance of the stack is registered with it")
    for one in behind:
        class_ = text(one.inputs, "instanceClass").removeprefix("db.")
        if (known := instance_types().get(class_)) is None:
            yield Gap("proxy", f"the vCPU of {class_} are not known")
            continue
        vcpus = Decimal(max(known.vcpus, _PROXY_LEAST_VCPUS))
        yield Item("vCPU of a proxy", vcpus, "rds_other", "rds_proxy", f"vCPU of {one.name}")


def _proxies(target: Resource, around: Around) -> tuple[Resource, ...]:
    return around.behind(target, "dbProxyName", "aws:rds/proxy:Proxy")


def _with_shared(group: Resource, around: Around) -> Mapping[str, Any] | None:
    """Return the inputs of a group, with those of its Global Datastore's primary beneath; None = not known."""
    if "globalReplicationGroupId" not in group.inputs or "nodeType" in group.inputs:
        return group.inputs
    for datastore in around.behind(group, "globalReplicationGroupId", DATASTORE):
        named = datastore.inputs.get("primaryReplicationGroupId")
        first = around.behind(datastore, "primaryReplicationGroupId", GROUP)
        for one in first or around.of_primary(GROUP, named, "id", "replicationGroupId"):
            return {**one.inputs, **group.inputs}
    return None


def cache(resource: Resource, around: Around) -> Said:
    """Price the nodes of a replication group."""
    given = _with_shared(resource, around)
    if given is None:
        yield Gap("cache nodes", f"type and shards are those of its Global Datastore's primary; {_ELSEWHERE}")
        return
    engine = {"redis": "redis_oss", "valkey": "valkey"}.get(text(given, "engine", "redis"))
    type_ = text(given, "nodeType")
    if "numCacheClusters" in given:
        nodes, basis = number(given, "numCacheClusters"), "numCacheClusters"
    else:
        shards, replicas = number(given, "numNodeGroups", 1), number(given, "replicasPerNodeGroup", 0)
        nodes, basis = shards * (1 + replicas), f"{shards} shards, each with {replicas} replicas"
    if engine is None:
        yield Gap(f"{nodes} cache nodes {type_}", "no price of this engine in the data")
        return
    yield Item(f"cache node {type_}", nodes, "elasticache", f"{type_}.{engine}", basis)


def table(resource: Resource, around: Around) -> Said:
    """Price the capacity that is provisioned for a table and its global indexes, in each region that has it."""
    given = resource.inputs
    if text(given, "billingMode", "PROVISIONED") != "PROVISIONED":
        return
    if (class_ := text(given, "tableClass", "STANDARD")) != "STANDARD":
        yield Gap(f"provisioned capacity of class {class_}", "no price of it in the data")
        return
    copies = [text(one, "regionName") for one in parts(given, "replicas")]
    keyed = [("", given), *((text(one, "name"), one) for one in parts(given, "globalSecondaryIndexes"))]
    for unit, key, sku in (("write", "writeCapacity", "provisioned_wcu"), ("read", "readCapacity", "provisioned_rcu")):
        dimension = f"{unit.title()}CapacityUnits"
        for region in ("", *copies):
            least = sum(around.least(resource, dimension, number(one, key), index) for index, one in keyed)
            where = f" in {region}" if region else ""
            basis = f"the table and {len(keyed) - 1} global indexes"
            yield Item(f"{unit} capacity units{where}", Decimal(least), "dynamodb", sku, basis, region)


def brokers(resource: Resource, _: Around) -> Said:
    """Price the brokers of a cluster of Kafka and their storage, as large as they begin."""
    given = resource.inputs
    group = part(given, "brokerNodeGroupInfo")
    count, type_ = number(given, "numberOfBrokerNodes"), text(group, "instanceType")
    yield Item(f"broker {type_}", count, "msk", type_, "numberOfBrokerNodes")
    size = number(part(part(group, "storageInfo"), "ebsStorageInfo"), "volumeSize")
    yield Item("GiB of brokers", count * size, "msk", "storage", f"{count} brokers of {size} GiB; it may grow")
    if text(given, "enhancedMonitoring", "DEFAULT") != "DEFAULT":
        yield Gap("metrics of brokers beyond DEFAULT", "how many there are hangs on topics and partitions")
    if part(part(group, "connectivityInfo"), "vpcConnectivity"):
        yield Gap("private connectivity of brokers", "no price of its hours in the data")


def pricers() -> Iterator[tuple[str, Pricer]]:
    """Yield the types that are priced here."""
    yield INSTANCE, database
    yield "aws:rds/proxy:Proxy", proxy
    yield GROUP, cache
    yield "aws:dynamodb/table:Table", table
    yield KAFKA, brokers
