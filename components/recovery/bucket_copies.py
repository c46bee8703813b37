"""Replication of a stack's buckets to their replicas in one other region, where no standby stands.

In one direction: nobody writes to a replica. How late copies arrive is seen in the replicas' region only
(`components.recovery.bucket_alarms`), so an alarm and a topic stand there, read by mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from components.base import child, named
from components.observability.elsewhere import TopicsElsewhereArgs, topics_elsewhere
from components.recovery.bucket_alarms import BucketAlarms, BucketAlarmsArgs
from components.recovery.bucket_direction import Place, Transfer, replicate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.data import BucketOutputs
    from components.keys import ReplicaRegion
    from components.recovery.bucket_alarms import Direction
    from config.bucket import Replica
    from config.identity import Identity
    from config.observability import Severity


@dataclass(frozen=True, kw_only=True)
class BucketCopiesArgs:
    """What the replication to one region is built from."""

    identity: Identity
    """The stack file's `identity`."""
    settings: Mapping[str, Replica]
    """Short name -> the stack file's `data.buckets.<short name>.replica`, of this region."""
    there: ReplicaRegion
    """Provider and keys of the region."""
    key_arn: pulumi.Output[str]
    """Key of the stack's buckets."""
    buckets: Mapping[str, BucketOutputs]
    """The stack's buckets by short name."""
    replicas: Mapping[str, BucketOutputs]
    """Their replicas in the region."""
    topics: Sequence[pulumi.Input[str]]
    """Topics of the stack's region that are notified of what failed; none = no alarm, there neither."""
    mail: Mapping[str, Sequence[Severity]]
    """The stack file's `observability.channels.mail`, to which the region's topic sends."""


class BucketCopies(pulumi.ComponentResource):
    """Role, rules, and alarms at both ends."""

    def __init__(self, name: str, args: BucketCopiesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:BucketCopies", name, None, opts)
        self._name = name
        self._args = args
        there = args.there
        names = {short: args.buckets[short].name for short in args.settings}
        copies = {short: args.replicas[short].name for short in args.settings}
        transfer = Transfer(
            label="out",
            source=Place(region=args.identity.region, key_arn=args.key_arn, names=names),
            destination=Place(region=there.region, key_arn=there.storage_key_arn, names=copies),
            timed={short: replica.time_control for short, replica in args.settings.items()},
        )
        self._watch(replicate(self, name, transfer))
        self.register_outputs({})

    def _watch(self, directions: Mapping[str, Direction]) -> None:
        """Watch both ends of each replica that has an alarm, where somebody is notified."""
        limits = {short: one.lag_alarm for short, one in self._args.settings.items() if one.lag_alarm}
        if not limits or not self._args.topics:
            return
        there = self._args.there
        topics = TopicsElsewhereArgs(
            where=there, identity=self._args.identity, severities=["critical"], mail=self._args.mail
        )
        arns = list(topics_elsewhere(self, self._name, topics).values())
        for short, limit in limits.items():
            one = {short: directions[short]}
            here = BucketAlarmsArgs(settings=limit, arriving={}, leaving=one, topics=self._args.topics)
            BucketAlarms(named(self._name, f"failing-{short}"), here, child(self))
            far = BucketAlarmsArgs(settings=limit, arriving=one, leaving={}, topics=arns)
            BucketAlarms(named(self._name, f"lagging-{short}"), far, child(self, provider=there.provider))
