"""The bucket of the records: under the `logs` key, written by CloudTrail and Config only, deleted from by nobody.

Lifecycle rules go on acting: no bucket policy binds them (S3 user guide, "Lifecycle and other bucket configurations").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import s3

from components.audit.plan import CLOUDTRAIL_SERVICE, CONFIG_SERVICE, trail_arn
from components.base import child, named
from components.data.bucket_base import closed_bucket, tls_only
from components.data.plan import bucket_arn, records_bucket_name
from components.iam import Statement, document

if TYPE_CHECKING:
    from config.audit import Records as RecordsSettings
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class RecordsArgs:
    """What the bucket is built from."""

    settings: RecordsSettings
    """The stack file's `audit.records`."""
    identity: Identity
    """The stack file's `identity`."""
    key_arn: pulumi.Output[str]
    """Key of the domain `logs`, whose policy admits CloudTrail and Config."""
    access_logs: pulumi.Output[str]
    """Bucket for access logs."""
    trail: bool
    """Whether a trail of this stack writes to it."""


class Records(pulumi.ComponentResource):
    """Bucket that CloudTrail and Config write to."""

    bucket: pulumi.Output[str]
    """Physical name, known once the services may write."""

    def __init__(self, name: str, args: RecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:audit:Records", name, None, opts)
        self._name = name
        self._args = args
        self._physical_name = records_bucket_name(args.identity)
        self._arn = bucket_arn(self._physical_name)
        self._bucket, _ = closed_bucket(self, name, self._physical_name)
        self._encrypt()
        self._age()
        self._log_access()
        self.bucket = self._admit().bucket
        self.register_outputs({"bucket": self.bucket})

    def _encrypt(self) -> None:
        default = s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms", kms_master_key_id=self._args.key_arn
        )
        # No bucket key: under one, KMS hears of the bucket and not of the trail, for whose sake the key policy admits
        # CloudTrail (S3 user guide, "Changes to note before enabling an S3 Bucket Key", 2026-11).
        rule = s3.BucketServerSideEncryptionConfigurationRuleArgs(
            apply_server_side_encryption_by_default=default, bucket_key_enabled=False
        )
        s3.BucketServerSideEncryptionConfiguration(
            named(self._name, "encryption"), bucket=self._bucket.id, rules=[rule], opts=child(self)
        )

    def _age(self) -> None:
        days = self._args.settings.retention_days
        rule = s3.BucketLifecycleConfigurationRuleArgs(
            id="age",
            status="Enabled",
            filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
            transitions=[
                s3.BucketLifecycleConfigurationRuleTransitionArgs(
                    days=self._args.settings.archive_days, storage_class="GLACIER"
                )
            ],
            expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
            # nobody overwrites records: a version that is not current is one that somebody tried to replace, so keep it
            noncurrent_version_expiration=s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=days
            ),
        )
        s3.BucketLifecycleConfiguration(
            named(self._name, "lifecycle"), bucket=self._bucket.id, rules=[rule], opts=child(self)
        )

    def _log_access(self) -> None:
        s3.BucketLogging(
            named(self._name, "access-logging"),
            bucket=self._bucket.id,
            target_bucket=self._args.access_logs,
            target_prefix="s3/audit/",
            opts=child(self),
        )

    def _admit(self) -> s3.BucketPolicy:
        statements = [tls_only(self._physical_name), self._deny_deletion(), *self._admit_config()]
        if self._args.trail:
            statements += self._admit_cloudtrail()
        return s3.BucketPolicy(
            named(self._name, "policy"), bucket=self._bucket.id, policy=document(*statements), opts=child(self)
        )

    def _deny_deletion(self) -> Statement:
        return Statement(
            sid="DenyDeletion",
            reason="who has done something must not be able to remove the record of it; the lifecycle expires records",
            effect="Deny",
            actions=["s3:DeleteObject", "s3:DeleteObjectVersion"],
            resources=[f"{self._arn}/*"],
            principals={"AWS": ["*"]},
        )

    def _admit_cloudtrail(self) -> list[Statement]:
        arn = trail_arn(self._args.identity)
        return [
            Statement(
                sid="TrailFindsBucket",
                reason="CloudTrail checks the bucket before it writes",
                actions=["s3:GetBucketAcl"],
                resources=[self._arn],
                principals={"Service": [CLOUDTRAIL_SERVICE]},
                conditions={"StringEquals": {"aws:SourceArn": arn}},
            ),
            Statement(
                sid="TrailWrites",
                reason="the trail of this stack, and no other, delivers events and digests of this account",
                actions=["s3:PutObject"],
                resources=[f"{self._arn}/AWSLogs/{self._args.identity.account_id}/*"],
                principals={"Service": [CLOUDTRAIL_SERVICE]},
                conditions={"StringEquals": {"aws:SourceArn": arn, "s3:x-amz-acl": "bucket-owner-full-control"}},
            ),
        ]

    def _admit_config(self) -> list[Statement]:
        account = self._args.identity.account_id
        return [
            Statement(
                sid="ConfigFindsBucket",
                reason="AWS Config checks that the bucket exists and is ours",
                actions=["s3:GetBucketAcl", "s3:ListBucket"],
                resources=[self._arn],
                principals={"Service": [CONFIG_SERVICE]},
                conditions={"StringEquals": {"aws:SourceAccount": account}},
            ),
            Statement(
                sid="ConfigWrites",
                reason="AWS Config delivers snapshots and histories of this account",
                actions=["s3:PutObject"],
                resources=[f"{self._arn}/AWSLogs/{account}/Config/*"],
                principals={"Service": [CONFIG_SERVICE]},
                conditions={
                    "StringEquals": {"aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control"}
                },
            ),
        ]
