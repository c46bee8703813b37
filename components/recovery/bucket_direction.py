"""Replication of buckets from one region to another: the role by which S3 copies, and a rule for each bucket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_aws import iam, s3

from components.base import child, named
from components.data.plan import bucket_arn
from components.iam import document, trust_service
from components.recovery.bucket_alarms import Direction
from components.recovery.bucket_rules import Side, role_statements, rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi


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
class Transfer:
    """From which region to which."""

    label: str
    """What names begin with, behind the component's."""
    source: Place
    """Buckets that are copied."""
    destination: Place
    """Their copies, by the same short names."""
    timed: Mapping[str, bool]
    """Short name -> whether S3 promises its 15 minutes."""
    provider: pulumi.ProviderResource | None = None
    """Provider of the source's region, where the rules stand; none = the component's."""


def replicate(parent: pulumi.Resource, name: str, transfer: Transfer) -> Mapping[str, Direction]:
    """Make what copies from one region to the other; short name -> the buckets of its rule.

    Args:
        parent: Component that the resources belong to.
        name: Its logical name.
        transfer: From which region to which.
    """
    role, policy = _role(parent, name, transfer)
    source, destination = transfer.source, transfer.destination
    for short in source.names:
        s3.BucketReplicationConfig(
            named(name, f"{transfer.label}-{short}"),
            bucket=source.names[short],
            role=role.arn,
            rules=[rule(destination.arn(short), destination.key_arn, time_control=transfer.timed[short])],
            # No reference says that the role has its rights; what it may not copy fails, and is not tried again.
            opts=child(parent, depends_on=[policy], provider=transfer.provider),
        )
    return {
        short: Direction(source=source.names[short], destination=destination.names[short]) for short in source.names
    }


def _role(parent: pulumi.Resource, name: str, transfer: Transfer) -> tuple[iam.Role, iam.RolePolicy]:
    role = iam.Role(
        named(name, f"{transfer.label}-role"),
        description="S3 replicates buckets to another region",
        assume_role_policy=trust_service("s3.amazonaws.com", reason="S3 copies objects as this role"),
        opts=child(parent),
    )
    policy = iam.RolePolicy(
        named(name, f"{transfer.label}-policy"),
        role=role.name,
        policy=document(*role_statements(transfer.source.side(), transfer.destination.side())),
        opts=child(parent),
    )
    return role, policy
