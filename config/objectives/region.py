"""Bounds for the loss of the primary's region, from the settings of its standby.

Detection and DNS need nobody: traffic goes over by health check. What must be promoted or scaled waits for people to
decide, and for the update that does it; its branches then run side by side.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts import recovery as known
from config.facts.recovery import Evidence
from config.objectives.bound import Bound
from config.objectives.calls import (
    FAILOVER,
    RESTORE_CACHE,
    RESTORE_COPY,
    RESTORE_DATABASE,
    RESTORE_OBJECTS,
    SCALE,
    of_promotion,
    of_update,
)
from config.objectives.restore import interval_seconds, volume_fill
from config.objectives.step import MINUTE, Step, Steps, longest
from config.objectives.tasks import reckoned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.cluster import Cluster, NodeGroup
    from config.recovery import LagAlarm, ServiceName, Standby
    from config.stack import StackConfig


def of_region(service: ServiceName, config: StackConfig) -> Bound:
    """Return the bound of a service for the loss of the primary's region; `system` has none of its own."""
    standby = config.recovery.standby if config.recovery else None
    if standby is None:
        steps = (Step.endless("no standby in another region follows this stack's file"),)
        return Bound(service=service, scope="region", mechanism="none here", rto=steps, rpo=steps)
    return _BY_SERVICE[service](config, standby)


def lag(alarm: LagAlarm | None, field: str, config: StackConfig) -> Steps:
    """Return what an asynchronous copy may lack: the alarm's threshold, and what comes on top until it has judged."""
    if alarm is None or config.observability is None:
        lacking = field if alarm is None else "observability with a channel for its alarm"
        return (Step.endless(f"asynchronous copy without {lacking}, so nobody learns how far behind it is"),)
    judged = alarm.period_seconds * alarm.evaluation_periods
    return (
        Step.given("lag without alarm", alarm.threshold_seconds, f"{field}.threshold_seconds"),
        Step.given("until the alarm has judged it", judged, f"{field}.period_seconds x evaluation_periods"),
    )


def detected(standby: Standby) -> Steps:
    """Return the way until the DNS answers with the standby; nobody decides anything on it."""
    return (*_noticed(standby), Step.known("DNS", known.ALIAS_TTL))


def _noticed(standby: Standby) -> Steps:
    check = standby.detection
    if check is None:
        return (Step.endless("no health check, so nobody notices"),)
    name = f"detection ({check.failure_threshold} x {check.interval_seconds} s)"
    return (Step.given(name, check.failure_threshold * check.interval_seconds, "recovery.standby.detection"),)


def _started(config: StackConfig, standby: Standby) -> Steps:
    """Return the way until the failover update is at work."""
    decide = Step(
        name="decision",
        seconds=standby.decide_minutes * MINUTE,
        evidence=Evidence.ASSUMED,
        source="recovery.standby.decide_minutes, a promise of people",
    )
    start = Step.known("start of the update", known.UPDATE_START, *of_update(config, standby))
    return (*_noticed(standby), decide, start)


def _bound(service: ServiceName, mechanism: str, branches: tuple[Steps, ...], rpo: Steps) -> Bound:
    calls = tuple(dict.fromkeys(call for branch in branches for step in branch for call in step.calls))
    return Bound(service=service, scope="region", mechanism=mechanism, rto=longest(*branches), rpo=rpo, calls=calls)


def _secrets(_: StackConfig, standby: Standby) -> Bound:
    copy = Step.known("replication", known.SECRET_REPLICATION)
    return _bound("secrets", "replica secrets", (detected(standby),), (copy,))


def _images(config: StackConfig, standby: Standby) -> Bound:
    if config.registry is None:
        lost = (Step.endless("no registry here, so images stay in the lost region"),)
        return _bound("images", "none", (lost,), lost)
    copy = Step.known("replication", known.IMAGE_REPLICATION)
    return _bound("images", "registry replication", (detected(standby),), (copy,))


def _postgres(config: StackConfig, standby: Standby) -> Bound:
    if standby.postgres is None:
        return _restored(config, standby)
    promote = (*_started(config, standby), Step.known("promotion", known.REPLICA_PROMOTION, *of_promotion(config)))
    rpo = lag(standby.postgres.lag_alarm, "recovery.standby.postgres.lag_alarm", config)
    return _bound("postgres", "cross-region replica", (detected(standby), promote), rpo)


def _restored(config: StackConfig, standby: Standby) -> Bound:
    """Return the bound of a database that is restored from the copies of its backups, if there are any."""
    backup = config.backup
    copies = backup.copy_from_primary if backup and "postgres" in backup.resources else None
    if copies is None:
        lost = Step.endless("its backups stay in the lost region", RESTORE_DATABASE)
        return _bound("postgres", "backups", ((*_started(config, standby), lost),), (lost,))
    field = "backup.copy_from_primary"
    copied = (
        Step.given("between copies", interval_seconds(copies.schedule), f"{field}.schedule"),
        Step.given(
            "until one is complete", copies.complete_within_minutes * MINUTE, f"{field}.complete_within_minutes"
        ),
    )
    restore = Step.known("new instance", known.INSTANCE_CREATION, RESTORE_COPY)
    return _bound("postgres", "copied backups", ((*_started(config, standby), restore, volume_fill(config)),), copied)


def _redis(config: StackConfig, standby: Standby) -> Bound:
    if standby.redis is None:
        kept = present(config.redis).snapshot_retention_days
        between = (Step.known("between daily snapshots", known.SNAPSHOT_INTERVAL),) if kept else ()
        lost = Step.endless("snapshots stay in the lost region", RESTORE_CACHE)
        restore = (*_started(config, standby), Step.known("restore", known.CACHE_RESTORE), lost)
        return _bound("redis", "daily snapshots" if kept else "none", (restore,), (*between, lost))
    promote = (*_started(config, standby), Step.known("promotion", known.GLOBAL_DATASTORE_PROMOTION, FAILOVER))
    rpo = lag(standby.redis.lag_alarm, "recovery.standby.redis.lag_alarm", config)
    return _bound("redis", "global datastore", (detected(standby), promote), rpo)


def _streaming(config: StackConfig, standby: Standby) -> Bound:
    if standby.streaming is None:
        lost = Step.endless("messages stay in the lost region")
        return _bound("streaming", "none", ((lost,),), (lost,))
    switch = (*_started(config, standby), Step.known("clients at the other brokers", known.CLIENT_SWITCH))
    rpo = lag(standby.streaming.lag_alarm, "recovery.standby.streaming.lag_alarm", config)
    return _bound("streaming", "replicator", (detected(standby), switch), rpo)


def _buckets(config: StackConfig, standby: Standby) -> Bound:
    copies = standby.buckets
    if copies is None:
        lost = Step.endless("objects stay in the lost region", RESTORE_OBJECTS)
        return _bound("buckets", "none", ((lost,),), (lost,))
    alarm = lag(copies.lag_alarm, "recovery.standby.buckets.lag_alarm", config)
    if not copies.time_control:
        return _bound("buckets", "replication", (detected(standby),), alarm)
    controlled = (Step.known("replication under time control", known.S3_REPLICATION_TIME_CONTROL),)
    return _bound("buckets", "replication with time control", (detected(standby),), controlled)


def _tables(_: StackConfig, standby: Standby) -> Bound:
    """Return the bound of tables, whose copies here take writes at any time; `config.pairs` sees that they exist."""
    copy = Step.known("replication", known.TABLE_REPLICATION)
    return _bound("tables", "global tables", (detected(standby),), (copy,))


def _containers(config: StackConfig, standby: Standby) -> Bound:
    """Return the bound of services that run here as they are; a failover starts no task."""
    idle = [name for name, service in reckoned(config).items() if service.least < max(1, service.promised)]
    lost = tuple(Step.endless(f"no task of {name} runs here, and a failover starts none") for name in idle[:1])
    return _bound("containers", "running tasks", ((*detected(standby), *lost),), ())


def _instances(config: StackConfig, standby: Standby) -> Bound:
    """Return the bound of groups that run here as they are; a failover starts no instance."""
    idle = [name for name, group in config.instances.items() if group.scaling.min == 0]
    lost = tuple(Step.endless(f"no instance of {name} runs here, and a failover starts none") for name in idle[:1])
    return _bound("instances", "running instances", ((*detected(standby), *lost),), ())


def _beanstalk(_: StackConfig, standby: Standby) -> Bound:
    return _bound("beanstalk", "running instances", (detected(standby),), ())


def _queues(_: StackConfig, standby: Standby) -> Bound:
    lost = Step.endless("messages stay in the lost region, as SQS copies none")
    return _bound("queues", "queues of its own", (detected(standby),), (lost,))


def is_warm(cluster: Cluster) -> bool:
    """Tell whether any pod finds a node in a cluster that waits."""
    return any(group.scaling.desired > 0 and not group.taints for group in cluster.node_groups.values())


def _cluster(config: StackConfig, standby: Standby) -> Bound:
    groups, warm = present(config.cluster).node_groups, is_warm(present(config.cluster))
    scaled = [steps for group in groups.values() if (steps := _scaled(group, warm=warm))]
    branches = [(*_started(config, standby), *steps) for steps in scaled]
    mechanism = "warm nodes" if warm else "no warm nodes"
    return _bound("cluster", mechanism, (detected(standby), *branches), ())


def _scaled(group: NodeGroup, *, warm: bool) -> Steps:
    """Return how a group comes to its counts of failover; one that has them takes no time."""
    pods = Step.known("pods", known.PODS_READY)
    if not warm:
        return (Step.known("compute from nothing", known.COLD_COMPUTE, SCALE), pods)
    now = group.scaling.desired
    more = (group.active.desired if group.active else max(now, 1)) - now
    if more <= 0:
        return ()
    waves = math.ceil(more / known.NODES_AT_ONCE)
    node = known.NODE_READY
    name = "nodes" if waves == 1 else f"nodes in {waves} waves"
    step = Step(name=name, seconds=waves * node.seconds, evidence=node.evidence, source=node.source, calls=(SCALE,))
    return (step, pods)


_BY_SERVICE: Final[Mapping[ServiceName, Callable[[StackConfig, Standby], Bound]]] = {
    "cluster": _cluster,
    "containers": _containers,
    "instances": _instances,
    "beanstalk": _beanstalk,
    "queues": _queues,
    "postgres": _postgres,
    "redis": _redis,
    "streaming": _streaming,
    "buckets": _buckets,
    "tables": _tables,
    "secrets": _secrets,
    "images": _images,
}
