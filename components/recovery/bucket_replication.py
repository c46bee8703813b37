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
from pulumi_aws import iam, s3

from components.base import child, named
from components.data.plan import bucket_arn
from components.iam import document, trust_service
from components.recovery.bucket_alarms import BucketAlarms, BucketAlarmsArgs, Direction
from components.recovery.bucket_rules import Side, role_statements, rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.recovery import BucketReplication as Settings


@dataclass(frozen=True, kw_only=True)
class Place:
    """The buckets of one region and what they are encrypted with."""

    region: pulumi.Input[str]
    """Region."""
    key_arn: pulumi.Output[str]
    """Key of the domain `storage`."""
    names: Mapping[str, pulumi.Output[str]]
    """Short name -> physical name, known once the bucket is versioned: S3 refuses a rule until both are."""
    topics: Sequence[pulumi.Input[str]] = ()
    """Topics there that are notified of what is late or failed; none = no alarm there."""

    def arn(self, short: str) -> pulumi.Output[str]:
        """Return the ARN of a bucket."""
        return self.names[short].apply(bucket_arn)

    def side(self) -> Side:
        """Return the buckets as a role sees them."""
        return Side(region=self.region, key_arn=self.key_arn, bucket_arns=[self.arn(short) for short in self.names])


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
        out = self._direction("out", args.primary, args.here, args.primary_provider)
        back = self._direction("back", args.here, args.primary, None)
        self._alarms("here", args.here, arriving=out, leaving=back, provider=None)
        self._alarms("primary", args.primary, arriving=back, leaving=out, provider=args.primary_provider)
        self.register_outputs({})

    def _direction(
        self, direction: str, source: Place, destination: Place, provider: pulumi.ProviderResource | None
    ) -> Mapping[str, Direction]:
        """Make what copies from one region to the other; rules live with their source, by `provider`."""
        role, policy = self._role(direction, source, destination)
        timed = self._args.settings.time_control
        for short in source.names:
            s3.BucketReplicationConfig(
                named(self._name, f"{direction}-{short}"),
                bucket=source.names[short],
                role=role.arn,
                rules=[rule(destination.arn(short), destination.key_arn, time_control=timed)],
                # No reference says that the role has its rights; what it may not copy fails, and is not tried again.
                opts=child(self, depends_on=[policy], provider=provider),
            )
        return {
            short: Direction(source=source.names[short], destination=destination.names[short]) for short in source.names
        }

    def _role(self, direction: str, source: Place, destination: Place) -> tuple[iam.Role, iam.RolePolicy]:
        role = iam.Role(
            named(self._name, f"{direction}-role"),
            description="S3 replicates buckets to another region",
            assume_role_policy=trust_service("s3.amazonaws.com", reason="S3 copies objects as this role"),
            opts=child(self),
        )
        policy = iam.RolePolicy(
            named(self._name, f"{direction}-policy"),
            role=role.name,
            policy=document(*role_statements(source.side(), destination.side())),
            opts=child(self),
        )
        return role, policy

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
