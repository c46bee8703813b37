"""The standby's buckets and its primary's, each a copy of the other: S3 replication in both directions.

The primary's rules belong to the standby, which makes them through a provider of the primary's region: the primary
does not know its standby. Both directions stand from the beginning, so that nothing of it changes at failover,
when neither IAM nor the primary's region can be reached, and so that what is written in the standby meanwhile returns
by itself. Not here: what was in a bucket before its rule (S3 Batch Replication copies that; docs/runbooks/failback.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from components.base import child, named
from components.recovery.bucket_alarms import BucketAlarms, BucketAlarmsArgs
from components.recovery.bucket_direction import Place, Transfer, replicate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.recovery.bucket_alarms import Direction
    from config.recovery import BucketReplication as Settings


@dataclass(frozen=True, kw_only=True)
class BucketReplicationArgs:
    """What the replication of buckets is built from."""

    settings: Settings
    """The stack file's `recovery.standby.buckets`."""
    here: Place
    """The standby's buckets."""
    primary: Place
    """The primary's, with the same short names."""
    primary_provider: pulumi.ProviderResource
    """Provider of the primary's region."""


class BucketReplication(pulumi.ComponentResource):
    """Roles, rules and alarms of both directions."""

    def __init__(self, name: str, args: BucketReplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:BucketReplication", name, None, opts)
        self._name = name
        self._args = args
        timed = dict.fromkeys(args.here.names, args.settings.time_control)
        there = args.primary_provider
        coming = Transfer(label="out", source=args.primary, destination=args.here, timed=timed, provider=there)
        out = replicate(self, name, coming)
        back = replicate(self, name, Transfer(label="back", source=args.here, destination=args.primary, timed=timed))
        self._alarms("here", args.here, arriving=out, leaving=back, provider=None)
        self._alarms("primary", args.primary, arriving=back, leaving=out, provider=args.primary_provider)
        self.register_outputs({})

    def _alarms(
        self,
        place: str,
        where: Place,
        *,
        arriving: Mapping[str, Direction],
        leaving: Mapping[str, Direction],
        provider: pulumi.ProviderResource | None,
    ) -> None:
        """Watch both ends that one region can see, where somebody is notified."""
        if self._args.settings.lag_alarm is None or not where.topics:
            return
        args = BucketAlarmsArgs(
            settings=self._args.settings.lag_alarm, arriving=arriving, leaving=leaving, topics=where.topics
        )
        BucketAlarms(named(self._name, f"alarms-{place}"), args, child(self, provider=provider))
