"""What of a standby's settings is held against the value at the same path of its primary's, and what is not.

A row says what must hold, and whether the standby may differ with a reason (`recovery.standby.differs`). Whatever a
stack file can say is in `ROWS`, in `READ` or in `FREE`; a test holds the three against the schema, so that a new
setting is placed on the day it is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.pairs.instances import FREE_INSTANCES, INSTANCES
from config.pairs.measures import (
    as_many,
    equal_sets,
    not_older,
    not_smaller,
    quantity,
    same_major,
    superset,
)
from config.pairs.row import at_least, same, there
from config.pairs.services import API, CONTAINERS, FREE_SERVICES, FUNCTIONS, INFERENCE, MESSAGING, SOCKETS
from config.pairs.streaming import FREE_STREAMING, READ_STREAMING, STREAMING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.pairs.row import Row

_LAYER: Final = "kubernetes"
_GROUP: Final = "cluster.node_groups.*"
_POSTGRES: Final = "data.postgres"
_REDIS: Final = "data.redis"
_BUCKET: Final = "data.buckets.*"
_TABLE: Final = "data.tables.*"

_IDENTITY: Final = same(
    "names, rights and replication are made for one system in one account",
    "identity.system",
    "identity.environment",
    "identity.account_id",
    "identity.data_class",
    bound="always",
)
_KEYS: Final = (
    *there("what the primary encrypts cannot be read without it", "keys.domains.*", bound="always"),
    *same(
        "a key here is a replica of the primary's exactly if both are multi-Region",
        "keys.domains.*.multi_region",
        bound="always",
    ),
)
_DATABASE: Final = (
    *same(
        "no database follows one of another major version",
        f"{_POSTGRES}.engine_version",
        bound="always",
        holds=same_major,
    ),
    *at_least(
        "RDS upgrades no source while its replica is older: raise the replica first",
        f"{_POSTGRES}.engine_version",
        holds=not_older,
    ),
    *same(
        "a replica has its source's",
        f"{_POSTGRES}.database_name",
        f"{_POSTGRES}.master_username",
        bound="always",
    ),
    *at_least("a smaller class does not carry the primary's load", f"{_POSTGRES}.instance_class", holds=not_smaller),
    *at_least(
        "the promoted database would have to do with less",
        f"{_POSTGRES}.multi_az",
        f"{_POSTGRES}.storage.allocated_gib",
        f"{_POSTGRES}.storage.max_allocated_gib",
        f"{_POSTGRES}.storage.iops",
        f"{_POSTGRES}.storage.throughput_mibps",
        f"{_POSTGRES}.backup_retention_days",
    ),
    *same("the promoted database would behave otherwise", f"{_POSTGRES}.storage.type", f"{_POSTGRES}.parameters"),
    *at_least("fewer readers carry fewer reads", f"{_POSTGRES}.replicas", holds=as_many),
    *at_least(
        "clients find fewer connections, or an open door",
        f"{_POSTGRES}.proxy.max_connections_percent",
        f"{_POSTGRES}.proxy.require_tls",
    ),
)
_CACHE: Final = (
    *same("all members of a Global Datastore share it", f"{_REDIS}.engine", f"{_REDIS}.engine_version",
           f"{_REDIS}.node_type", f"{_REDIS}.shards", bound="redis"),
    *at_least(
        "a lost zone, or a lost region, would cost more of the cache",
        f"{_REDIS}.replicas_per_shard",
        f"{_REDIS}.snapshot_retention_days",
    ),
)  # fmt: skip
_BUCKETS: Final = (
    *there("a bucket is replicated to the one of its short name", _BUCKET, bound="always"),
    *same(
        "copies would be moved, kept or deleted otherwise than what they are copies of",
        f"{_BUCKET}.storage_class",
        f"{_BUCKET}.lifecycle.*",
        f"{_BUCKET}.intelligent_tiering.*",
    ),
    *same("CloudFront reads both or neither", f"{_BUCKET}.read_by_cloudfront", bound="always"),
)
_TABLES: Final = (
    *there("who reads or writes it would find none here", _TABLE),
    *same(
        "the copy here is of the primary's table",
        f"{_TABLE}.partition_key.*",
        f"{_TABLE}.sort_key.*",
        f"{_TABLE}.local_indexes",
        f"{_TABLE}.global_indexes",
        f"{_TABLE}.ttl_attribute",
        f"{_TABLE}.stream",
        f"{_TABLE}.table_class",
        bound="always",
    ),
)
_IMAGES: Final = (
    *there("its images are kept with no lifecycle of theirs", "registry.repositories.*"),
    *same("images would be scanned otherwise", "registry.scan"),
    *at_least("a version to roll back to may be missing", "registry.lifecycle.keep_images"),
)
_CLUSTER: Final = (
    *there("pods that ask for it find no node", _GROUP),
    *same(
        "workloads meet another version at the moment of the failover",
        "cluster.version",
        "cluster.addons.*.version",
    ),
    *same(
        "pods are placed by it",
        f"{_GROUP}.instance_types",
        f"{_GROUP}.capacity_type",
        f"{_GROUP}.ami_type",
        f"{_GROUP}.tier",
        "cluster.tier",
        f"{_GROUP}.labels",
    ),
    *same("pods are placed by it", f"{_GROUP}.taints", holds=equal_sets),
    *same("nobody, or somebody else, adds nodes", f"{_GROUP}.autoscaler"),
    *same("nodes have other disks", f"{_GROUP}.root_volume.type"),
    *at_least(
        "nodes have smaller or slower disks",
        f"{_GROUP}.root_volume.size_gib",
        f"{_GROUP}.root_volume.iops",
        f"{_GROUP}.root_volume.throughput_mibps",
    ),
    *same("what separates pods would not hold", "cluster.network_policies"),
    *same("pods would lack their rights", "cluster.identities.*.*"),
    *same("pods would send traces to nobody", "cluster.traces"),
)
_EDGE: Final = (
    *same("both serve one name", "edge.domain", bound="always"),
    *same("Route 53 refuses records of one name with different policies", "edge.routing", bound="always"),
    *same("both serve one door", "edge.accelerator.host", bound="always"),
    *same("both serve the same names", "edge.hosts", bound="always", holds=equal_sets),
    *same("requests would be sent otherwise", "edge.balancer.pods.paths", "edge.balancer.pods.priority"),
    *same("requests would be sent otherwise", "edge.balancer.pods.hosts", holds=equal_sets),
    *same("applications answer one path", "edge.health_check.path"),
    *same("clients would be taken otherwise", "edge.balancer.tls_policy", "edge.balancer.idle_timeout_seconds"),
    *same(
        "targets would come and go otherwise",
        "edge.balancer.deregistration_delay_seconds",
        "edge.balancer.target_health.*",
    ),
    *same(
        "the firewall would let through, or stop, what the primary's does not",
        "edge.firewall.rate_limit",
        "edge.firewall.rate_window_seconds",
        "edge.firewall.counted_rules",
        "edge.firewall.rules",
    ),
    *same(
        "the firewall would let through, or stop, what the primary's does not",
        "edge.firewall.blocked_countries",
        holds=equal_sets,
    ),
)
_OPERATORS: Final = (
    *there("who operates the primary finds no role here", "operators.roles.*"),
    *at_least("who operates could do less while this stack serves", "operators.roles.*.rights", holds=superset),
)
_CONTROLLERS: Final = ("cluster_autoscaler", "load_balancer_controller", "pgbouncer")
_PODS: Final = (*_CONTROLLERS, "device_plugin")
_KUBERNETES: Final = (
    *same("pods would be refused, or less confined", f"{_LAYER}.namespaces.*.pod_security"),
    *same("pods would reach less, or more", f"{_LAYER}.namespaces.*.reach", holds=equal_sets),
    *same("the API server would not reach webhooks", f"{_LAYER}.namespaces.*.webhook_ports", holds=equal_sets),
    *at_least(
        "pods beyond it would be refused",
        f"{_LAYER}.namespaces.*.quota.cpu",
        f"{_LAYER}.namespaces.*.quota.memory",
        f"{_LAYER}.namespaces.*.quota.storage",
        holds=quantity,
    ),
    *at_least("pods beyond it would be refused", f"{_LAYER}.namespaces.*.quota.pods"),
    *same("containers that do not say would get otherwise", f"{_LAYER}.namespaces.*.defaults.*"),
    *same("pods of a class that is missing are refused", f"{_LAYER}.priorities"),
    *same("claims would get other volumes", f"{_LAYER}.storage_classes.*.*"),
    *same("requests would not reach the application", f"{_LAYER}.application.*"),
    *same(
        "the failover would change the version",
        *(f"{_LAYER}.{one}.image" for one in _PODS),
    ),
    *same("others would be pushed off a full node", *(f"{_LAYER}.{one}.priority" for one in _CONTROLLERS)),
    *at_least("fewer would do the same work", *(f"{_LAYER}.{one}.replicas" for one in _CONTROLLERS)),
    *at_least("they would have less to work with", *(f"{_LAYER}.{one}.resources.*" for one in _PODS), holds=quantity),
    *same("clients would not be let in", f"{_LAYER}.pgbouncer.user", f"{_LAYER}.pgbouncer.namespace"),
    *at_least(
        "clients find fewer connections",
        f"{_LAYER}.pgbouncer.max_client_connections",
        f"{_LAYER}.pgbouncer.pool_size",
        f"{_LAYER}.pgbouncer.prepared_statements",
    ),
)
_BACKUP: Final = (
    *same("the lock would bind less", "backup.lock.mode"),
    *at_least("points could be deleted sooner", "backup.lock.least_days"),
    *at_least("points that the primary keeps so long could not be kept", "backup.lock.most_days"),
    *at_least(
        "what is not copied is lost with the region or with its source's key", "backup.resources", holds=superset
    ),
)
_OBJECTIVES: Final = there("nothing is promised of it for the loss of the region", "recovery.objectives.*")

ROWS: Final[tuple[Row, ...]] = (
    *_IDENTITY,
    *_KEYS,
    *_DATABASE,
    *_CACHE,
    *_BUCKETS,
    *_TABLES,
    *_IMAGES,
    *_CLUSTER,
    *MESSAGING,
    *CONTAINERS,
    *FUNCTIONS,
    *_EDGE,
    *API,
    *SOCKETS,
    *INFERENCE,
    *_OPERATORS,
    *STREAMING,
    *INSTANCES,
    *_KUBERNETES,
    *_BACKUP,
    *_OBJECTIVES,
)
"""Every comparison of one path, in the order of the file. Of several rows for a path the first failure is reported."""

READ: Final = (
    "identity.role",
    "identity.region",
    "residency.classes.*.*",
    "residency.exceptions.*.*",
    "residency.prevails",
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
    *READ_STREAMING,
    "data.buckets.*.name",
    "data.buckets.*.replica.*",
    "data.tables.*.replica_regions",
    "edge.health_check.interval_seconds",
    "edge.health_check.failure_threshold",
    "edge.cdn.origin_keepalive_seconds",
    "edge.cdn.origin_shield",
    "edge.cdn.buckets.*.standby.*",
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
    **FREE_SERVICES,
    **FREE_STREAMING,
    **FREE_INSTANCES,
    "as_of": "a day of checking each file",
    "recovery.tier": "a standby's own; a primary has none",
    "identity.owner": "people",
    "claims.*.*": "what users are made to ask, wherever the name leads",
    "operators.roles.*.purpose": "words",
    "operators.roles.*.trusted": "people",
    "operators.roles.*.mfa_minutes": "how people come in, in each region by itself",
    "operators.roles.*.session_hours": "how people come in, in each region by itself",
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
    "cluster.node_groups.*.zones": "each region's zones sell other types",
    "cluster.node_groups.*.scaling.desired": "a count at creation only",
    "cluster.node_groups.*.active.desired": "a count at the failover only; the minimum is held",
    "cluster.node_groups.*.policies.*.*": "a waiting standby answers load otherwise; its maximum is held",
    "cluster.node_groups.*.policies.scheduled.*.*": "minima by the clock, which only who serves needs",
    "cluster.fargate_profiles": "on Fargate or on nodes pods run alike; each file's own rules ask for the room",
    "cluster.pod_addresses.*": "follows the address plan of each region",
    "cluster.access.*.*": "who operates from where",
    "data.log_retention_days": "records",
    "data.access_log_retention_days": "records",
    "data.postgres.tier": "each region has a plan of its own",
    "data.redis.tier": "each region has a plan of its own",
    "edge.balancer.pods.ping_seconds": "held to the time-outs of its own region",
    "edge.accelerator.traffic_dial_percent": "drained by itself",
    "edge.accelerator.sticky": "the primary's alone, whose listener it is",
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
    "data.buckets.*.replica.lag_alarm.*": "of a copy beside which no standby may replicate the bucket",
    "data.tables.*.purpose": "words",
    "data.tables.*.point_in_time_recovery_days": "the primary's alone, which makes the copy here",
    "data.tables.*.on_demand.*": "the primary's alone, which makes the copy here",
    "data.tables.*.provisioned.*.*": "of a table without copies",
    "data.tables.*.contributor_insights": "measurements",
    "registry.lifecycle.untagged_days": "nobody pulls what has no tag",
    "registry.repositories.*.purpose": "words",
    "edge.firewall.log_retention_days": "records",
    "edge.cdn.price_class": "the primary's alone; a rule refuses a standby's",
    "edge.cdn.tls_minimum": "the primary's alone",
    "edge.cdn.origin_timeout_seconds": "the primary's alone",
    "edge.cdn.hsts_days": "the primary's alone",
    "edge.cdn.api_paths": "the primary's alone",
    "edge.cdn.content_security_policy": "the primary's alone",
    "edge.cdn.buckets.*.origin_id": "the primary's alone",
    "edge.cdn.buckets.*.signers": "the primary's alone",
    "edge.cdn.buckets.*.paths.*.*": "the primary's alone",
    "kubernetes.cluster_autoscaler.idle_below_percent": "thrift, not capacity",
    "kubernetes.cluster_autoscaler.idle_minutes": "thrift, not capacity",
    "kubernetes.karpenter": "starts nodes for pods that wait where they wait; jobs need not run in both regions",
    "beanstalk": "an environment takes its load from its own region's load balancer, and scales with it",
    "observability": "each region watches what stands in it; channels and thresholds are its own",
    "experiments": "each region puts its own promises to the test",
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
