"""A stack of Kafka alone, in three zones, and its standby in two, as no stack file has them yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from config.examine import examine
from config.load import load_file, stack_file
from tests.config import containersfile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Problem, StackConfig

STACK: Final = "feed"
STANDBY: Final = "feed-standby"
_SMALL: Final = load_file(stack_file("small")).model_dump(mode="json", exclude_unset=True)


def _network(second: int, zones: int) -> dict[str, Any]:
    blocks = {tier: [f"10.{second}.{10 * row + at}.0/24" for at in range(zones)] for row, tier in enumerate(("a", "b"))}
    return {
        "cidr": f"10.{second}.0.0/16",
        "zones": ["a", "b", "c"][:zones],
        "nat": "none",
        "tiers": {
            "private": {"kind": "private", "cidrs": blocks["a"], "internet": "none"},
            "brokers": {"kind": "isolated", "cidrs": blocks["b"], "internet": "none"},
        },
        "flow_logs": {"retention_days": 90},
    }


SETTINGS: Final[dict[str, Any]] = {
    **{key: _SMALL[key] for key in ("as_of", "identity", "keys")},
    "network": _network(70, 3),
    "streaming": {
        "kafka_version": "3.9.x",
        "brokers": {
            "instance_type": "kafka.m5.large",
            "storage_gib": 100,
            "storage_scaling": {"max_gib": 500},
        },
        "topics": {"replication_factor": 3, "min_insync_replicas": 2},
        "monitoring": {"log_retention_days": 90},
        "private_connectivity": True,
    },
}
"""Settings of the stack."""
WATCHED: Final[dict[str, Any]] = {
    "observability": {
        "log_retention_days": 90,
        "channels": {"mail": {"people@feed.example": ["critical", "warning"]}},
        "alarms": {
            name: {
                "severity": "critical",
                "source": source,
                "threshold": 1,
                "period_seconds": 60,
                "evaluation_periods": 1,
            }
            for name, source in (("full", "kafka_disk_percent"), ("lost", "kafka_offline_partitions"))
        },
    },
}
"""A section beside them: alarms on the brokers."""
IN_STANDBY: Final[dict[str, Any]] = {
    **SETTINGS,
    "identity": {**SETTINGS["identity"], "region": "eu-central-1", "role": "standby"},
    "network": _network(71, 2),
    "streaming": {
        **SETTINGS["streaming"],
        "brokers": {**SETTINGS["streaming"]["brokers"], "per_zone": 2},
        "private_connectivity": False,
    },
    "recovery": {
        "standby": {
            "primary": STACK,
            "decide_minutes": 5,
            "streaming": {"lag_alarm": {"threshold_seconds": 120}},
        },
        "objectives": {},
    },
}
"""Settings of its standby."""
_FUNCTION: Final[dict[str, Any]] = {
    "purpose": "Counts bids",
    "handler": "services.auctions.picture.png",
    "runtime": "python3.13",
    "memory_mib": 256,
    "timeout_seconds": 60,
    "topic": {"name": "bids", "group": "tally", "pollers": {"most": 6}, "filters": ['{"value": {"kind": ["bid"]}}']},
    "failures": {},
    "log_retention_days": 90,
}
WITH_FUNCTION: Final[dict[str, object]] = {
    "functions": {"tally": _FUNCTION},
    "streaming.functions": True,
    "network.endpoints": {"interface": ["sqs"]},
}
"""Sections beside them: a function that works on a topic, and its way there."""


def accepted(changes: Mapping[str, object] | None = None) -> StackConfig:
    """Return valid settings after a change; raises `ConfigError` with everything that is wrong with them."""
    return examine(containersfile.changed(changes or {}, SETTINGS), None, f"Pulumi.{STACK}.yaml", stack=STACK)


def standby(changes: Mapping[str, object] | None = None) -> StackConfig:
    """Return valid settings of the standby after a change; raises `ConfigError` with what is wrong with them."""
    settings = containersfile.changed({**WATCHED, **(changes or {})}, IN_STANDBY)
    return examine(settings, None, f"Pulumi.{STANDBY}.yaml", stack=STANDBY)


def watched(changes: Mapping[str, object] | None = None) -> StackConfig:
    """Return valid settings with alarms on the brokers."""
    return accepted({**WATCHED, **(changes or {})})


def refused(changes: Mapping[str, object]) -> dict[str, Problem]:
    """Return the problems of changed settings by dotted path."""
    return containersfile.refused(changes, accepted)
