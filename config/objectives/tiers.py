"""Recovery tiers: how much of a system stands ready in its standby's region, and the least that keeps a promise.

Each tier asks for all that those below it ask for. A tier asks nothing of a part that the stack does not have, so what
has no database is a pilot light without a replica of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, reduce
from typing import TYPE_CHECKING, Final, get_args

from config.base import present
from config.facts.recovery import IDLE_REPLICA_LAG
from config.objectives.derive import bound, warmed, with_changed
from config.objectives.region import is_warm
from config.objectives.tasks import reckoned
from config.recovery import (
    BucketReplication,
    LagAlarm,
    PostgresReplication,
    RedisReplication,
    StreamingReplication,
    Tier,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.problems import Path
    from config.recovery import Objective, ServiceName
    from config.stack import StackConfig

TIERS: Final[tuple[Tier, ...]] = get_args(Tier)
"""The tiers, the cheapest first."""
_STANDBY: Final = "recovery.standby"
_OBJECT_LAG_SECONDS: Final = 900
"""What S3 Replication Time Control promises; its alarm counts what is beyond (config/facts/recovery.py)."""
_CACHE_LAG_SECONDS: Final = 60
_TOPIC_LAG_SECONDS: Final = 120
_SPARE_SECONDS: Final = 30
"""Above what a replica at rest reports."""


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What a tier asks for."""

    path: Path
    """Setting that says it."""
    fix: str
    """What to do about it where it is lacking."""
    met: Callable[[StackConfig], bool]
    """Whether a standby's file has it, or lacks what it is asked of."""
    apply: Callable[[StackConfig], StackConfig] | None = None
    """The settings once it is done; None = no setting does it by itself."""


def _copied(config: StackConfig) -> bool:
    """Tell whether nothing is kept only where it may be lost: backups are copied, or each store replicates."""
    kept = bool(config.postgres or config.redis or config.buckets or config.streaming)
    return not kept or bool(config.backup and config.backup.copy_from_primary) or _replicates(config)


def _replicates(config: StackConfig) -> bool:
    return all(demand.met(config) for demand in _DEMANDS["pilot_light"])


def _postgres(config: StackConfig) -> bool:
    copy = present(present(config.recovery).standby).postgres
    return config.postgres is None or (copy is not None and copy.lag_alarm is not None)


def _redis(config: StackConfig) -> bool:
    copy = present(present(config.recovery).standby).redis
    return config.redis is None or (copy is not None and copy.lag_alarm is not None)


def _buckets(config: StackConfig) -> bool:
    copy = present(present(config.recovery).standby).buckets
    return not config.buckets or (copy is not None and (copy.time_control or copy.lag_alarm is not None))


def _streaming(config: StackConfig) -> bool:
    copy = present(present(config.recovery).standby).streaming
    return config.streaming is None or (copy is not None and copy.lag_alarm is not None)


def _warm_nodes(config: StackConfig) -> bool:
    return config.cluster is None or is_warm(config.cluster)


def _warm_tasks(config: StackConfig) -> bool:
    return all(service.least >= max(1, service.promised) for service in reckoned(config).values())


def _all_nodes(config: StackConfig) -> bool:
    groups = config.cluster.node_groups.values() if config.cluster else ()
    return all(group.scaling.desired >= (group.active.desired if group.active else 1) for group in groups)


def _by_latency(config: StackConfig) -> bool:
    return config.edge is None or config.edge.balancer is None or config.edge.routing == "latency"


def _many_writers(config: StackConfig) -> bool:
    return config.postgres is None and config.redis is None and config.streaming is None


_DATABASE: Final = PostgresReplication(lag_alarm=LagAlarm(threshold_seconds=IDLE_REPLICA_LAG.seconds + _SPARE_SECONDS))
_CACHE: Final = RedisReplication(lag_alarm=LagAlarm(threshold_seconds=_CACHE_LAG_SECONDS))
_TOPICS: Final = StreamingReplication(lag_alarm=LagAlarm(threshold_seconds=_TOPIC_LAG_SECONDS))
_OBJECTS: Final = BucketReplication(lag_alarm=LagAlarm(threshold_seconds=_OBJECT_LAG_SECONDS))

_DEMANDS: Final[Mapping[Tier, tuple[Demand, ...]]] = {
    "backup": (
        Demand(
            path=("backup", "copy_from_primary"),
            fix="copy the primary's backups here (backup.copy_from_primary)",
            met=_copied,
        ),
    ),
    "pilot_light": (
        Demand(
            path=("recovery", "standby", "postgres"),
            fix="follow the primary's database by a replica with a `lag_alarm`",
            met=_postgres,
            apply=partial(with_changed, path=_STANDBY, postgres=_DATABASE),
        ),
        Demand(
            path=("recovery", "standby", "redis"),
            fix="follow the primary's cache by a global datastore with a `lag_alarm`",
            met=_redis,
            apply=partial(with_changed, path=_STANDBY, redis=_CACHE),
        ),
        Demand(
            path=("recovery", "standby", "streaming"),
            fix="follow the primary's topics by a replicator with a `lag_alarm`",
            met=_streaming,
            apply=partial(with_changed, path=_STANDBY, streaming=_TOPICS),
        ),
        Demand(
            path=("recovery", "standby", "buckets"),
            fix="replicate the primary's buckets under `time_control` or with a `lag_alarm`",
            met=_buckets,
            apply=partial(with_changed, path=_STANDBY, buckets=_OBJECTS),
        ),
    ),
    "warm_standby": (
        Demand(
            path=("cluster", "node_groups"),
            fix="keep a node of a group without taints: `scaling.min` and `desired` of 1 or more",
            met=_warm_nodes,
            apply=lambda config: warmed(config) if config.cluster else config,
        ),
        Demand(
            path=("containers", "services"),
            fix="keep as many tasks of each service running as are promised of it, one at least",
            met=_warm_tasks,
        ),
    ),
    "active_active": (
        Demand(
            path=("cluster", "node_groups"),
            fix="raise each group's `scaling.desired` to its `active.desired`: both regions serve at once",
            met=_all_nodes,
        ),
        Demand(
            path=("edge", "routing"),
            fix="write `routing: latency` in both files, so that each region answers those who are near",
            met=_by_latency,
        ),
        Demand(
            path=("data",),
            fix="keep what both regions write in tables and buckets; PostgreSQL, Redis and Kafka have one writer, "
            "which waits for people to decide",
            met=_many_writers,
        ),
    ),
}


def lacking(tier: Tier, config: StackConfig) -> tuple[Demand, ...]:
    """Return what a standby's file lacks of a tier, and of those below it."""
    asked = TIERS[: TIERS.index(tier) + 1]
    return tuple(demand for one in asked for demand in _DEMANDS[one] if not demand.met(config))


def standing(config: StackConfig) -> Tier | None:
    """Return the tier that a standby's file amounts to; None = less than any, or no standby's."""
    if config.recovery is None or config.recovery.standby is None:
        return None
    return next((tier for tier in reversed(TIERS) if not lacking(tier, config)), None)


def cheapest_tier(service: ServiceName, objective: Objective, config: StackConfig) -> Tier | None:
    """Return the cheapest tier above the one that stands which would keep an objective; None = none would.

    A tier is tried with the settings that turn it on in its base (bases/tier-*.yaml). A primary's file has none.
    """
    if config.recovery is None or config.recovery.standby is None:
        return None
    now = standing(config)
    for tier in TIERS[TIERS.index(now) + 1 if now else 0 :]:
        asked = lacking(tier, config)
        raised = reduce(lambda settings, one: one.apply(settings) if one.apply else settings, asked, config)
        if not lacking(tier, raised) and not bound(service, objective.scope, raised).breaks(objective):
            return tier
    return None
