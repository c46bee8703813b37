"""Alarms on the replication of buckets, as one region sees them.

S3 publishes `ReplicationLatency` in the region of the destination bucket and `OperationsFailedReplication` in that of
the source (S3 user guide, "Using S3 Replication metrics", read 2026-11-21). So a region watches how late arrives what
comes to it, and whether what leaves it fails: what has failed is pending no more, and late never again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi

from components.base import named
from components.observability.alarm import AlarmArgs, metric_alarm
from components.observability.metric import Metric, Series
from components.recovery.bucket_rules import RULE_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.recovery import LagAlarm

_NAMESPACE: Final = "AWS/S3"


@dataclass(frozen=True, kw_only=True)
class Direction:
    """From which bucket to which."""

    source: pulumi.Output[str]
    """Source bucket."""
    destination: pulumi.Output[str]
    """Destination bucket."""

    def metric(self, name: str) -> Metric:
        """Return a metric of the direction's one rule."""
        dimensions: dict[str, pulumi.Input[str]] = {
            "SourceBucket": self.source,
            "DestinationBucket": self.destination,
            "RuleId": RULE_ID,
        }
        return Metric(namespace=_NAMESPACE, name=name, dimensions=dimensions)


@dataclass(frozen=True, kw_only=True)
class BucketAlarmsArgs:
    """What the alarms of one region are built from."""

    settings: LagAlarm
    """The stack file's `lag_alarm` of the replication."""
    arriving: Mapping[str, Direction]
    """Short name -> direction that ends in the region."""
    leaving: Mapping[str, Direction]
    """Short name -> direction that begins in the region."""
    topics: Sequence[pulumi.Input[str]]
    """Topics of the region."""


class BucketAlarms(pulumi.ComponentResource):
    """The alarms of one region; a quiet bucket has no data, which is no cause for alarm."""

    def __init__(self, name: str, args: BucketAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:BucketAlarms", name, None, opts)
        self._name = name
        self._args = args
        for short, direction in args.arriving.items():
            self._late(short, direction)
        for short, direction in args.leaving.items():
            self._failed(short, direction)
        self.register_outputs({})

    def _late(self, short: str, direction: Direction) -> None:
        limit = self._args.settings.threshold_seconds
        self._alarm(
            f"late-{short}",
            f"Copies of bucket {short} arrive more than {limit} s late: what was written since is lost with its region",
            Series(metrics=(direction.metric("ReplicationLatency"),), statistic="Maximum"),
            limit,
        )

    def _failed(self, short: str, direction: Direction) -> None:
        self._alarm(
            f"failed-{short}",
            f"Objects of bucket {short} were not copied and will not be: see their replication status, then copy anew",
            Series(metrics=(direction.metric("OperationsFailedReplication"),), statistic="Sum"),
            0,
        )

    def _alarm(self, thing: str, description: str, series: Series, threshold: int) -> None:
        settings = self._args.settings
        args = AlarmArgs(
            description=description,
            series=series,
            threshold=threshold,
            period_seconds=settings.period_seconds,
            evaluation_periods=settings.evaluation_periods,
            topics=self._args.topics,
            treat_missing="notBreaching",
        )
        metric_alarm(self, named(self._name, thing), args)
