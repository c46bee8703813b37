"""What holds data costs what was worked out by hand, a small stack each; what a pricer cannot know is named."""

from __future__ import annotations

from typing import Any

import pytest

from review.graph import UNKNOWN, Resource
from tests.review.cost.made import amounts, gaps, graph, price, resource, rest

DATABASE, PARAMETERS = "aws:rds/instance:Instance", "aws:rds/parameterGroup:ParameterGroup"
CACHE, DATASTORE = (
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
)
TABLE, TARGET = "aws:dynamodb/table:Table", "aws:appautoscaling/target:Target"


POSTGRES = (
    price("rds_postgresql.db.r5.large.single_az", "0.25"), price("rds_postgresql.db.r5.large.multi_az", "0.5"),
    price("rds_storage.gp3_single_az", "0.1", "GB-month"), price("rds_storage.gp3_multi_az", "0.2", "GB-month"),
    price("rds_storage.gp3_extra_iops_multi_az", "0.04", "IOPS-month"),
    price("rds_other.rds_proxy", "0.015", "vCPU-hour"),
)  # fmt: skip


def primary(**inputs: Any) -> Resource:  # noqa: ANN401
    given = {"engine": "postgres", "instanceClass": "db.r5.large", "storageType": "gp3", "allocatedStorage": 500}
    return resource(DATABASE, "primary", **{**given, **inputs})


def test_a_database_costs_by_class_storage_and_iops_above_the_baseline() -> None:
    found = rest(primary(multiAz=True, iops=13_000), prices=POSTGRES)
    assert amounts(found) == {
        "db.r5.large Multi-AZ": "365",
        "GiB of gp3 storage": "100",
        "IOPS above 12000": "40",
    }


def test_a_replica_costs_by_the_storage_of_its_source_wherever_that_stands() -> None:
    source = primary()
    replica = resource(
        DATABASE, "replica", links={"replicateSourceDb": source.urn}, instanceClass="db.r5.large", storageType="gp3",
        replicateSourceDb="arn:source",
    )  # fmt: skip
    beside = rest(source, replica, prices=POSTGRES)
    assert [str(line.monthly.normalize()) for line in beside.lines] == ["182.5", "182.5", "5E+1", "5E+1"]
    group = resource(PARAMETERS, family="postgres17")
    links = {"parameterGroupName": group.urn}
    alone = resource(
        DATABASE, links=links, instanceClass="db.r5.large", storageType="gp3", replicateSourceDb="arn:source"
    )
    named = rest(group, alone, prices=POSTGRES)
    assert gaps(named) == {"storage": "the size is that of its source; its source is in another stack"}
    assert amounts(named) == {"db.r5.large in one zone": "182.5"}
    theirs = Resource(**{**{key: getattr(source, key) for key in source.__slots__}, "outputs": {"arn": "arn:source"}})
    followed = rest(group, alone, prices=POSTGRES, primary=graph(theirs))
    assert amounts(followed) == {"db.r5.large in one zone": "182.5", "GiB of gp3 storage": "50"}


@pytest.mark.parametrize(
    ("inputs", "gap"),
    [
        ({"engine": "mysql"}, "instance db.r5.large of mysql"),
        ({"storageType": "io2"}, "500 GiB of io2 storage"),
        ({"storageThroughput": 600}, "throughput above 500 MiB/s"),
        (
            {"performanceInsightsEnabled": True, "performanceInsightsRetentionPeriod": 31},
            "Performance Insights for 31 days",
        ),
        ({"dedicatedLogVolume": True}, "dedicated log volume"),
        ({"databaseInsightsMode": "advanced"}, "Database Insights, advanced"),
        ({"instanceClass": UNKNOWN}, "rds Instance"),
        ({"instanceClass": "db.x9.large"}, "db.x9.large in one zone"),
    ],
)  # fmt: skip
def test_what_has_no_price_of_a_database_is_named(inputs: dict[str, Any], gap: str) -> None:
    assert list(gaps(rest(primary(**inputs), prices=POSTGRES))) == [gap]


def test_a_proxy_costs_by_the_vcpu_of_the_instance_that_is_registered() -> None:
    proxy = resource("aws:rds/proxy:Proxy")
    source = primary()
    target = resource(
        "aws:rds/proxyTarget:ProxyTarget", links={"dbProxyName": proxy.urn, "dbInstanceIdentifier": source.urn}
    )
    assert amounts(rest(proxy, source, target, prices=POSTGRES))["vCPU of a proxy"] == "21.9", "2 x 0.015 x 730"
    assert gaps(rest(proxy, source, prices=POSTGRES)) == {"proxy": "no instance of the stack is registered with it"}


NODE = (price("elasticache.cache.t4g.micro.redis_oss", "0.02"), price("elasticache.cache.t4g.micro.valkey", "0.016"))


@pytest.mark.parametrize(
    ("inputs", "amount"),
    [
        ({"numNodeGroups": 3, "replicasPerNodeGroup": 2}, "131.4"),
        ({"numCacheClusters": 2, "engine": "valkey"}, "23.36"),
        ({}, "14.6"),
    ],
)
def test_a_cache_costs_by_its_nodes(inputs: dict[str, Any], amount: str) -> None:
    found = rest(resource(CACHE, nodeType="cache.t4g.micro", **inputs), prices=NODE)
    assert amounts(found) == {"cache node cache.t4g.micro": amount}


def test_a_cache_that_follows_a_global_datastore_has_the_type_and_the_shards_of_its_primary() -> None:
    shared = resource(DATASTORE, primaryReplicationGroupId="theirs")
    links = {"globalReplicationGroupId": shared.urn}
    group = resource(CACHE, links=links, globalReplicationGroupId="global", replicasPerNodeGroup=1)
    assert list(gaps(rest(shared, group, prices=NODE))) == ["cache nodes"]
    theirs = resource(
        CACHE, nodeType="cache.t4g.micro", numNodeGroups=3, replicasPerNodeGroup=2, replicationGroupId="theirs"
    )
    theirs = Resource(**{**{key: getattr(theirs, key) for key in theirs.__slots__}, "outputs": dict(theirs.inputs)})
    found = rest(shared, group, prices=NODE, primary=graph(theirs))
    assert amounts(found) == {"cache node cache.t4g.micro": "87.6"}, "3 x (1 + 1) x 0.02 x 730"


CAPACITY = tuple(
    price(f"dynamodb.provisioned_{unit}cu", usd, f"{unit.upper()}CU-hour", region)
    for unit, usd in (("w", "0.001"), ("r", "0.0002"))
    for region in ("eu-north-1", "eu-south-1")
)


def test_a_table_costs_by_what_is_provisioned_for_it_its_indexes_and_its_replicas() -> None:
    index = {"name": "by-day", "writeCapacity": 10, "readCapacity": 5}
    table = resource(
        TABLE, writeCapacity=30, readCapacity=5, globalSecondaryIndexes=[index], replicas=[{"regionName": "eu-south-1"}]
    )
    bounds = [
        resource(
            TARGET, where, links={"resourceId": table.urn}, resourceId=f"table/t{where}", minCapacity=least,
            scalableDimension=f"dynamodb:{kind}:WriteCapacityUnits",
        )
        for where, kind, least in (("/index/other", "index", 90), ("/index/by-day", "index", 4), ("", "table", 12))
    ]  # fmt: skip
    assert amounts(rest(table, *bounds, prices=CAPACITY)) == {
        "write capacity units": "11.68",  # (12 + 4) x 0.001 x 730
        "write capacity units in eu-south-1": "11.68",
        "read capacity units": "1.46",  # (5 + 5) x 0.0002 x 730
        "read capacity units in eu-south-1": "1.46",
    }


def test_provisioned_capacity_of_another_class_has_no_price_and_is_named() -> None:
    table = resource(TABLE, writeCapacity=1, readCapacity=1, tableClass="STANDARD_INFREQUENT_ACCESS")
    assert list(gaps(rest(table, prices=CAPACITY))) == ["provisioned capacity of class STANDARD_INFREQUENT_ACCESS"]


def test_a_table_on_demand_costs_nothing_at_rest() -> None:
    found = rest(resource(TABLE, billingMode="PAY_PER_REQUEST"), prices=CAPACITY)
    assert (amounts(found), gaps(found)) == ({}, {})


KAFKA = (price("msk.kafka.t3.small", "0.0456"), price("msk.storage", "0.1", "GB-month"))


def kafka(**inputs: Any) -> Resource:  # noqa: ANN401
    group = {"instanceType": "kafka.t3.small", "storageInfo": {"ebsStorageInfo": {"volumeSize": 50}}}
    return resource("aws:msk/cluster:Cluster", "brokers", numberOfBrokerNodes=2, brokerNodeGroupInfo=group, **inputs)


def test_brokers_cost_by_the_hour_and_by_the_storage_that_they_begin_with() -> None:
    found = rest(kafka(), prices=KAFKA)
    assert amounts(found) == {"broker kafka.t3.small": "66.576", "GiB of brokers": "10"}
    assert gaps(found) == {}


def test_what_has_no_price_of_brokers_is_named_and_never_nothing() -> None:
    group = {"instanceType": "kafka.m7g.large", "connectivityInfo": {"vpcConnectivity": {"clientAuthentication": {}}}}
    group["storageInfo"] = {"ebsStorageInfo": {"volumeSize": 50}}
    made = resource(
        "aws:msk/cluster:Cluster", numberOfBrokerNodes=3, brokerNodeGroupInfo=group, enhancedMonitoring="PER_BROKER"
    )
    found = rest(made, prices=KAFKA)
    assert amounts(found) == {"GiB of brokers": "15"}
    assert "broker kafka.m7g.large" in gaps(found)
    assert {"metrics of brokers beyond DEFAULT", "private connectivity of brokers"} <= set(gaps(found))
