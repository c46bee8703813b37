"""What a metric of CloudWatch is: what it is published for, what publishes it, when it is bad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Family = Literal[
    "load_balancer",
    "target_group",
    "web_acl",
    "distribution",
    "health_check",
    "database",
    "replica",
    "shard",
    "cluster",
    "node_group",
    "nat_gateway",
    "service",
    "kept_service",
    "service_target",
    "instance_group",
    "function",
    "failure_queue",
    "stream_function",
    "topic_function",
    "queue",
    "dead_letter_queue",
    "table",
    "table_calls",
    "table_replica",
    "api",
    "api_log",
    "sockets",
    "kafka",
    "broker",
    "custom",
    "application_log",
    "dead_letters",
    "topic",
]
"""Kind of thing that a metric is published for; decides its dimensions, and how many alarms a source makes."""
Need = Literal[
    "cluster",
    "postgres",
    "redis",
    "edge",
    "cloudfront",
    "read_replicas",
    "cache_replicas",
    "nat_gateways",
    "containers",
    "kept_services",
    "targets",
    "instances",
    "functions",
    "failures",
    "streams",
    "topic_readers",
    "queues",
    "tables",
    "table_replicas",
    "api",
    "sockets",
    "streaming",
    "broker_metrics",
    "pagerduty",
    "trail",
    "agents",
]
"""What a stack must have for a metric to be published; `agents` = the add-on amazon-cloudwatch-observability."""
Unit = Literal["count", "percent", "seconds", "milliseconds", "gib"]


@dataclass(frozen=True, kw_only=True)
class MetricFact:
    """A metric of CloudWatch, and when it is bad."""

    of: Family
    """What it is published for."""
    namespace: str
    """Namespace; empty = one of the stack's own, which the program knows."""
    names: tuple[str, ...]
    """The metric, or those that `expression` puts together as m1, m2 and so on."""
    statistic: str
    """Statistic over a period: `Average`, `Maximum`, `Minimum`, `Sum`, or a percentile such as `p99`."""
    expression: str = ""
    """Metric math over several metrics."""
    low: bool = False
    """Whether values below the threshold are bad, and not those above it."""
    unit: Unit = "count"
    """Unit of the threshold."""
    needs: tuple[Need, ...] = ()
    """What publishes it, beside what its family needs (`FAMILY_NEEDS`)."""
    share: bool = False
    """Whether the threshold is a share, in per cent, of the most that each subject takes (`config.ceilings`)."""
