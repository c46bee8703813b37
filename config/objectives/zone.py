"""Bounds for the loss of a zone, from the settings of the stack itself."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts import recovery as known
from config.objectives.bound import Bound
from config.objectives.calls import LAUNCH, NEW_GROUP, RESTORE_IN_TIME
from config.objectives.restore import volume_fill
from config.objectives.step import Step, Steps, total
from config.objectives.tasks import lost_with_zone, of_beanstalk, of_containers, of_instances
from config.room import held_in_zone, nodes_in_zone, smallest, tiers_of_nodes, zones_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from config.cluster import NodeGroup
    from config.recovery import ServiceName
    from config.stack import StackConfig


def of_zone(service: ServiceName, config: StackConfig) -> Bound:
    """Return the bound of a service for the loss of a zone; `system` has none of its own."""
    return _BY_SERVICE[service](config) if service in _BY_SERVICE else _regional(service)


def _regional(service: ServiceName) -> Bound:
    kept = (Step.known("a zone less", known.REGIONAL),)
    return _bound(service, "kept in several zones by AWS", kept, kept)


def _bound(service: ServiceName, mechanism: str, rto: Steps, rpo: Steps) -> Bound:
    calls = tuple(dict.fromkeys(call for step in rto for call in step.calls))
    return Bound(service=service, scope="zone", mechanism=mechanism, rto=rto, rpo=rpo, calls=calls)


def _cluster(config: StackConfig) -> Bound:
    """Return the time until the lost zone's pods run in another, on new nodes; the others answer all the while."""
    rto = (
        Step.known("until nodes are missed", known.NODE_LOSS_NOTICED),
        Step.known("until their pods are given up", known.POD_EVICTION),
        Step.known("new nodes", known.NODE_READY, LAUNCH),
        Step.known("pods", known.PODS_READY),
        *lost_with_zone(config, tiers_of_nodes(config)),
        *map(Step.endless, _no_room(config)),
    )
    return _bound("cluster", "nodes in other zones", rto, ())


def _containers(config: StackConfig) -> Bound:
    return _bound("containers", "tasks in other zones", of_containers(config), ())


def _instances(config: StackConfig) -> Bound:
    return _bound("instances", "instances in other zones", of_instances(config), ())


def _beanstalk(config: StackConfig) -> Bound:
    return _bound("beanstalk", "instances in other zones", of_beanstalk(config), ())


def _no_room(config: StackConfig) -> Iterator[str]:
    """Say which subnets could not take the nodes of a lost zone, at the counts that the file begins or plans with."""
    zones = len(present(config.network).zones)
    for tier in tiers_of_nodes(config):
        most = held_in_zone(config, tier, lambda group: nodes_in_zone(group.scaling, zones_of(config, group)))
        need = held_in_zone(config, tier, lambda group: ceil(_planned(group, zones) / _left(config, group)))
        room = smallest(config, tier)
        if most <= room < need:  # what does not fit with all zones is refused by itself
            yield f"with a zone less the nodes of the {tier} tier hold {need} addresses in each, of {room}"


def _left(config: StackConfig, group: NodeGroup) -> int:
    """Return the zones of a group that are left when one is lost; a group of one zone comes back with it."""
    return max(1, zones_of(config, group) - 1)


def _planned(group: NodeGroup, zones: int) -> int:
    """Return the nodes of a group in all zones that the file begins with, or plans for some hours."""
    scheduled = group.policies.scheduled.values() if group.policies else ()
    count = max(group.scaling.desired, *(one.min for one in scheduled), 0)
    return count * zones if group.scaling.per == "zone" else count


def _postgres(config: StackConfig) -> Bound:
    settings = present(config.postgres)
    if settings.multi_az:
        return _bound("postgres", "Multi-AZ", (Step.known("failover", known.MULTI_AZ_FAILOVER),), ())
    rto = (
        Step.known("new instance", known.INSTANCE_CREATION, RESTORE_IN_TIME),
        volume_fill(config),
        Step.known("replay", known.LOG_REPLAY),
    )
    return _bound("postgres", "point-in-time restore", rto, (Step.known("last restorable", known.LATEST_RESTORABLE),))


def _redis(config: StackConfig) -> Bound:
    settings = present(config.redis)
    if settings.replicas_per_shard:
        failover = (Step.known("failover", known.CACHE_FAILOVER),)
        return _bound("redis", "replicas in other zones", failover, _cache_lag(config))
    if settings.snapshot_retention_days:
        restore = (Step.known("restore", known.CACHE_RESTORE, NEW_GROUP),)
        rpo = (Step.known("between daily snapshots", known.SNAPSHOT_INTERVAL),)
        return _bound("redis", "daily snapshots", restore, rpo)
    lost = (Step.endless("neither replicas nor snapshots"),)
    return _bound("redis", "none", lost, lost)


def _streaming(config: StackConfig) -> Bound:
    """Return the bound of topics with the stack's defaults; what a client waits for less it may lose more of."""
    topics, zones = present(config.streaming).topics, len(present(config.network).zones)
    left = topics.replication_factor - ceil(topics.replication_factor / zones)
    elected = Step.known("new leaders", known.LEADER_ELECTION)
    if left < topics.min_insync_replicas:
        elected = Step.endless(
            f"{left} of {topics.replication_factor} copies are left, and writers wait for {topics.min_insync_replicas}"
        )
    kept = topics.min_insync_replicas > ceil(topics.replication_factor / zones)
    rpo = () if kept else (Step.endless("what is acknowledged may be in the lost zone alone (min_insync_replicas)"),)
    return _bound("streaming", "replicas in other zones", (elected,), rpo)


def _cache_lag(config: StackConfig) -> Steps:
    """Return what the replicas may lack, by the tightest alarm on their lag."""
    table = config.observability.alarms if config.observability else {}
    copies = [
        (
            Step.given("lag without alarm", alarm.threshold, f"observability.alarms.{name}.threshold"),
            Step.given(
                "until the alarm has judged it",
                alarm.period_seconds * alarm.evaluation_periods,
                f"observability.alarms.{name}.period_seconds x evaluation_periods",
            ),
        )
        for name, alarm in table.items()
        if alarm.source == "redis_replication_lag_seconds"
    ]
    return min(copies, key=total, default=(Step.endless("asynchronous copy without an alarm on its lag"),))


_BY_SERVICE: Final[Mapping[ServiceName, Callable[[StackConfig], Bound]]] = {
    "cluster": _cluster,
    "containers": _containers,
    "instances": _instances,
    "beanstalk": _beanstalk,
    "postgres": _postgres,
    "redis": _redis,
    "streaming": _streaming,
}
"""Services with something of ours in a zone; the others are regional."""
IN_PRIVATE_TIERS: Final[tuple[ServiceName, ...]] = ("cluster", "containers", "instances", "beanstalk")
"""Services that run in private tiers, which may lose their way to the internet with a zone."""
