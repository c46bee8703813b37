"""Settings that have one valid value, or that need others changed with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.components.settings_experiments import EXPERIMENTS
from tests.components.settings_functions import FUNCTIONS
from tests.components.settings_instances import INSTANCES
from tests.components.settings_nodes import NODES
from tests.components.settings_residency import RESIDENCY
from tests.components.settings_streaming import STREAMING
from tests.config.containersfile import STACK as SHOP
from tests.config.leaves import GONE

if TYPE_CHECKING:
    from collections.abc import Mapping

UNPLANNED: Final[Mapping[str, str]] = {
    "cost.anomalies": "waits for cost.billed",
    "edge.balancer.pods": "says pings here; without it pods get what no rule takes, too",
    "recovery": "in a primary, promises alone",
    "recovery.standby": "a standby cannot be without it",
    "recovery.standby.detection": "is that of its primary's health check",
}
"""Sections without which the plan is the same, or no plan at all, each with its reason."""

BOUND: Final[Mapping[str, str]] = {
    "identity.role": "is what recovery.standby makes of a stack",
    "recovery.standby.detection.failure_threshold": "is that of its primary's health check",
    "recovery.standby.detection.interval_seconds": "is that of its primary's health check",
    "recovery.standby.primary": "names the one stack that it follows",
    "recovery.tier": "is the one that stands",
    "instances.*.image.architecture": "is that of the group's types",
    "kubernetes.application.port": "is the one port that the nodes' group admits from the load balancer",
    "management.admin_cidrs.*": "is refused: no bastion stands there",
    "management.peers.*.node_ports.*": "is refused: no node stands there",
    "management.peers.*.route_tables.*": "is refused: a primary makes its own routes",
    "network.peers.*.route_tables.*": "is every table of the tiers that lead back",
}
"""Settings that have no other valid value, whatever else is changed, each with its reason."""

LOOSE: Final = {
    f"recovery.objectives.{service}.{promise}": 500
    for service in ("cluster", "postgres", "redis", "buckets", "secrets", "images", "system")
    for promise in ("rto_minutes", "rpo_minutes")
}
"""Objectives of dr that hold whatever its mechanisms are set to."""

BARE: Final = {
    **dict.fromkeys(("kubernetes", "recovery", "edge", "observability", "backup"), GONE),
    **dict.fromkeys((f"cluster.node_groups.{name}.autoscaler" for name in ("blockchain", "gpu", "monitoring")), False),
    "cluster.identities": {},
}
"""Prod without a Kubernetes layer and what needs one."""

IMAGE: Final = "kubernetes.cluster_autoscaler.image"
MONITOR: Final = "arn:aws:ce::100000000004:anomalymonitor/3a2b1c4d-0000-1111-2222-333344445555"


_BY_START: Final = "data.tables.sessions.local_indexes.by-start"
_BY_DEVICE: Final = "data.tables.sessions.global_indexes.by-device"
REPLICA: Final = {"data.buckets.app-data.replica.region": "us-west-2"}
"""A copy of one of prod's buckets."""


def _tier(kind: str, base: int, zones: int) -> dict[str, Any]:
    """Return one more tier of a kind for prod's VPCs, from a third octet on."""
    vpc, way = (0 if zones == 3 else 1), {"public": "direct", "private": "nat", "isolated": "none"}[kind]
    return {"kind": kind, "cidrs": [f"10.{vpc}.{base + at}.0/24" for at in range(zones)], "internet": way}


TOGETHER: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    **EXPERIMENTS,
    **NODES,
    "data.tables.*.local_indexes.*.non_key_attributes.*": (
        SHOP,
        {f"{_BY_START}.non_key_attributes": ["country"], f"{_BY_START}.projection": "INCLUDE"},
    ),
    "data.tables.*.local_indexes.*.sort_key.type": (
        SHOP,
        {f"{_BY_START}.sort_key.type": "S", f"{_BY_DEVICE}.sort_key.type": "S"},
    ),
    "data.tables.*.global_indexes.*.sort_key.type": (
        SHOP,
        {f"{_BY_DEVICE}.sort_key.type": "S", f"{_BY_START}.sort_key.type": "S"},
    ),
    "api.routes.*.service": (
        SHOP,
        {"api.routes.catalogue.service": "live", "containers.services.live.api_target": {"health_path": "/health"}},
    ),
    **FUNCTIONS,
    **STREAMING,
    **INSTANCES,
    **{
        f"edge.accelerator.{key}": (
            "prod",
            {f"edge.accelerator.{key}": value, "edge.accelerator.host": "door.phoenix.example"},
        )
        for key, value in {"host": "door.phoenix.example", "traffic_dial_percent": 50, "sticky": True}.items()
    },
    "api.tier": (SHOP, {"api.tier": "blockchain"}),
    **RESIDENCY,
    "cluster.node_groups.*.zones.*": (
        "prod",
        {"cluster.node_groups.gpu.zones": ["a", "b"], "cluster.node_groups.gpu.scaling.max": 6},
    ),
    "audit.configuration.rules.*.resource_types.*": (
        "prod",
        {"audit.configuration.rules.ebs-volume-encryption.resource_types": ["AWS::EC2::Volume"]},
    ),
    "audit.posture.standards.*": ("prod", {"audit.posture.standards.cis-aws-foundations-benchmark": "3.0.0"}),
    "backup.lock.cooling_off_days": ("prod", {"backup.lock.cooling_off_days": 4, "backup.lock.mode": "compliance"}),
    "backup.lock.mode": ("prod", {"backup.lock.mode": "compliance", "backup.lock.cooling_off_days": 3}),
    **{
        f"cluster.access.*.{key}": (
            "prod",
            {
                "cluster.access.operators": {
                    "principal_arn": "arn:aws:iam::100000000004:role/operators",
                    "policy": "AmazonEKSViewPolicy",
                    "namespaces": ["phoenix"],
                }
            },
        )
        for key in ("namespaces.*", "policy", "principal_arn")
    },
    "cluster.node_groups.*.active.desired": (
        "dr",
        {"cluster.node_groups.general.active.desired": 6, "recovery.standby.active": True},
    ),
    "cluster.node_groups.*.active.min": (
        "dr",
        {"cluster.node_groups.general.active.min": 4, "recovery.standby.active": True},
    ),
    "cluster.traces": ("prod", {"cluster.traces": True}),
    "cluster.network_policies": ("prod", {"cluster.network_policies": False, **BARE}),
    "cluster.node_groups.*.policies.scheduled.*.time_zone": (
        "prod",
        {"cluster.node_groups.general.policies.scheduled.evening.time_zone": "Europe/Paris"},
    ),
    "cluster.node_groups.*.root_volume.type": (
        "prod",
        {
            "cluster.node_groups.general.root_volume.type": "io2",
            "cluster.node_groups.general.root_volume.iops": 3500,
        },
    ),
    "cluster.node_groups.*.scaling.per": (
        "prod",
        {"cluster.node_groups.general.scaling.per": "group", "observability.alarms.few-nodes.threshold": 3},
    ),
    "beanstalk.target.hosts.*": (SHOP, {"beanstalk.target.hosts": ["live.phoenix.example"]}),
    "beanstalk.reaches.*": (SHOP, {"beanstalk.reaches": ["postgres"]}),
    "beanstalk.tier": (SHOP, {"beanstalk.tier": "private", "cluster.node_groups.monitoring.scaling.max": 2}),
    "cluster.public_access_cidrs.*": ("prod", {"cluster.public_access_cidrs": ["203.0.113.0/24"]}),
    "cluster.tier": (
        "prod",
        {
            "cluster.tier": "blockchain",
            **{f"cluster.node_groups.{name}.tier": "private" for name in ("general", "gpu", "monitoring")},
        },
    ),
    "cluster.version": (
        "prod",
        {
            "cluster.version": "1.34",
            "cluster.addons.kube-proxy.version": "v1.34.1-eksbuild.2",
            IMAGE: "registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.2@sha256:" + 64 * "a",
        },
    ),
    "containers.services.*.scaling.backlog.queue": (
        SHOP,
        {
            "containers.services.worker.scaling.backlog.queue": "audio",
            "messaging.queues.audio": {"purpose": "Sound to be cut", "visibility_timeout_seconds": 1800},
            "containers.services.worker.task.role.queues.audio": {
                "actions": ["sqs:DeleteMessage", "sqs:ReceiveMessage"],
                "reason": "Works on the queue",
            },
        },
    ),
    "containers.services.*.scaling.scheduled.*.time_zone": (
        SHOP,
        {"containers.services.web.scaling.scheduled.evening.time_zone": "Europe/Paris"},
    ),
    "containers.services.*.target.grace_seconds": (SHOP, {"containers.services.web.target.grace_seconds": 600}),
    "containers.services.*.tier": (SHOP, {"containers.services.live.tier": "private"}),
    "cost.allocation_tags.*": ("prod", {"cost.allocation_tags": ["Project", "Stack"], "cost.billed": True}),
    "cost.anomalies.frequency": ("prod", {"cost.anomalies.frequency": "WEEKLY", "cost.billed": True}),
    "cost.anomalies.monitor_arn": (
        "prod",
        {
            "cost.anomalies.monitor_arn": MONITOR,
            "cost.billed": True,
        },
    ),
    "cost.anomalies.threshold_percent": ("prod", {"cost.anomalies.threshold_percent": 21, "cost.billed": True}),
    "cost.anomalies.threshold_usd": ("prod", {"cost.anomalies.threshold_usd": 101, "cost.billed": True}),
    "cost.recipients.*": ("prod", {"cost.recipients": ["finance@phoenix.example"]}),
    "data.buckets.*.lifecycle.glacier_days": ("prod", {"data.buckets.app-data.lifecycle.glacier_days": 200}),
    "data.buckets.*.replica.region": ("prod", REPLICA),
    "data.buckets.*.replica.name": ("prod", {"data.buckets.app-data.replica.name": "phoenix-copy", **REPLICA}),
    "data.buckets.*.replica.time_control": ("prod", {"data.buckets.app-data.replica.time_control": False, **REPLICA}),
    **{
        f"data.buckets.*.replica.lag_alarm.{key}": (
            "prod",
            {
                f"data.buckets.app-data.replica.lag_alarm.{key}": value,
                "data.buckets.app-data.replica.lag_alarm.threshold_seconds": max(value, 900),
                **REPLICA,
            },
        )
        for key, value in (("threshold_seconds", 901), ("period_seconds", 120), ("evaluation_periods", 3))
    },
    "data.buckets.*.storage_class": (
        "prod",
        {
            "data.buckets.static-assets.storage_class": "STANDARD_IA",
            "data.buckets.static-assets.lifecycle.infrequent_access_days": GONE,
        },
    ),
    "data.postgres.previous_generations.*": (
        "prod",
        {"data.postgres.previous_generations": [1], "data.postgres.generation": 2},
    ),
    "data.postgres.multi_az": (
        "prod",
        {
            "data.postgres.multi_az": False,
            "recovery.objectives.postgres": GONE,
            "recovery.availability_percent": GONE,
        },
    ),
    "data.postgres.parameters.*": ("prod", {"data.postgres.parameters.work_mem": "65536"}),
    "data.postgres.source_arn": (
        "prod",
        {
            "data.postgres.source_arn": "arn:aws:rds:us-west-2:100000000004:db:phoenix-dr-database-1",
            "data.postgres.generation": 2,
            "data.postgres.previous_generations": [1],
        },
    ),
    "data.postgres.storage.iops": ("prod", {"data.postgres.storage.iops": 13000}),
    "data.postgres.storage.type": (
        "prod",
        {"data.postgres.storage.type": "io2", "data.postgres.storage.iops": 13000},
    ),
    "data.redis.engine": ("prod", {"data.redis.engine": "valkey", "data.redis.engine_version": "8.0"}),
    "data.postgres.tier": (
        "prod",
        {
            "data.postgres.tier": "another",
            "data.redis.tier": "database",
            "network.tiers.another": _tier("isolated", 51, 3),
        },
    ),
    "data.redis.tier": (
        "prod",
        {
            "data.redis.tier": "another",
            "data.postgres.tier": "database",
            "network.tiers.another": _tier("isolated", 51, 3),
        },
    ),
    "edge.tier": (
        "prod",
        {"edge.tier": "another", "network.nat_tier": "public", "network.tiers.another": _tier("public", 51, 3)},
    ),
    "edge.balancer.pods.hosts.*": (
        SHOP,
        {
            "edge.balancer.pods": {"paths": ["/*"], "hosts": ["phoenix.example"], "priority": 400},
            "containers.services.web.target.paths": ["/api/*", "/login", "/healthz"],
        },
    ),
    "edge.balancer.pods.paths.*": (SHOP, {"edge.balancer.pods": {"paths": ["/more/*", "/healthz"], "priority": 400}}),
    "edge.balancer.pods.priority": (SHOP, {"edge.balancer.pods": {"paths": ["/more/*", "/healthz"], "priority": 401}}),
    "edge.hosts.*": (SHOP, {"edge.hosts": ["live.phoenix.example", "more.phoenix.example"]}),
    "edge.firewall.counted_rules.*.*": (
        "prod",
        {"edge.firewall.counted_rules.AWSManagedRulesCommonRuleSet": ["SizeRestrictions_BODY"]},
    ),
    "operators.roles.*.trusted.*": (
        SHOP,
        {"operators.roles.production.trusted": ["arn:aws:iam::100000000004:user/ada"]},
    ),
    "identity.extra_tags.*": ("prod", {"identity.extra_tags.Team": "platform"}),
    "identity.region": (
        "prod",
        {"identity.region": "us-west-2", "edge.cdn.buckets.static-assets.standby.region": "us-east-1"},
    ),
    "kubernetes.cluster_autoscaler.priority": ("prod", {"kubernetes.cluster_autoscaler.priority": "pooling"}),
    "kubernetes.load_balancer_controller.priority": (
        "prod",
        {"kubernetes.load_balancer_controller.priority": "pooling"},
    ),
    "kubernetes.namespaces.*.reach.*": ("prod", {"kubernetes.namespaces.phoenix.reach": ["data", "https", "api"]}),
    "observability.logs.application_error_pattern": (
        "prod",
        {"observability.logs.application_error_pattern": '{ $.log_processed.level = "panic" }'},
    ),
    "kubernetes.namespaces.*.webhook_ports.*": (
        "prod",
        {"kubernetes.namespaces.amazon-cloudwatch.webhook_ports": [9443, 9444]},
    ),
    "kubernetes.pgbouncer.namespace": ("prod", {"kubernetes.pgbouncer.namespace": "phoenix"}),
    "kubernetes.pgbouncer.priority": ("prod", {"kubernetes.pgbouncer.priority": "platform"}),
    "kubernetes.storage_classes.*.default": (
        "prod",
        {"kubernetes.storage_classes.standard.default": False, "kubernetes.storage_classes.validator.default": True},
    ),
    "management.cidr": (
        "prod",
        {
            "management.cidr": "10.1.0.0/17",
            "network.peers.management.cidr": "10.1.0.0/17",
            "cluster.private_access_cidrs.0": "10.1.0.0/17",
        },
    ),
    "management.endpoints.tier": (
        "prod",
        {"management.endpoints.tier": "another", "management.tiers.another": _tier("private", 51, 2)},
    ),
    "management.peers.*.tiers.*": ("prod", {"management.peers.production.tiers": ["public"]}),
    "management.nat_tier": (
        "prod",
        {"management.nat_tier": "another", "management.tiers.another": _tier("public", 51, 2)},
    ),
    "management.tiers.*.kind": (
        "prod",
        {
            "management.tiers.another.kind": "isolated",
            "management.tiers.another.cidrs": ["10.1.51.0/24", "10.1.52.0/24"],
            "management.tiers.another.internet": "none",
        },
    ),
    "management.tiers.*.internet": ("prod", {"management.tiers.private.internet": "none", "management.nat": "none"}),
    "network.admin_cidrs.*": ("prod", {"network.admin_cidrs": ["203.0.113.0/24"]}),
    "network.cidr": ("prod", {"network.cidr": "10.0.0.0/17", "management.peers.production.cidr": "10.0.0.0/17"}),
    "network.endpoints.tier": ("prod", {"network.endpoints.tier": "blockchain"}),
    "network.nat_tier": (
        "prod",
        {"network.nat_tier": "another", "edge.tier": "public", "network.tiers.another": _tier("public", 51, 3)},
    ),
    "network.tiers.*.kind": (
        "prod",
        {
            "network.tiers.blockchain.kind": "isolated",
            "network.tiers.blockchain.internet": "none",
            "network.peers.management.tiers": ["private"],
            "cluster.node_groups.blockchain": GONE,
            "data.postgres.tier": "database",
            "data.redis.tier": "database",
            "observability.alarms.few-nodes.threshold": 13,
        },
    ),
    "network.nat": ("prod", {"network.nat": "single", "recovery.objectives.cluster": GONE}),
    "network.tiers.*.internet": (
        "prod",
        {
            "network.tiers.blockchain.internet": "none",
            "network.endpoints.interface": [
                *("autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "logs"),
                *("monitoring", "secretsmanager", "sts"),
            ],
        },
    ),
    "network.zones.*": ("prod", {"network.zones.2": "d", "data.postgres.replicas.reader-c.zone": "d"}),
    "observability.alarms.*.metric": (
        "prod",
        {"observability.alarms.slow-blocks.metric": "chain.transactions-per-second"},
    ),
    "observability.custom_metrics.*.metrics.*.comparison": (
        "prod",
        {"observability.custom_metrics.chain.metrics.block-time-seconds.comparison": "LessThanThreshold"},
    ),
    "observability.custom_metrics.*.metrics.*.dimensions.*": (
        "prod",
        {"observability.custom_metrics.chain.metrics.validators.dimensions": {"Role": "validator"}},
    ),
    "recovery.objectives.*.scope": ("dr", {"recovery.objectives.cluster.scope": "zone"}),
    "recovery.standby.buckets.time_control": ("dr", {"recovery.standby.buckets.time_control": False, **LOOSE}),
    "recovery.standby.postgres.lag_alarm.evaluation_periods": (
        "dr",
        {"recovery.standby.postgres.lag_alarm.evaluation_periods": 3, **LOOSE},
    ),
    "recovery.standby.postgres.lag_alarm.period_seconds": (
        "dr",
        {"recovery.standby.postgres.lag_alarm.period_seconds": 300, **LOOSE},
    ),
}
"""Settings that need their places made, or others changed with them: stack and changes, the setting's own first."""
