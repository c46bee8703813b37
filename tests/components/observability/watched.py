"""A stack's subjects with readable names, so that tests read them."""

from __future__ import annotations

from components.observability.sources import CustomSubject, EdgeSubjects, Subjects, TableSubject
from config.cluster import PodIdentity
from config.facts.metric import MetricFact
from config.observability import CustomMetric, CustomMetrics

EDGE = EdgeSubjects(
    load_balancer="app/alb/1",
    target_group="targetgroup/pods/2",
    web_acl="firewall",
    region="us-east-1",
    health_check="check",
    distribution="E1",
    services={"web": "targetgroup/web/3"},
)


ORDERS = MetricFact(
    of="custom", namespace="Shop/Orders", names=("OrdersPlaced",), statistic="Sum", low=True, unit="count"
)
CUSTOM = {
    "shop": CustomMetrics(
        namespace="Shop/Orders",
        publisher=PodIdentity(namespace="shop", service_account="checkout"),
        description="The shop: orders as they are placed",
        metrics={
            "orders": CustomMetric(
                name="OrdersPlaced",
                title="Orders",
                statistic="Sum",
                comparison="LessThanThreshold",
                dimensions={"Channel": "web"},
            )
        },
    )
}
"""What a business counts itself, as `subjects()` has it."""


def subjects(**changes: object) -> Subjects:
    """Everything there is to watch, in small: one replica, one shard of two nodes."""
    everything: dict[str, object] = {
        "cluster": "phoenix-prod",
        "databases": {"primary": "db", "reader-b": "db-reader-b"},
        "connections": {"primary": 5000, "reader-b": 3000},
        "shards": {"0001": ("cache-0001-001", "cache-0001-002")},
        "node_groups": {"general": "eks-general-1"},
        "nat_gateways": {"a": "nat-a", "b": "nat-b"},
        "topics": {"critical": "topic-c", "warning": "topic-w", "info": "topic-i"},
        "log_namespace": "phoenix/prod/logs",
        "custom": {"shop.orders": CustomSubject(fact=ORDERS, dimensions={"Channel": "web"})},
        "dead_letters": "undelivered",
        "trail": True,
        "edge": EDGE,
        "ecs_cluster_arn": "arn:aws:ecs:us-east-1:1:cluster/shop",
        "services": ("web", "worker"),
        "kept_services": ("web",),
        "instance_groups": {"render": "shop-prod-render"},
        "functions": {"submit": "submit-1"},
        "milliseconds": {"submit": 30_000},
        "stream_functions": ("submit",),
        "topic_functions": ("submit",),
        "failures": {"submit": "submit-failures-1"},
        "tables": {"tasks": TableSubject(name="shop-tasks", indexes=("by-day",), replica_regions=("us-west-2",))},
        "api_id": "api-1",
        "sockets_id": "sockets-1",
        "kafka": "kafka-1",
        "brokers": 3,
        "queues": {"videos": ("videos-1", "videos-dead-letters-2")},
    }
    return Subjects(**(everything | changes))  # type: ignore[arg-type]  # changes are typed where they are made
