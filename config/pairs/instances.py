"""What of a standby's groups of instances is held against its primary's, and what is not."""

from __future__ import annotations

from typing import Final

from config.pairs.measures import equal_sets
from config.pairs.row import at_least, same, there

_GROUP: Final = "instances.*"
_ROLE: Final = f"{_GROUP}.role"
INSTANCES: Final = (
    *there("what they do for others would be done by nobody", _GROUP),
    *same("instances would be other instances", f"{_GROUP}.image.architecture", f"{_GROUP}.start"),
    *same(
        "instances would lack their rights",
        f"{_ROLE}.buckets.*.actions",
        f"{_ROLE}.queues.*.actions",
        f"{_ROLE}.tables.*.actions",
        f"{_ROLE}.sockets.calls",
        *(f"{_ROLE}.streaming.{what}" for what in ("reads", "groups", "writes", "manages")),
        holds=equal_sets,
    ),
    *same(
        "instances would lack their rights",
        f"{_ROLE}.buckets.*.prefix",
        f"{_ROLE}.database.user",
        f"{_ROLE}.inference.models",
    ),
    *at_least("fewer instances would do the same work", f"{_GROUP}.scaling.max"),
    *at_least("instances would have less room", f"{_GROUP}.root_volume.size_gib"),
    *same("nobody would be let in, or others", f"{_GROUP}.port", f"{_GROUP}.protocol"),
    *same("they would not be let in", f"{_GROUP}.reaches", holds=equal_sets),
    *same(
        "requests would be sent otherwise",
        f"{_GROUP}.target.paths",
        f"{_GROUP}.target.priority",
        f"{_GROUP}.target.health_path",
        f"{_GROUP}.target.deregistration_delay_seconds",
    ),
    *same("requests would be sent otherwise", f"{_GROUP}.target.hosts", holds=equal_sets),
)
FREE_INSTANCES: Final = {
    f"{_GROUP}.purpose": "words",
    f"{_GROUP}.image.id": "each region has images of its own",
    f"{_GROUP}.instance_types": "each region sells types of its own; what they carry, claims say",
    f"{_GROUP}.capacity.*": "thrift, not capacity; what the load balancer needs is held by a rule",
    f"{_GROUP}.scaling.min": "a waiting standby has little to do",
    f"{_GROUP}.scaling.desired": "a count at creation only, or thrift while it waits; the most are held",
    f"{_GROUP}.scaling.cpu_percent": "a waiting standby answers load otherwise; its most are held",
    f"{_GROUP}.scaling.requests_per_target": "a waiting standby answers load otherwise; its most are held",
    f"{_GROUP}.scaling.warmup_seconds": "patience, not capacity",
    f"{_GROUP}.root_volume.type": "speed follows the types, which are each region's own",
    f"{_GROUP}.root_volume.iops": "speed follows the types, which are each region's own",
    f"{_GROUP}.root_volume.throughput_mibps": "speed follows the types, which are each region's own",
    f"{_GROUP}.target.ping_seconds": "held to the time-outs of its own region",
    f"{_GROUP}.target.interval_seconds": "patience, not capacity",
    f"{_GROUP}.target.timeout_seconds": "patience, not capacity",
    f"{_GROUP}.target.healthy_threshold": "patience, not capacity",
    f"{_GROUP}.target.unhealthy_threshold": "patience, not capacity",
    f"{_GROUP}.target.grace_seconds": "patience, not capacity",
    f"{_GROUP}.environment": "places and names of each region",
    f"{_GROUP}.images": "each region has a registry of its own, or its copy",
    f"{_GROUP}.secrets.*.*": "each region has its own secrets",
    f"{_ROLE}.*.*.reason": "words",
    f"{_ROLE}.database.reason": "words",
    f"{_ROLE}.sockets.reason": "words",
    f"{_ROLE}.inference.reason": "words",
    f"{_ROLE}.streaming.reason": "words",
    f"{_GROUP}.tier": "each region has a plan of its own",
    f"{_GROUP}.zones": "each region has zones of its own",
    f"{_GROUP}.refresh.*": "how instances are replaced, in each region by itself",
    f"{_GROUP}.log_retention_days": "records",
}
