"""The rule by which a bucket is replicated, and what its role may do. Pure: statements and arguments, no resource.

Sources: S3 user guide, "Setting up permissions for live replication", "Replicating encrypted objects" and "Meeting
compliance requirements with S3 Replication Time Control" (read 2026-11-21).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import s3

from components.iam import Statement, through

if TYPE_CHECKING:
    from collections.abc import Sequence

RULE_ID: Final = "to-other-region"
"""Id of the one rule of a bucket; a dimension of its metrics."""
TIME_CONTROL_MINUTES: Final = 15
"""The only time that S3 Replication Time Control knows (API reference, ReplicationTimeValue)."""
_ENABLED: Final = "Enabled"


@dataclass(frozen=True, kw_only=True)
class Side:
    """The buckets of one region."""

    region: pulumi.Input[str]
    """Region."""
    key_arn: pulumi.Input[str]
    """Key that encrypts them."""
    bucket_arns: Sequence[pulumi.Input[str]]
    """Their ARNs."""

    @property
    def object_arns(self) -> list[pulumi.Output[str]]:
        """Pattern of the ARNs of everything in them."""
        return [pulumi.Output.concat(arn, "/*") for arn in self.bucket_arns]


def role_statements(source: Side, destination: Side) -> tuple[Statement, ...]:
    """Return what the role may do by which S3 replicates from one region to another."""
    return (
        Statement(
            sid="ReadRules",
            reason="S3 reads the rules and lists the versions that they apply to",
            actions=["s3:GetReplicationConfiguration", "s3:ListBucket"],
            resources=list(source.bucket_arns),
        ),
        Statement(
            sid="ReadVersions",
            reason="a copy carries content, access list and tags of the version",
            actions=[
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionTagging",
            ],
            resources=source.object_arns,
        ),
        Statement(
            sid="WriteCopies",
            reason="copies, delete markers and tags arrive by actions of their own, which nobody else has",
            actions=["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
            resources=destination.object_arns,
        ),
        Statement(
            sid="OpenSource",
            reason="the source is encrypted by the key of its region",
            actions=["kms:Decrypt"],
            resources=[source.key_arn],
            conditions=through("s3", source.region),
        ),
        Statement(
            sid="SealCopies",
            reason="the copy is encrypted by the key of its own region, and stays readable when the other is lost",
            actions=["kms:Encrypt"],
            resources=[destination.key_arn],
            conditions=through("s3", destination.region),
        ),
    )


def rule(
    bucket_arn: pulumi.Input[str], key_arn: pulumi.Input[str], *, time_control: bool
) -> s3.BucketReplicationConfigRuleArgs:
    """Return the rule that copies everything of a bucket.

    Args:
        bucket_arn: Destination bucket.
        key_arn: Key that encrypts the copies.
        time_control: Whether S3 promises its 15 minutes; metrics are on either way.
    """
    minutes = TIME_CONTROL_MINUTES
    metrics, time = s3.BucketReplicationConfigRuleDestinationMetricsArgs(status=_ENABLED), None
    if time_control:
        metrics = s3.BucketReplicationConfigRuleDestinationMetricsArgs(
            status=_ENABLED,
            event_threshold=s3.BucketReplicationConfigRuleDestinationMetricsEventThresholdArgs(minutes=minutes),
        )
        time = s3.BucketReplicationConfigRuleDestinationReplicationTimeArgs(
            status=_ENABLED, time=s3.BucketReplicationConfigRuleDestinationReplicationTimeTimeArgs(minutes=minutes)
        )
    return s3.BucketReplicationConfigRuleArgs(
        id=RULE_ID,
        priority=1,
        status=_ENABLED,
        filter=s3.BucketReplicationConfigRuleFilterArgs(prefix=""),
        delete_marker_replication=s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(status=_ENABLED),
        source_selection_criteria=_everything(),
        destination=s3.BucketReplicationConfigRuleDestinationArgs(
            bucket=bucket_arn,
            encryption_configuration=s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(
                replica_kms_key_id=key_arn
            ),
            metrics=metrics,
            replication_time=time,
        ),
    )


def _everything() -> s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs:
    """Objects under KMS are left out, and changes to copies stay where they are made, unless a rule says otherwise."""
    return s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs(
        sse_kms_encrypted_objects=s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs(
            status=_ENABLED
        ),
        replica_modifications=s3.BucketReplicationConfigRuleSourceSelectionCriteriaReplicaModificationsArgs(
            status=_ENABLED
        ),
    )
