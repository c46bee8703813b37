"""Every setting counts: another valid value makes another plan, or the setting is on a short list with its reason."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import pulumi
import pytest

from components.recovery.primary import SETTINGS
from components.stack import deploy
from config import ConfigError, load_file, stack_file
from config.base import Section
from config.examine import examine
from review.graph import ROOT_TYPE
from review.record import record
from tests.config.leaves import GONE, Leaf, Path, changed, leaves, others, schemas
from tests.config.optional import followed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.stack import StackConfig
    from review.graph import Graph

pytestmark = [pytest.mark.rehearsal, pytest.mark.timeout(300)]  # eight minutes of the processor

PLACES: Final = 3
"""Places of a stack file in which one setting is tried; a quota of one namespace is the quota of another."""

PLANS: Final = 3
"""Valid values that may change nothing before the setting is said to do nothing."""

STACKS: Final = ("prod", "dr")

WITHOUT_EFFECT: Final[Mapping[str, str]] = {
    "as_of": "the day on which the file's versions are judged",
    "data.buckets.*.archive_without_backup": "why what is archived may be in no backup; without it the file is refused",
    "data.buckets.*.purpose": "what a bucket is for, for whoever reads the file",
    "recovery.availability_percent": "a promise, refused where AWS's own are lower",
    "recovery.objectives.*.rpo_minutes": "a promise, refused where the mechanisms cannot keep it",
    "recovery.objectives.*.rto_minutes": "a promise, refused where the mechanisms cannot keep it",
    "recovery.objectives.*.scope": "what a promise is about",
    "recovery.standby.decide_minutes": "a promise of people, a part of every recovery time",
    "recovery.standby.differs.*": "why a standby may be other than its primary; without it the pair is refused",
}
"""Settings that change no resource, each with what they are for."""

UNPLANNED: Final[Mapping[str, str]] = {
    "cost.anomalies": "waits for cost.billed",
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


def _tier(kind: str, base: int, zones: int) -> dict[str, Any]:
    """Return one more tier of a kind for prod's VPCs, from a third octet on."""
    vpc, way = (0 if zones == 3 else 1), {"public": "direct", "private": "nat", "isolated": "none"}[kind]
    return {"kind": kind, "cidrs": [f"10.{vpc}.{base + at}.0/24" for at in range(zones)], "internet": way}


TOGETHER: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
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
    "edge.firewall.counted_rules.*.*": (
        "prod",
        {"edge.firewall.counted_rules.AWSManagedRulesCommonRuleSet": ["SizeRestrictions_BODY"]},
    ),
    "edge.cdn.assets.bucket": (
        "prod",
        {
            "edge.cdn.assets.bucket": "logs",
            "data.buckets.logs.lifecycle": {"infrequent_access_days": 30, "noncurrent_expire_days": 90},
            "data.buckets.logs.read_by_cloudfront": True,
            "data.buckets.logs.archive_without_backup": GONE,
        },
    ),
    "identity.extra_tags.*": ("prod", {"identity.extra_tags.Team": "platform"}),
    "identity.region": ("prod", {"identity.region": "us-west-2", "edge.cdn.assets.standby.region": "us-east-1"}),
    "kubernetes.cluster_autoscaler.priority": ("prod", {"kubernetes.cluster_autoscaler.priority": "pooling"}),
    "kubernetes.load_balancer_controller.priority": (
        "prod",
        {"kubernetes.load_balancer_controller.priority": "pooling"},
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


def test_every_setting_of_the_schema_is_tried() -> None:
    absent = sorted(set(schemas()) - set(places()) - set(TOGETHER) - set(BOUND))
    assert absent == [], "say in TOGETHER how a stack file would have them"
    assert sorted({*WITHOUT_EFFECT, *BOUND, *TOGETHER} - set(schemas())) == [], "no longer in the schema"


def optional_parts(stack: str) -> list[str]:
    """Return the dotted paths of the sections that a stack has and may leave out."""

    def within(section: Section, above: str) -> Iterator[str]:
        for name, field in type(section).model_fields.items():
            value = getattr(section, name)
            if isinstance(value, Section):
                yield from () if field.is_required() else (f"{above}{name}",)
                yield from within(value, f"{above}{name}.")

    return [path for path in within(load_file(stack_file(stack)), "") if path not in UNPLANNED]


@pytest.mark.parametrize("kind", sorted(BOUND))
def test_what_is_bound_has_no_other_valid_value(kind: str) -> None:
    made = [plan(stack, settings) for stack, _, settings in islice(variants(kind), PLANS)]
    assert made == [None] * len(made), "it has one: take it off the list"


@pytest.mark.parametrize("kind", sorted(set(schemas()) - set(BOUND)))
def test_another_value_makes_another_plan(kind: str) -> None:
    tried = 0
    for stack, base, settings in islice(variants(kind), PLANS):
        made = plan(stack, settings)
        tried += made is not None
        if made not in (None, plan(stack, base) if base else before(stack)):
            assert kind not in WITHOUT_EFFECT, "it has an effect: take it off the list"
            return
    assert tried, "no other value is valid by itself: say in TOGETHER what else has to change"
    assert kind in WITHOUT_EFFECT, "the program does the same, whatever the stack file says"


@pytest.mark.parametrize("path", sorted({path for stack in STACKS for path in optional_parts(stack)}))
def test_a_stack_without_an_optional_section_has_another_plan(path: str) -> None:
    """Alone where the file is valid without it, else without what needs it."""
    stack = next(stack for stack in STACKS if path in optional_parts(stack))
    less = plan(stack, followed(stack, path_of(path)))
    assert less != before(stack), "the program does the same, whether the section is there or not"


def variants(kind: str) -> Iterator[tuple[str, StackConfig | None, StackConfig]]:
    """Yield a stack, what to hold it against, and valid settings in which one value of a kind is another.

    Held against is the stack file as it stands (None); or the same settings but for that value, where those are valid.
    """
    if kind in TOGETHER:
        stack, changes = TOGETHER[kind]
        paths: dict[Path, Any] = {path_of(dotted): value for dotted, value in changes.items()}
        own, *_ = paths
        rest = {path: value for path, value in paths.items() if path != own}
        made = valid(stack, paths)
        assert made is not None, problems(stack, paths)
        yield stack, valid(stack, rest) if rest else None, made
        return
    found = places().get(kind, [])
    elsewhere = [leaf.value for _, leaf in found]
    for stack, leaf in found[:PLACES]:
        settings = (valid(stack, {leaf.path: value}) for value in others(leaf, kind, elsewhere))
        yield from ((stack, None, one) for one in settings if one is not None)


def path_of(dotted: str) -> Path:
    return tuple(int(key) if key.isdigit() else key for key in dotted.split("."))


@cache
def standing(stack: str) -> StackConfig:
    return load_file(stack_file(stack))


@cache
def document(stack: str) -> dict[str, Any]:
    dumped: dict[str, Any] = standing(stack).model_dump(mode="json", by_alias=True, exclude_none=True)
    return dumped


@cache
def places() -> dict[str, list[tuple[str, Leaf]]]:
    """Return kind -> where prod has it, then where dr has it."""
    found: dict[str, list[tuple[str, Leaf]]] = {}
    for stack in STACKS:
        for kind, there in leaves(standing(stack)).items():
            found.setdefault(kind, []).extend((stack, leaf) for leaf in there)
    return found


def valid(stack: str, changes: Mapping[Path, Any]) -> StackConfig | None:
    try:
        return examine(changed(document(stack), dict(changes)), None, f"Pulumi.{stack}.yaml", stack=stack)
    except ConfigError:
        return None


def problems(stack: str, changes: Mapping[Path, Any]) -> str:
    try:
        examine(changed(document(stack), dict(changes)), None, f"Pulumi.{stack}.yaml", stack=stack)
    except ConfigError as error:
        return str(error)
    return ""


@cache
def references() -> dict[str, Any]:
    outputs = next(one.outputs for one in record_alone("prod", standing("prod")).resources if one.type == ROOT_TYPE)
    return {"prod": outputs, "dr": {"primary": outputs}}


def record_alone(stack: str, settings: StackConfig) -> Graph:
    return record(lambda: deploy(settings).publish(), stack, references() if stack == "dr" else {})


@cache
def before(stack: str) -> dict[str, Any] | None:
    """Return what is asked for as the stack file stands."""
    return plan(stack, standing(stack))


def plan(stack: str, settings: StackConfig) -> dict[str, Any] | None:
    """Return what the engine would be asked for, with the exports, of which one only repeats the stack file.

    None where the program refuses the settings beside those of its primary, or knows no primary of that name.
    """
    try:
        resources = record_alone(stack, settings).resources
    except (pulumi.RunError, LookupError):
        return None
    said = {
        one.urn: (one.inputs, one.protect, one.retain_on_delete, one.provider, one.ignore_changes) for one in resources
    }
    exports = next(one.outputs for one in resources if one.type == ROOT_TYPE)
    return {**said, "exports": {name: value for name, value in exports.items() if name != SETTINGS}}
