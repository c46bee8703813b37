"""What alarms can watch: for each source the metric of AWS (or of our own) that it stands for.

Sources, read 2026-11: the CloudWatch page of each service's user guide ("CloudWatch metrics for your Application Load
Balancer", "Monitoring CloudFront", "CloudWatch metrics for Amazon RDS", "Metrics for Valkey and Redis OSS", "Amazon EKS
and Kubernetes Container Insights metrics", "Monitor cluster data with CloudWatch", "NAT gateway metrics", "Amazon ECS
CloudWatch metrics", "DynamoDB metrics and dimensions", "Available CloudWatch metrics for Amazon SQS", "Monitor
CloudWatch metrics for HTTP APIs").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from config.facts.metric import MetricFact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.facts.metric import Family, Need, Unit

MetricSource = Literal[
    "alb_5xx",
    "error_percent",
    "response_time_seconds",
    "unhealthy_hosts",
    "healthy_hosts",
    "blocked_requests",
    "cdn_error_percent",
    "health_check",
    "rds_cpu_percent",
    "rds_connections",
    "rds_connections_percent",
    "rds_free_storage_gib",
    "rds_free_memory_gib",
    "rds_queue_depth",
    "rds_replica_lag_seconds",
    "redis_cpu_percent",
    "redis_memory_percent",
    "redis_evictions",
    "redis_connections",
    "redis_replication_lag_seconds",
    "group_cpu_percent",
    "node_cpu_percent",
    "node_memory_percent",
    "node_disk_percent",
    "failed_nodes",
    "nodes",
    "api_server_errors",
    "unschedulable_pods",
    "nat_errors",
    "service_cpu_percent",
    "service_memory_percent",
    "service_tasks",
    "service_unhealthy_targets",
    "service_target_errors",
    "instances_in_service",
    "function_errors",
    "function_throttles",
    "function_duration_percent",
    "function_failures",
    "function_stream_age_ms",
    "function_topic_lag",
    "queue_oldest_seconds",
    "queue_dead_letters",
    "table_throttled_requests",
    "table_errors",
    "table_replication_lag_ms",
    "api_5xx_percent",
    "api_4xx_percent",
    "api_latency_ms",
    "api_throttled",
    "sockets_refused",
    "sockets_function_errors",
    "sockets_latency_ms",
    "kafka_disk_percent",
    "kafka_cpu_percent",
    "kafka_offline_partitions",
    "kafka_under_min_isr",
    "kafka_under_replicated",
    "kafka_controllers",
    "application_errors",
    "undelivered_pages",
    "failed_notifications",
]
"""Sources of alarms beside the audit trail."""
TrailEvent = Literal[
    "root_use",
    "unauthorised_calls",
    "sign_in_without_mfa",
    "iam_policy_changes",
    "trail_changes",
    "key_deletions",
    "bucket_policy_changes",
    "config_changes",
    "security_group_changes",
    "network_changes",
]
"""Events that are counted in the log of CloudTrail."""
Source = Literal[MetricSource, TrailEvent]
GIB: Final = 2**30
"""Bytes of a GiB, in which sizes are given; CloudWatch counts bytes."""


def _alb(*names: str, statistic: str = "Sum", of: Family = "load_balancer", **more: str) -> MetricFact:
    unit: Unit = "percent" if more.get("expression") else "count"
    return MetricFact(
        of=of,
        namespace="AWS/ApplicationELB",
        names=names,
        statistic=statistic,
        expression=more.get("expression", ""),
        unit=unit,
        low=names == ("HealthyHostCount",),
    )


def _rds(
    name: str, statistic: str = "Average", *, of: Family = "database", low: bool = False, unit: Unit = "count"
) -> MetricFact:
    return MetricFact(of=of, namespace="AWS/RDS", names=(name,), statistic=statistic, low=low, unit=unit)


def _redis(name: str, statistic: str, unit: Unit = "count", *, needs: tuple[Need, ...] = ()) -> MetricFact:
    return MetricFact(
        of="shard", namespace="AWS/ElastiCache", names=(name,), statistic=statistic, unit=unit, needs=needs
    )


def _nodes(name: str, statistic: str, unit: Unit = "count", *, low: bool = False) -> MetricFact:
    return MetricFact(
        of="cluster",
        namespace="ContainerInsights",
        names=(name,),
        statistic=statistic,
        unit=unit,
        low=low,
        needs=("agents",),
    )


def _service(name: str, statistic: str, unit: Unit) -> MetricFact:
    return MetricFact(of="service", namespace="AWS/ECS", names=(name,), statistic=statistic, unit=unit)


def _function(name: str, statistic: str, unit: Unit = "count", of: Family = "function") -> MetricFact:
    return MetricFact(
        of=of, namespace="AWS/Lambda", names=(name,), statistic=statistic, unit=unit, share=unit == "percent"
    )


def _queue(name: str, of: Family, unit: Unit = "count") -> MetricFact:
    return MetricFact(of=of, namespace="AWS/SQS", names=(name,), statistic="Maximum", unit=unit)


def _table(*names: str, of: Family = "table", statistic: str = "Sum", unit: Unit = "count") -> MetricFact:
    """Return a metric of tables; several, or one for each call, are added up."""
    added = "" if of == "table_replica" else "SUM(METRICS())"
    return MetricFact(of=of, namespace="AWS/DynamoDB", names=names, statistic=statistic, unit=unit, expression=added)


def _api(name: str, statistic: str, unit: Unit, expression: str = "", of: Family = "api") -> MetricFact:
    return MetricFact(
        of=of, namespace="AWS/ApiGateway", names=(name,), statistic=statistic, unit=unit, expression=expression
    )


def _kafka(
    *names: str, of: Family = "broker", statistic: str = "Maximum", unit: Unit = "count", **more: bool
) -> MetricFact:
    """Return a metric of brokers, or of the cluster; several names are added up."""
    return MetricFact(
        of=of,
        namespace="AWS/Kafka",
        names=names,
        statistic=statistic,
        expression="m1+m2" if len(names) > 1 else "",
        unit=unit,
        low=more.get("low", False),
        needs=("broker_metrics",) if more.get("finer") else (),
    )


METRICS: Final[Mapping[Source, MetricFact]] = {
    "alb_5xx": _alb("HTTPCode_ELB_5XX_Count"),
    # The load balancer publishes counts of errors only while there are some.
    "error_percent": _alb(
        "HTTPCode_ELB_5XX_Count",
        "HTTPCode_Target_5XX_Count",
        "RequestCount",
        expression="100*(FILL(m1,0)+FILL(m2,0))/m3",
    ),
    "response_time_seconds": MetricFact(
        of="load_balancer",
        namespace="AWS/ApplicationELB",
        names=("TargetResponseTime",),
        statistic="p99",
        unit="seconds",
    ),
    "unhealthy_hosts": _alb("UnHealthyHostCount", statistic="Maximum", of="target_group"),
    "healthy_hosts": _alb("HealthyHostCount", statistic="Minimum", of="target_group"),
    "blocked_requests": MetricFact(of="web_acl", namespace="AWS/WAFV2", names=("BlockedRequests",), statistic="Sum"),
    "cdn_error_percent": MetricFact(
        of="distribution", namespace="AWS/CloudFront", names=("5xxErrorRate",), statistic="Average", unit="percent"
    ),
    "health_check": MetricFact(
        of="health_check", namespace="AWS/Route53", names=("HealthCheckStatus",), statistic="Minimum", low=True
    ),
    "rds_cpu_percent": _rds("CPUUtilization", unit="percent"),
    "rds_connections": _rds("DatabaseConnections", "Maximum"),
    "rds_connections_percent": MetricFact(
        of="database",
        namespace="AWS/RDS",
        names=("DatabaseConnections",),
        statistic="Maximum",
        unit="percent",
        share=True,
    ),
    "rds_free_storage_gib": _rds("FreeStorageSpace", "Minimum", low=True, unit="gib"),
    "rds_free_memory_gib": _rds("FreeableMemory", "Minimum", low=True, unit="gib"),
    "rds_queue_depth": _rds("DiskQueueDepth"),
    "rds_replica_lag_seconds": _rds("ReplicaLag", "Maximum", of="replica", unit="seconds"),
    "redis_cpu_percent": _redis("EngineCPUUtilization", "Average", "percent"),
    "redis_memory_percent": _redis("DatabaseMemoryUsagePercentage", "Maximum", "percent"),
    "redis_evictions": _redis("Evictions", "Sum"),
    "redis_connections": _redis("CurrConnections", "Maximum"),
    "redis_replication_lag_seconds": _redis("ReplicationLag", "Maximum", "seconds", needs=("cache_replicas",)),
    "group_cpu_percent": MetricFact(
        of="node_group", namespace="AWS/EC2", names=("CPUUtilization",), statistic="Average", unit="percent"
    ),
    "node_cpu_percent": _nodes("node_cpu_utilization", "Average", "percent"),
    "node_memory_percent": _nodes("node_memory_utilization", "Average", "percent"),
    "node_disk_percent": _nodes("node_filesystem_utilization", "Maximum", "percent"),
    "failed_nodes": _nodes("cluster_failed_node_count", "Maximum"),
    "nodes": _nodes("cluster_node_count", "Minimum", low=True),
    "api_server_errors": MetricFact(
        of="cluster", namespace="AWS/EKS", names=("apiserver_request_total_5XX",), statistic="Sum"
    ),
    "unschedulable_pods": MetricFact(
        of="cluster", namespace="AWS/EKS", names=("scheduler_pending_pods_UNSCHEDULABLE",), statistic="Average"
    ),
    "nat_errors": MetricFact(
        of="nat_gateway", namespace="AWS/NATGateway", names=("ErrorPortAllocation",), statistic="Sum"
    ),
    "service_cpu_percent": _service("CPUUtilization", "Average", "percent"),
    "service_memory_percent": _service("MemoryUtilization", "Average", "percent"),
    "service_tasks": MetricFact(
        of="kept_service",
        namespace="ECS/ContainerInsights",
        names=("RunningTaskCount",),
        statistic="Minimum",
        low=True,
    ),
    "service_unhealthy_targets": _alb("UnHealthyHostCount", statistic="Maximum", of="service_target"),
    "service_target_errors": _alb("HTTPCode_Target_5XX_Count", of="service_target"),
    "instances_in_service": MetricFact(
        of="instance_group",
        namespace="AWS/AutoScaling",
        names=("GroupInServiceInstances",),
        statistic="Minimum",
        low=True,
    ),
    "function_errors": _function("Errors", "Sum"),
    "function_throttles": _function("Throttles", "Sum"),
    "function_duration_percent": _function("Duration", "Maximum", "percent"),
    "function_failures": _queue("ApproximateNumberOfMessagesVisible", "failure_queue"),
    "function_stream_age_ms": _function("IteratorAge", "Maximum", "milliseconds", "stream_function"),
    "function_topic_lag": _function("OffsetLag", "Maximum", of="topic_function"),
    "queue_oldest_seconds": _queue("ApproximateAgeOfOldestMessage", "queue", "seconds"),
    "queue_dead_letters": _queue("ApproximateNumberOfMessagesVisible", "dead_letter_queue"),
    "table_throttled_requests": _table("ReadThrottleEvents", "WriteThrottleEvents"),
    "table_errors": _table("SystemErrors", of="table_calls"),
    "table_replication_lag_ms": _table(
        "ReplicationLatency", of="table_replica", statistic="Maximum", unit="milliseconds"
    ),
    # The mean of 0 and 1 for each request is the share of those that failed.
    "api_5xx_percent": _api("5xx", "Average", "percent", "100*m1"),
    "api_4xx_percent": _api("4xx", "Average", "percent", "100*m1"),
    "api_latency_ms": _api("Latency", "p99", "milliseconds"),
    "sockets_refused": _api("ClientError", "Sum", "count", of="sockets"),
    "sockets_function_errors": _api("IntegrationError", "Sum", "count", of="sockets"),
    "sockets_latency_ms": _api("IntegrationLatency", "p99", "milliseconds", of="sockets"),
    "api_throttled": MetricFact(of="api_log", namespace="", names=("api_throttled",), statistic="Sum"),
    "kafka_disk_percent": _kafka("KafkaDataLogsDiskUsed", unit="percent"),
    "kafka_cpu_percent": _kafka("CpuUser", "CpuSystem", statistic="Average", unit="percent"),
    "kafka_offline_partitions": _kafka("OfflinePartitionsCount", of="kafka"),
    "kafka_under_min_isr": _kafka("UnderMinIsrPartitionCount", finer=True),
    "kafka_under_replicated": _kafka("UnderReplicatedPartitions", finer=True),
    "kafka_controllers": _kafka("ActiveControllerCount", of="kafka", low=True),
    "application_errors": MetricFact(
        of="application_log", namespace="", names=("application_errors",), statistic="Sum", needs=("agents",)
    ),
    "undelivered_pages": MetricFact(
        of="dead_letters", namespace="AWS/SQS", names=("ApproximateNumberOfMessagesVisible",), statistic="Maximum"
    ),
    "failed_notifications": MetricFact(
        of="topic", namespace="AWS/SNS", names=("NumberOfNotificationsFailed",), statistic="Sum"
    ),
}
"""Source -> metric; events of the trail have none of AWS. Custom metrics (family `custom`) stand in stack files."""
FAMILY_NEEDS: Final[Mapping[Family, tuple[Need, ...]]] = {
    "load_balancer": ("edge",),
    "target_group": ("edge", "cluster"),
    "web_acl": ("edge",),
    "distribution": ("cloudfront",),
    "health_check": ("edge",),
    "database": ("postgres",),
    "replica": ("read_replicas",),
    "shard": ("redis",),
    "cluster": ("cluster",),
    "node_group": ("cluster",),
    "nat_gateway": ("nat_gateways",),
    "service": ("containers",),
    "kept_service": ("kept_services",),
    "service_target": ("targets",),
    "instance_group": ("instances",),
    "function": ("functions",),
    "failure_queue": ("failures",),
    "stream_function": ("streams",),
    "topic_function": ("topic_readers",),
    "queue": ("queues",),
    "dead_letter_queue": ("queues",),
    "table": ("tables",),
    "table_calls": ("tables",),
    "table_replica": ("table_replicas",),
    "api": ("api",),
    "api_log": ("api",),
    "sockets": ("sockets",),
    "kafka": ("streaming",),
    "broker": ("streaming",),
    "custom": (),
    "application_log": ("cluster",),
    "dead_letters": ("pagerduty",),
    "topic": (),
}
"""Family -> what a stack must have to have one; () = every stack with alarms has it."""


def needs(source: Source) -> tuple[Need, ...]:
    """Return what a stack must have for the metric of a source to be published."""
    fact = METRICS.get(source)
    return ("trail",) if fact is None else (*FAMILY_NEEDS[fact.of], *fact.needs)


SERVICE_FAMILIES: Final[tuple[Family, ...]] = ("service", "kept_service", "service_target")
"""Families that services of ECS are: their alarms may roll a deployment back. Kept ones have a task at any time."""
INSTANCE_FAMILIES: Final[tuple[Family, ...]] = ("instance_group", "service_target")
"""Families that groups of instances are: their alarms may roll a group back."""
FUNCTION_FAMILIES: Final[tuple[Family, ...]] = ("function", "failure_queue", "stream_function", "topic_function")
"""Families that functions are: their alarms may take a release back."""
TABLE_CALLS: Final = (
    "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "TransactGetItems",
    "TransactWriteItems", "UpdateItem",
)  # fmt: skip
"""Calls that DynamoDB publishes errors of, each by itself; as many as an alarm has metrics."""
GLOBAL_FAMILIES: Final[tuple[Family, ...]] = ("distribution", "health_check")
"""Families whose metrics are published in us-east-1, for the whole world; an alarm sees those of its region only."""
ALARM_WINDOW_SECONDS: Final = (86_400, 604_800)
"""Longest window of an alarm (periods times their length); the longer one from periods of an hour (PutMetricAlarm)."""
EXPRESSION_METRICS: Final = 10
"""Most metrics in one alarm (CloudWatch quotas)."""
COMPOSITE_ALARMS: Final = 100
"""Most alarms that a composite alarm may name (CloudWatch quotas)."""
