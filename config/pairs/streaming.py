"""What of a standby's Kafka is held against its primary's, and what is not."""

from __future__ import annotations

from typing import Final

from config.pairs.measures import equal_sets, not_smaller
from config.pairs.row import at_least, same

_SERVICE: Final = "containers.services.*.task.role.streaming"
_FUNCTION: Final = "functions.*.role.streaming"
_PODS: Final = "streaming.application"
STREAMING: Final = (
    *same("the failover would change the version", "streaming.kafka_version"),
    *at_least("smaller brokers do not carry the load", "streaming.brokers.instance_type", holds=not_smaller),
    *at_least(
        "fewer brokers would do the same work, or hold less",
        "streaming.brokers.per_zone",
        "streaming.brokers.storage_gib",
        "streaming.brokers.storage_scaling.max_gib",
    ),
    *at_least(
        "topics would lose messages, or hold them shorter",
        "streaming.topics.replication_factor",
        "streaming.topics.min_insync_replicas",
        "streaming.topics.retention_hours",
    ),
    *same(
        "the failover would begin elsewhere, or hand on something else",
        *(f"functions.*.topic.{what}" for what in ("name", "group", "filters")),
    ),
    *at_least("fewer pollers would do the same work", "functions.*.topic.pollers.most"),
    *same("functions would have no way to their topics", "streaming.functions"),
    *same(
        "clients would lack their rights",
        *(f"{who}.{what}" for who in (_PODS, _SERVICE, _FUNCTION) for what in ("reads", "groups", "writes", "manages")),
        holds=equal_sets,
    ),
)
READ_STREAMING: Final = ("streaming.private_connectivity",)
FREE_STREAMING: Final = {
    "streaming.brokers.storage_scaling.target_percent": "when it grows, not how far, which is held",
    "streaming.topics.partitions": "of topics that are made here; copies have their source's",
    "streaming.monitoring.*": "measurements and records",
    "functions.*.topic.starting_position": "of groups that Kafka does not know; theirs come with the topics",
    "functions.*.topic.batch_size": "pace, not capacity",
    "functions.*.topic.window_seconds": "pace, not capacity",
    "functions.*.topic.retries": "what is given up, in each region by itself",
    "functions.*.topic.max_age_seconds": "what is given up, in each region by itself",
    "functions.*.topic.pollers.least": "thrift: a waiting standby keeps none ready",
    "streaming.tier": "each region has a plan of its own",
    "streaming.application.reason": "words",
    f"{_SERVICE}.reason": "words",
    f"{_FUNCTION}.reason": "words",
}
