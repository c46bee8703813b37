"""What of a standby's settings is held against the value at the same path of its primary's, and what is not.

A row says what must hold, and whether the standby may differ with a reason (`recovery.standby.differs`). Whatever a
stack file can say is in `ROWS`, in `READ` or in `FREE`; a test holds the three against the schema, so that a new
setting is placed on the day it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from config.pairs.measures import (
    as_many,
    equal,
    equal_sets,
    not_less,
    not_older,
    not_smaller,
    quantity,
    same_image,
    same_major,
    superset,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Bound = Literal["always", "redis", "never"]
"""Whether a difference is refused whatever the reason: `redis` = where the standby's cache is in a Global Datastore."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One comparison of a standby with its primary."""

    pattern: str
    """Dotted path; `*` is every entry of a mapping or every field of a section. The primary says which there are."""
    kind: Literal["there", "same", "at least"]
    """`there` = the entry or section exists; else what the values must be to each other."""
    bound: Bound
    """Whether a reason excuses a difference."""
    why: str
    """What goes wrong otherwise."""
    holds: Callable[[object, object], bool] = equal
    """Tells whether the standby's value, the first, does beside the primary's."""


def _there(why: str, *patterns: str, bound: Bound = "never") -> tuple[Row, ...]:
    return tuple(Row(pattern=one, kind="there", bound=bound, why=why) for one in patterns)


def _same(
    why: str, *patterns: str, bound: Bound = "never", holds: Callable[[object, object], bool] = equal
) -> tuple[Row, ...]:
    return tuple(Row(pattern=one, kind="same", bound=bound, why=why, holds=holds) for one in patterns)


def _at_least(why: str, *patterns: str, holds: Callable[[object, object], bool] = not_less) -> tuple[Row, ...]:
    return tuple(Row(pattern=one, kind="at least", bound="never", why=why, holds=holds) for one in patterns)


_LAYER: Final = "kubernetes"
_GROUP: Final = "cluster.node_groups.*"
_POSTGRES: Final = "data.postgres"
_REDIS: Final = "data.redis"
_BUCKET: Final = "data.buckets.*"

_IDENTITY: Final = _same(
    "names, rights and replication are made for one system in one account",
    "identity.system",
    "identity.environment",
    "identity.account_id",
    "identity.data_class",
    bound="always",
)
_KEYS: Final = (
    *_there("what the primary encrypts cannot be read without it", "keys.domains.*", bound="always"),
    *_same(
        "a key here is a replica of the primary's exactly if both are multi-Region",
        "keys.domains.*.multi_region",
        bound="always",
    ),
)
_DATABASE: Final = (
    *_same(
        "no database follows one of another major version",
        f"{_POSTGRES}.engine_version",
        bound="always",
        holds=same_major,
    ),
    *_at_least(
        "RDS upgrades no source while its replica is older: raise the replica first",
        f"{_POSTGRES}.engine_version",
        holds=not_older,
    ),
    *_same(
        "a replica has its source's",
        f"{_POSTGRES}.database_name",
        f"{_POSTGRES}.master_username",
        bound="always",
    ),
    *_at_least("a smaller class does not carry the primary's load", f"{_POSTGRES}.instance_class", holds=not_smaller),
    *_at_least(
        "the promoted database would have to do with less",
        f"{_POSTGRES}.multi_az",
        f"{_POSTGRES}.storage.allocated_gib",
        f"{_POSTGRES}.storage.max_allocated_gib",
        f"{_POSTGRES}.storage.iops",
        f"{_POSTGRES}.storage.throughput_mibps",
        f"{_POSTGRES}.backup_retention_days",
    ),
    *_same("the promoted database would behave otherwise", f"{_POSTGRES}.storage.type", f"{_POSTGRES}.parameters"),
    *_at_least("fewer readers carry fewer reads", f"{_POSTGRES}.replicas", holds=as_many),
    *_at_least(
        "clients find fewer connections, or an open door",
        f"{_POSTGRES}.proxy.max_connections_percent",
        f"{_POSTGRES}.proxy.require_tls",
    ),
)
_CACHE: Final = (
    *_same("all members of a Global Datastore share it", f"{_REDIS}.engine", f"{_REDIS}.engine_version",
           f"{_REDIS}.node_type", f"{_REDIS}.shards", bound="redis"),
    *_at_least(
        "a lost zone, or a lost region, would cost more of the cache",
        f"{_REDIS}.replicas_per_shard",
        f"{_REDIS}.snapshot_retention_days",
    ),
)  # fmt: skip
_BUCKETS: Final = (
    *_there("a bucket is replicated to the one of its short name", _BUCKET, bound="always"),
    *_same(
        "copies would be moved, kept or deleted otherwise than what they are copies of",
        f"{_BUCKET}.storage_class",
        f"{_BUCKET}.lifecycle.*",
    ),
    *_same("CloudFront reads both or neither", f"{_BUCKET}.read_by_cloudfront", bound="always"),
)
_IMAGES: Final = (
    *_there("its images are kept with no lifecycle of theirs", "registry.repositories.*"),
    *_same("images would be scanned otherwise", "registry.scan"),
    *_at_least("a version to roll back to may be missing", "registry.lifecycle.keep_images"),
)
_CLUSTER: Final = (
    *_there("pods that ask for it find no node", _GROUP),
    *_same(
        "workloads meet another version at the moment of the failover",
        "cluster.version",
        "cluster.addons.*.version",
    ),
    *_same(
        "pods are placed by it",
        f"{_GROUP}.instance_types",
        f"{_GROUP}.capacity_type",
        f"{_GROUP}.ami_type",
        f"{_GROUP}.tier",
        "cluster.tier",
        f"{_GROUP}.labels",
    ),
    *_same("pods are placed by it", f"{_GROUP}.taints", holds=equal_sets),
    *_same("nobody, or somebody else, adds nodes", f"{_GROUP}.autoscaler"),
    *_same("nodes have other disks", f"{_GROUP}.root_volume.type"),
    *_at_least(
        "nodes have smaller or slower disks",
        f"{_GROUP}.root_volume.size_gib",
        f"{_GROUP}.root_volume.iops",
        f"{_GROUP}.root_volume.throughput_mibps",
    ),
    *_same("what separates pods would not hold", "cluster.network_policies"),
    *_same("pods would lack their rights", "cluster.identities.*.*"),
)
_QUEUE: Final = "messaging.queues.*"
_MESSAGING: Final = (
    *_there("who sends or works finds no queue", _QUEUE),
    *_same("messages would be tried otherwise", f"{_QUEUE}.visibility_timeout_seconds", f"{_QUEUE}.max_receives"),
    *_at_least(
        "messages would be lost sooner", f"{_QUEUE}.retention_seconds", f"{_QUEUE}.dead_letter_retention_seconds"
    ),
)
_SERVICE: Final = "containers.services.*"
_CONTAINERS: Final = (
    *_there("what it does for others would be done by nobody", _SERVICE),
    *_same("services would be found by other names", "containers.namespace", f"{_SERVICE}.discoverable"),
    *_same("the failover would change the version", f"{_SERVICE}.task.image", holds=same_image),
    *_same(
        "tasks would be other tasks",
        f"{_SERVICE}.task.command",
        f"{_SERVICE}.task.user",
        f"{_SERVICE}.task.size.architecture",
        f"{_SERVICE}.task.volumes",
        f"{_SERVICE}.task.stop_timeout_seconds",
    ),
    *_same("tasks would lack their rights", f"{_SERVICE}.task.role.*.*.actions", holds=equal_sets),
    *_same("tasks would lack their rights", f"{_SERVICE}.task.role.buckets.*.prefix"),
    *_at_least(
        "tasks would have less to work with",
        f"{_SERVICE}.task.size.cpu_units",
        f"{_SERVICE}.task.size.memory_mib",
        f"{_SERVICE}.task.size.storage_gib",
    ),
    *_at_least("fewer tasks would do the same work", f"{_SERVICE}.scaling.max"),
    *_at_least("what is promised of it would not hold", f"{_SERVICE}.always_running", f"{_SERVICE}.capacity.base"),
    *_same("nobody would be let in, or others", f"{_SERVICE}.port", f"{_SERVICE}.protocol"),
    *_same("nobody would be let in, or others", f"{_SERVICE}.clients", f"{_SERVICE}.reaches", holds=equal_sets),
    *_same(
        "requests would be sent otherwise",
        f"{_SERVICE}.target.paths",
        f"{_SERVICE}.target.priority",
        f"{_SERVICE}.target.health_path",
        f"{_SERVICE}.target.deregistration_delay_seconds",
    ),
    *_same("work would be cut off", f"{_SERVICE}.task_protection"),
)
_EDGE: Final = (
    *_same("both serve one name", "edge.domain", bound="always"),
    *_same("applications answer one path", "edge.health_check.path"),
    *_same("clients would be taken otherwise", "edge.balancer.tls_policy", "edge.balancer.idle_timeout_seconds"),
    *_same(
        "targets would come and go otherwise",
        "edge.balancer.deregistration_delay_seconds",
        "edge.balancer.target_health.*",
    ),
    *_same(
        "the firewall would let through, or stop, what the primary's does not",
        "edge.firewall.rate_limit",
        "edge.firewall.rate_window_seconds",
        "edge.firewall.counted_rules",
    ),
    *_same(
        "the firewall would let through, or stop, what the primary's does not",
        "edge.firewall.blocked_countries",
        holds=equal_sets,
    ),
)
_CONTROLLERS: Final = ("cluster_autoscaler", "load_balancer_controller", "pgbouncer")
_PODS: Final = (*_CONTROLLERS, "device_plugin")
_KUBERNETES: Final = (
    *_same("pods would be refused, or less confined", f"{_LAYER}.namespaces.*.pod_security"),
    *_same("pods would reach less, or more", f"{_LAYER}.namespaces.*.reach", holds=equal_sets),
    *_same("the API server would not reach webhooks", f"{_LAYER}.namespaces.*.webhook_ports", holds=equal_sets),
    *_at_least(
        "pods beyond it would be refused",
        f"{_LAYER}.namespaces.*.quota.cpu",
        f"{_LAYER}.namespaces.*.quota.memory",
        f"{_LAYER}.namespaces.*.quota.storage",
        holds=quantity,
    ),
    *_at_least("pods beyond it would be refused", f"{_LAYER}.namespaces.*.quota.pods"),
    *_same("containers that do not say would get otherwise", f"{_LAYER}.namespaces.*.defaults.*"),
    *_same("pods of a class that is missing are refused", f"{_LAYER}.priorities"),
    *_same("claims would get other volumes", f"{_LAYER}.storage_classes.*.*"),
    *_same("requests would not reach the application", f"{_LAYER}.application.*"),
    *_same(
        "the failover would change the version",
        *(f"{_LAYER}.{one}.image" for one in _PODS),
    ),
    *_same("others would be pushed off a full node", *(f"{_LAYER}.{one}.priority" for one in _CONTROLLERS)),
    *_at_least("fewer would do the same work", *(f"{_LAYER}.{one}.replicas" for one in _CONTROLLERS)),
    *_at_least("they would have less to work with", *(f"{_LAYER}.{one}.resources.*" for one in _PODS), holds=quantity),
    *_same("clients would not be let in", f"{_LAYER}.pgbouncer.user", f"{_LAYER}.pgbouncer.namespace"),
    *_at_least(
        "clients find fewer connections",
        f"{_LAYER}.pgbouncer.max_client_connections",
        f"{_LAYER}.pgbouncer.pool_size",
        f"{_LAYER}.pgbouncer.prepared_statements",
    ),
)
_BACKUP: Final = (
    *_same("the lock would bind less", "backup.lock.mode"),
    *_at_least("points could be deleted sooner", "backup.lock.least_days"),
    *_at_least("points that the primary keeps so long could not be kept", "backup.lock.most_days"),
    *_at_least(
        "what is not copied is lost with the region or with its source's key", "backup.resources", holds=superset
    ),
)
_OBJECTIVES: Final = _there("nothing is promised of it for the loss of the region", "recovery.objectives.*")

ROWS: Final[tuple[Row, ...]] = (
    *_IDENTITY,
    *_KEYS,
    *_DATABASE,
    *_CACHE,
    *_BUCKETS,
    *_IMAGES,
    *_CLUSTER,
    *_MESSAGING,
    *_CONTAINERS,
    *_EDGE,
    *_KUBERNETES,
    *_BACKUP,
    *_OBJECTIVES,
)
"""Every comparison of one path, in the order of the file. Of several rows for a path the first failure is reported."""

READ: Final = (
    "identity.role",
    "identity.region",
    "network.cidr",
    "network.nat",
    "network.zones",
    "network.tiers.*.internet",
    "network.peers.*.cidr",
    "network.peers.*.tiers",
    "network.peers.*.route_tables",
    "management.cidr",
    "management.nat",
    "management.zones",
    "management.tiers.*.internet",
    "management.peers.*.cidr",
    "management.peers.*.tiers",
    "cluster.node_groups.*.scaling.per",
    "cluster.node_groups.*.scaling.min",
    "cluster.node_groups.*.scaling.max",
    "cluster.node_groups.*.active.min",
    "data.postgres.source_arn",
    "data.redis.in_global_datastore",
    "data.buckets.*.name",
    "edge.health_check.interval_seconds",
    "edge.health_check.failure_threshold",
    "edge.cdn.origin_keepalive_seconds",
    "edge.cdn.origin_shield",
    "edge.cdn.assets.bucket",
    "edge.cdn.assets.standby.*",
    "backup.copy_from_primary.source_retention_days",
    "recovery.objectives.*.*",
    "recovery.availability_percent",
    "recovery.standby.primary",
    "recovery.standby.active",
    "recovery.standby.detection.*",
    "recovery.standby.differs",
)
"""What the checks of `config.pairs` read beside the rows: settings that are held against others than their own like."""

FREE: Final[Mapping[str, str]] = {
    "as_of": "a day of checking each file",
    "identity.owner": "people",
    "identity.cost_center": "people",
    "identity.extra_tags": "labels only",
    "network.tiers.*.cidrs": "each region has a plan of its own; its own rules ask for the addresses",
    "network.tiers.*.kind": "each region has a plan of its own; what needs a tier of a kind asks for one in each file",
    "network.nat_tier": "each region has a plan of its own",
    "network.endpoints.*": "ways to AWS's services, which exist by NAT too",
    "network.flow_logs.*": "records, which each region keeps of itself",
    "network.peers.*.node_ports": "who operates from where: the management VPC is lost with its region",
    "network.admin_cidrs": "who operates from where",
    "management.tiers.*.cidrs": "each region has a plan of its own",
    "management.tiers.*.kind": "each region has a plan of its own",
    "management.nat_tier": "each region has a plan of its own",
    "management.endpoints.*": "each VPC has its own",
    "management.flow_logs.*": "each VPC has its own",
    "management.peers.*.*": "a standby attaches its workload VPC only",
    "management.admin_cidrs": "refused everywhere",
    "keys.deletion_window_days": "each region's own",
    "keys.rotation_days": "a replica rotates with its primary",
    "cluster.support": "what happens after the end of support, which both versions meet on one day",
    "cluster.public_access_cidrs": "who operates from where",
    "cluster.private_access_cidrs": "who operates from where",
    "cluster.logs": "records, which each region keeps of itself",
    "cluster.log_retention_days": "records",
    "cluster.node_groups.*.scaling.desired": "a count at creation only",
    "cluster.node_groups.*.active.desired": "a count at the failover only; the minimum is held",
    "cluster.node_groups.*.policies.*.*": "a waiting standby answers load otherwise; its maximum is held",
    "cluster.node_groups.*.policies.scheduled.*.*": "minima by the clock, which only who serves needs",
    "cluster.pod_addresses.*": "follows the address plan of each region",
    "cluster.access.*.*": "who operates from where",
    "messaging.queues.*.purpose": "words",
    "containers.insights": "measurements",
    "containers.sessions.*": "records",
    "containers.services.*.purpose": "words",
    "containers.services.*.tier": "each region has a plan of its own",
    "containers.services.*.log_retention_days": "records",
    "containers.services.*.desired": "a count at creation only, or thrift while it waits; the most are held",
    "containers.services.*.capacity.fargate_weight": "thrift, not capacity; what must not be interrupted is held",
    "containers.services.*.capacity.spot_weight": "thrift, not capacity; what must not be interrupted is held",
    "containers.services.*.scaling.min": "a waiting standby has little to do; what is promised is held",
    "containers.services.*.scaling.cpu_percent": "a waiting standby answers load otherwise; its most are held",
    "containers.services.*.scaling.memory_percent": "a waiting standby answers load otherwise; its most are held",
    "containers.services.*.scaling.requests_per_target": "a waiting standby answers load otherwise",
    "containers.services.*.scaling.backlog.*": "a waiting standby answers load otherwise; its own rules bind them",
    "containers.services.*.scaling.scale_out_seconds": "pace, not capacity",
    "containers.services.*.scaling.scale_in_seconds": "pace, not capacity",
    "containers.services.*.scaling.scheduled.*.*": "bounds by the clock, which only who serves needs",
    "containers.services.*.target.interval_seconds": "patience, not capacity",
    "containers.services.*.target.timeout_seconds": "patience, not capacity",
    "containers.services.*.target.healthy_threshold": "patience, not capacity",
    "containers.services.*.target.unhealthy_threshold": "patience, not capacity",
    "containers.services.*.target.grace_seconds": "patience, not capacity",
    "containers.services.*.deployment.*": "how tasks are replaced, in each region by itself",
    "containers.services.*.task.health.*": "patience, not capacity",
    "containers.services.*.task.environment": "places and names of each region",
    "containers.services.*.task.secrets.*.*": "each region has its own secrets",
    "containers.services.*.task.role.*.*.reason": "words",
    "containers.services.*.task.ecs_exec": "who operates from where",
    "data.log_retention_days": "records",
    "data.access_log_retention_days": "records",
    "data.postgres.tier": "each region has a plan of its own",
    "data.redis.tier": "each region has a plan of its own",
    "edge.tier": "each region has a plan of its own",
    "data.postgres.generation": "counts differ between a failover and the end of its failback",
    "data.postgres.previous_generations": "as generation",
    "data.postgres.backup_window_utc": "each region's quiet hour",
    "data.postgres.maintenance_window_utc": "each region's quiet hour",
    "data.postgres.performance_insights_days": "measurements",
    "data.postgres.enhanced_monitoring_seconds": "measurements",
    "data.postgres.secret.rotation_days": "the primary rotates for both",
    "data.postgres.proxy.borrow_timeout_seconds": "patience, not capacity",
    "data.postgres.proxy.idle_client_timeout_seconds": "patience, not capacity",
    "data.redis.snapshot_window_utc": "each region's quiet hour",
    "data.redis.maintenance_window_utc": "each region's quiet hour",
    "data.redis.secret.rotation_days": "the primary rotates for both",
    "data.buckets.*.purpose": "words",
    "data.buckets.*.archive_without_backup": "words",
    "registry.lifecycle.untagged_days": "nobody pulls what has no tag",
    "registry.repositories.*.purpose": "words",
    "edge.firewall.log_retention_days": "records",
    "edge.cdn.price_class": "the primary's alone; a rule refuses a standby's",
    "edge.cdn.tls_minimum": "the primary's alone",
    "edge.cdn.origin_timeout_seconds": "the primary's alone",
    "edge.cdn.hsts_days": "the primary's alone",
    "edge.cdn.content_security_policy": "the primary's alone",
    "edge.cdn.assets.paths.*.*": "the primary's alone",
    "kubernetes.cluster_autoscaler.idle_below_percent": "thrift, not capacity",
    "kubernetes.cluster_autoscaler.idle_minutes": "thrift, not capacity",
    "observability": "each region watches what stands in it; channels and thresholds are its own",
    "audit": "what is of the account stands in the primary only (ADR 0015)",
    "cost": "each stack has a budget of its own",
    "backup.lock.cooling_off_days": "part of the mode, which is held",
    "backup.events": "mail",
    "backup.rules.*.*": "a standby's vault takes copies; while it serves, RDS backs its database up, which is held",
    "backup.restore_testing.*": "trials of the primary's points",
    "backup.copy_from_primary.*": "a standby's alone",
    "recovery.standby.*": "a standby's alone",
    "recovery.standby.*.*": "a standby's alone",
    "recovery.standby.*.lag_alarm.*": "a standby's alone",
}
"""What may differ without a reason, and why."""
