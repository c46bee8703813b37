"""From a source of the alarm table to what it follows in this stack. Pure: no resource.

A source has an alarm for each thing that is measured: every database, every NAT gateway, every shard of the cache.
The nodes of a shard are taken together by their maximum, so that a shard is one alarm however many replicas it has.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, get_args

from components.observability.metric import Metric, Series
from config.ceilings import PRIMARY
from config.facts.metrics import METRICS, TABLE_CALLS, TrailEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from config.facts.metric import Family, MetricFact
    from config.facts.metrics import Source
    from config.observability import Alarm, Severity

TRAIL_EVENTS: Final[tuple[TrailEvent, ...]] = get_args(TrailEvent)
WHOLE: Final = ""
"""Subject of a source that is measured on one thing only."""

Dimensions = dict[str, "pulumi.Input[str]"]
Parts = tuple[Dimensions, ...]
"""One thing to watch: the dimensions of each of its parts."""


@dataclass(frozen=True, kw_only=True)
class Subjects:
    """What there is to watch in a stack."""

    cluster: pulumi.Input[str] | None
    """Name of the cluster; none = there is none, and no log of pods."""
    databases: Mapping[str, pulumi.Input[str]]
    """`primary` or replica -> identifier of the instance."""
    connections: Mapping[str, int]
    """`primary` or replica -> connections that it takes for certain."""
    shards: Mapping[str, tuple[str, ...]]
    """Shard -> ids of its nodes."""
    node_groups: Mapping[str, pulumi.Input[str]]
    """Node group -> its Auto Scaling group."""
    nat_gateways: Mapping[str, pulumi.Input[str]]
    """Zone letter -> id of the NAT gateway."""
    topics: Mapping[Severity, pulumi.Output[str]]
    """Severity -> name of the topic."""
    log_namespace: str
    """Namespace of what is counted in logs."""
    custom: Mapping[str, CustomSubject]
    """Custom metric, as alarms name it -> what it is."""
    dead_letters: pulumi.Input[str] | None
    """Name of the dead-letter queue of PagerDuty's function; none = there is no PagerDuty."""
    trail: bool
    """Whether the log of CloudTrail is there to be counted in."""
    edge: EdgeSubjects | None
    """Load balancer and what is before it; none = there is no edge."""
    ecs_cluster_arn: str = ""
    """ARN of the ECS cluster; empty = there is none."""
    services: tuple[str, ...] = ()
    """Services of ECS."""
    kept_services: tuple[str, ...] = ()
    """Those of them that have a task at any time."""
    instance_groups: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Group of instances -> its Auto Scaling group."""
    functions: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Function -> its name."""
    milliseconds: Mapping[str, int] = field(default_factory=dict)
    """Function -> its time-out in milliseconds."""
    stream_functions: tuple[str, ...] = ()
    """Functions that work on a stream."""
    topic_functions: tuple[str, ...] = ()
    """Functions that work on a topic."""
    failures: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Function -> name of its queue of failures; those that have one."""
    queues: Mapping[str, tuple[pulumi.Input[str], pulumi.Input[str]]] = field(default_factory=dict)
    """Queue -> its name, and that of its dead letters."""
    tables: Mapping[str, TableSubject] = field(default_factory=dict)
    """Tables of DynamoDB by short name."""
    api_id: pulumi.Input[str] | None = None
    """Id of the API; none = there is none."""
    sockets_id: pulumi.Input[str] | None = None
    """Id of the WebSocket API; none = there is none."""
    kafka: pulumi.Input[str] | None = None
    """Name of the cluster of Kafka; none = there is none."""
    brokers: int = 0
    """Its brokers."""


@dataclass(frozen=True, kw_only=True)
class EdgeSubjects:
    """What there is to watch at the edge."""

    load_balancer: pulumi.Input[str] | None
    """Load balancer as metrics name it: `app/<name>/<id>`; none = CloudFront serves buckets only."""
    target_group: pulumi.Input[str] | None
    """Target group of pods as metrics name it: `targetgroup/<name>/<id>`; none = there are no pods."""
    web_acl: pulumi.Input[str] | None
    """Metric name of the load balancer's web ACL; none without."""
    region: str
    """Region of the load balancer."""
    health_check: pulumi.Input[str] | None
    """Id of the region's health check; none without a load balancer."""
    distribution: pulumi.Input[str] | None = None
    """Id of the CloudFront distribution; none in a standby."""
    services: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Service of ECS, or group of instances -> its target group, as metrics name it."""


@dataclass(frozen=True, kw_only=True)
class TableSubject:
    """A table of DynamoDB."""

    name: pulumi.Input[str]
    """Its name."""
    indexes: tuple[str, ...]
    """Its global indexes, which are throttled by themselves."""
    replica_regions: tuple[str, ...]
    """Regions of its copies."""


@dataclass(frozen=True, kw_only=True)
class CustomSubject:
    """A custom metric."""

    fact: MetricFact
    """Namespace, name, statistic, unit."""
    dimensions: Mapping[str, str]
    """Dimensions that it is published with, beside the cluster's name."""


def watched_by(alarm: Alarm, subjects: Subjects) -> dict[str, Series]:
    """Return what a row of the alarm table follows, by subject.

    Raises:
        ValueError: The stack has nothing that it could be measured on.
    """
    if alarm.source is not None:
        return series_of(alarm.source, subjects)
    return {WHOLE: custom_series(alarm.metric or "", subjects)}


def custom_series(metric: str, subjects: Subjects) -> Series:
    """Return what is published of a custom metric on this cluster.

    Raises:
        ValueError: The stack has no such metric, or no cluster.
    """
    found = subjects.custom.get(metric)
    if found is None or subjects.cluster is None:
        raise ValueError(f"metric {metric} is published on the cluster, and nothing of this stack does")
    dimensions: Dimensions = {"ClusterName": subjects.cluster, **found.dimensions}
    return _series(found.fact, (dimensions,), found.fact.namespace)


def series_of(source: Source, subjects: Subjects) -> dict[str, Series]:
    """Return what a source follows, by subject; the subject is empty where there can be only one.

    Raises:
        ValueError: The stack has nothing that the source could be measured on.
    """
    if source in TRAIL_EVENTS:
        if not subjects.trail:
            raise ValueError(f"source {source} is counted in the log of CloudTrail, and this stack has none")
        return {WHOLE: Series(metrics=(Metric(namespace=subjects.log_namespace, name=source),), statistic="Sum")}
    fact = METRICS[source]
    found = _found(subjects).get(fact.of)
    if not found:
        raise ValueError(f"source {source} is measured on each {fact.of.replace('_', ' ')}, and this stack has none")
    made = {subject: _series(fact, parts, _namespace(fact, subjects)) for subject, parts in found.items()}
    if not fact.share:
        return made
    wholes = subjects.milliseconds if fact.of == "function" else subjects.connections
    return {subject: replace(series, whole=wholes[subject]) for subject, series in made.items()}


def _namespace(fact: MetricFact, subjects: Subjects) -> str:
    if fact.namespace:
        return fact.namespace
    return subjects.log_namespace


def _series(fact: MetricFact, parts: Parts, namespace: str) -> Series:
    metrics = tuple(
        Metric(namespace=namespace, name=name, dimensions=dimensions) for dimensions in parts for name in fact.names
    )
    together = "MAX(METRICS())" if len(parts) > 1 else ""
    return Series(
        metrics=metrics,
        statistic=fact.statistic,
        expression=fact.expression or together,
        low=fact.low,
        unit=fact.unit,
    )


def _found(subjects: Subjects) -> dict[Family, dict[str, Parts]]:
    """Return what there is of each family, by subject."""
    cluster: Parts = _one(ClusterName=subjects.cluster) if subjects.cluster is not None else ()
    databases = {name: _one(DBInstanceIdentifier=found) for name, found in subjects.databases.items()}
    dead_letters, ecs_cluster = subjects.dead_letters, subjects.ecs_cluster_arn.rpartition("/")[2]
    return {
        **(_at_edge(subjects.edge) if subjects.edge else {}),
        "database": databases,
        "replica": {name: parts for name, parts in databases.items() if name != PRIMARY},
        "shard": {name: tuple({"CacheClusterId": node} for node in nodes) for name, nodes in subjects.shards.items()},
        "node_group": {name: _one(AutoScalingGroupName=found) for name, found in subjects.node_groups.items()},
        "nat_gateway": {zone: _one(NatGatewayId=found) for zone, found in subjects.nat_gateways.items()},
        "service": {name: _one(ClusterName=ecs_cluster, ServiceName=name) for name in subjects.services},
        "kept_service": {name: _one(ClusterName=ecs_cluster, ServiceName=name) for name in subjects.kept_services},
        "instance_group": {name: _one(AutoScalingGroupName=found) for name, found in subjects.instance_groups.items()},
        "function": {name: _one(FunctionName=found) for name, found in subjects.functions.items()},
        "stream_function": {name: _one(FunctionName=subjects.functions[name]) for name in subjects.stream_functions},
        "topic_function": {name: _one(FunctionName=subjects.functions[name]) for name in subjects.topic_functions},
        "failure_queue": {name: _one(QueueName=found) for name, found in subjects.failures.items()},
        "queue": {short: _one(QueueName=name) for short, (name, _) in subjects.queues.items()},
        "dead_letter_queue": {short: _one(QueueName=dead) for short, (_, dead) in subjects.queues.items()},
        **_of_tables(subjects.tables),
        "api": {WHOLE: _one(ApiId=subjects.api_id)} if subjects.api_id is not None else {},
        "api_log": {WHOLE: ({},)} if subjects.api_id is not None else {},
        "sockets": {WHOLE: _one(ApiId=subjects.sockets_id)} if subjects.sockets_id is not None else {},
        "kafka": {WHOLE: ({"Cluster Name": subjects.kafka},)} if subjects.kafka is not None else {},
        "broker": {
            str(broker): ({"Cluster Name": subjects.kafka, "Broker ID": str(broker)},)
            for broker in range(1, subjects.brokers + 1)
            if subjects.kafka is not None
        },
        "topic": {severity: _one(TopicName=found) for severity, found in subjects.topics.items()},
        "cluster": {WHOLE: cluster} if cluster else {},
        "dead_letters": {WHOLE: _one(QueueName=dead_letters)} if dead_letters is not None else {},
        "application_log": {WHOLE: ({},)} if cluster else {},
    }


def _of_tables(tables: Mapping[str, TableSubject]) -> dict[Family, dict[str, Parts]]:
    """Return tables by short name, their indexes and copies by `<table>_<index>`: no short name has an underscore."""
    throttled: dict[str, Parts] = {}
    copies: dict[str, Parts] = {}
    for short, table in tables.items():
        throttled[short] = _one(TableName=table.name)
        for index in table.indexes:
            throttled[f"{short}_{index}"] = _one(TableName=table.name, GlobalSecondaryIndexName=index)
        for region in table.replica_regions:
            copies[f"{short}_{region}"] = _one(TableName=table.name, ReceivingRegion=region)
    calls: dict[str, Parts] = {
        short: tuple({"TableName": table.name, "Operation": call} for call in TABLE_CALLS)
        for short, table in tables.items()
    }
    return {"table": throttled, "table_calls": calls, "table_replica": copies}


def _at_edge(edge: EdgeSubjects) -> dict[Family, dict[str, Parts]]:
    balancer, pods, check = edge.load_balancer, edge.target_group, edge.health_check
    found: dict[Family, dict[str, Parts]] = {}
    if balancer is not None:
        found["load_balancer"] = {WHOLE: _one(LoadBalancer=balancer)}
        found["service_target"] = {
            name: _one(LoadBalancer=balancer, TargetGroup=group) for name, group in edge.services.items()
        }
    if balancer is not None and pods is not None:
        found["target_group"] = {WHOLE: _one(LoadBalancer=balancer, TargetGroup=pods)}
    if edge.web_acl is not None:
        found["web_acl"] = {WHOLE: _one(WebACL=edge.web_acl, Region=edge.region, Rule="ALL")}
    if edge.distribution is not None:
        found["distribution"] = {WHOLE: _one(DistributionId=edge.distribution, Region="Global")}
    if check is not None:
        found["health_check"] = {WHOLE: _one(HealthCheckId=check)}
    return found


def _one(**dimensions: pulumi.Input[str]) -> Parts:
    return (dict(dimensions),)
