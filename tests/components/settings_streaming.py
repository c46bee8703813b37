"""Settings of Kafka, and of what follows a primary's, that need others beside them (`test_settings_count.py`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.config.containersfile import STACK as SHOP
from tests.config.leaves import GONE

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIER: Final = {"kind": "isolated", "cidrs": [f"10.0.{at}.0/24" for at in (51, 52, 53)], "internet": "none"}
_SECTION: Final[dict[str, Any]] = {
    "kafka_version": "3.9.x",
    "brokers": {"instance_type": "kafka.m5.large", "per_zone": 2, "storage_gib": 100},
    "topics": {"replication_factor": 3, "min_insync_replicas": 2},
    "monitoring": {"log_retention_days": 90},
}
_FOLLOWS: Final = "recovery.standby.streaming"
_LAG: Final = {"threshold_seconds": 120, "period_seconds": 60, "evaluation_periods": 1}
_OTHERS: Final[Mapping[str, Any]] = {
    "topics": ["bids"],
    "excluded_topics": ["test-.*"],
    "consumer_groups": ["readers"],
    "starting_position": "LATEST",
    "compression": "ZSTD",
    "lag_alarm.threshold_seconds": 180,
    "lag_alarm.period_seconds": 300,
    "lag_alarm.evaluation_periods": 3,
    "tier": "blockchain",
}
_BESIDE: Final[Mapping[str, Any]] = {
    "streaming": _SECTION,
    **{f"{_FOLLOWS}.lag_alarm.{key}": value for key, value in _LAG.items()},
    f"{_FOLLOWS}.tier": "private",
}


def _on_standby(key: str, value: object) -> tuple[str, Mapping[str, Any]]:
    """Return a change of how dr's topics follow, with what it needs beside it."""
    own = f"{_FOLLOWS}.{key}"
    return "dr", {own: value, **{path: one for path, one in _BESIDE.items() if path != own}}


_APART: Final[Mapping[str, Any]] = {
    "network.tiers.another": _TIER,
    "data.postgres.tier": "database",
    "data.redis.tier": "database",
    "experiments": GONE,  # FIS takes five subnets of a zone
}
_IN_ANOTHER: Final[Mapping[str, Any]] = {"streaming.tier": "another", **_APART}
"""A tier of its own has room for more ports in its network ACL."""
STREAMING: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "streaming.brokers.instance_type": (SHOP, {"streaming.brokers.instance_type": "kafka.m7g.large"}),
    "streaming.topics.replication_factor": (
        SHOP,
        {"streaming.topics.replication_factor": 2, "streaming.topics.min_insync_replicas": 1},
    ),
    "streaming.functions": (SHOP, {"streaming.functions": False, "functions.tally.topic": GONE}),
    "streaming.tier": (SHOP, {"streaming.tier": "another", **_APART}),
    "streaming.monitoring.jmx_exporter": (SHOP, {"streaming.monitoring.jmx_exporter": True, **_IN_ANOTHER}),
    "streaming.monitoring.node_exporter": (SHOP, {"streaming.monitoring.node_exporter": True, **_IN_ANOTHER}),
    **{
        f"{_FOLLOWS}.{key}{'.*' if isinstance(value, list) else ''}": _on_standby(key, value)
        for key, value in _OTHERS.items()
    },
}
"""Kind of setting -> the stack, and what is changed there, the setting first."""


def with_streaming(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what prod publishes, as if it had a cluster of Kafka that a replicator may read from."""
    settings = {**json.loads(outputs["settings"]), "streaming": {**_SECTION, "private_connectivity": True}}
    there = {"arn": "arn:aws:kafka:us-east-1:1:cluster/c/1", "brokers": "b-1.example:9098", "subnets": ["s-1", "s-2"]}
    return {**outputs, "settings": json.dumps(settings), "streaming": there}
