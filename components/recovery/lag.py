"""Alarms on how far a standby's database, cache and topics are behind: nobody else knows what a failover would lose.

While the standby follows, silence is an alarm too: a replica that stopped replicating publishes nothing. Once it
serves, it is behind nobody, and silence is as it should be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from components.base import named
from components.observability.alarm import AlarmArgs, metric_alarm
from components.observability.metric import Metric, Series
from components.observability.subjects import shard_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.data import DataOutputs
    from config.data import Redis
    from config.recovery import LagAlarm, Standby


@dataclass(frozen=True, kw_only=True)
class LagAlarmsArgs:
    """What the alarms are built from."""

    settings: Standby
    """The stack file's `recovery.standby`."""
    redis: Redis | None
    """Its `data.redis`."""
    data: DataOutputs | None
    """The standby's data services."""
    replicator: str | None
    """Name of what copies topics here; None = nothing does."""
    topics: Sequence[pulumi.Input[str]]
    """Topics that it is published to."""


class LagAlarms(pulumi.ComponentResource):
    """One alarm on the database, one on each shard of the cache, two on the replicator of topics."""

    def __init__(self, name: str, args: LagAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:LagAlarms", name, None, opts)
        self._name = name
        self._args = args
        self._database()
        self._cache()
        self._topics()
        self.register_outputs({})

    def _database(self) -> None:
        settings = self._args.settings.postgres
        postgres = self._args.data.postgres if self._args.data else None
        if settings is None or settings.lag_alarm is None or postgres is None:
            return
        instance = {"DBInstanceIdentifier": postgres.identifier}
        lag = Metric(namespace="AWS/RDS", name="ReplicaLag", dimensions=instance)
        self._alarm(
            "postgres", "The standby's database", Series(metrics=(lag,), statistic="Maximum"), settings.lag_alarm
        )

    def _cache(self) -> None:
        settings = self._args.settings.redis
        redis, sized = self._args.data.redis if self._args.data else None, self._args.redis
        if settings is None or settings.lag_alarm is None or redis is None or sized is None:
            return
        for shard, nodes in shard_nodes(redis.group_id, sized).items():
            metrics = tuple(
                Metric(
                    namespace="AWS/ElastiCache",
                    name="GlobalDatastoreReplicationLag",  # by the node that leads the shard in this region
                    dimensions={"CacheClusterId": node},
                )
                for node in nodes
            )
            series = Series(metrics=metrics, statistic="Maximum", expression="MAX(METRICS())")
            self._alarm(f"redis-{shard}", f"Shard {shard} of the standby's cache", series, settings.lag_alarm)

    def _topics(self) -> None:
        settings, name = self._args.settings.streaming, self._args.replicator
        if settings is None or settings.lag_alarm is None or name is None:
            return
        measured = {"ReplicatorName": name}
        lag = Metric(namespace="AWS/Kafka", name="ReplicationLatency", dimensions=measured)
        milliseconds = Series(metrics=(lag,), statistic="Maximum", expression="m1/1000")
        self._alarm("streaming", "A topic of the standby", milliseconds, settings.lag_alarm)
        failures = Metric(namespace="AWS/Kafka", name="ReplicatorFailure", dimensions=measured)
        args = AlarmArgs(
            description="The replicator of topics fails: a failover would lose what comes from now on",
            series=Series(metrics=(failures,), statistic="Maximum"),
            threshold=0,
            period_seconds=settings.lag_alarm.period_seconds,
            evaluation_periods=settings.lag_alarm.evaluation_periods,
            topics=self._args.topics,
            treat_missing="notBreaching",
        )
        metric_alarm(self, named(self._name, "streaming-failures"), args)

    def _alarm(self, thing: str, subject: str, series: Series, settings: LagAlarm) -> None:
        limit = settings.threshold_seconds
        args = AlarmArgs(
            description=f"{subject} is more than {limit} s behind the primary's, or silent: a failover would lose that",
            series=series,
            threshold=limit,
            period_seconds=settings.period_seconds,
            evaluation_periods=settings.evaluation_periods,
            topics=self._args.topics,
            treat_missing="notBreaching" if self._args.settings.active else "breaching",
        )
        metric_alarm(self, named(self._name, thing), args)
