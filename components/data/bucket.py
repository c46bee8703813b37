"""One bucket of the stack: encrypted by the `storage` key, moved to colder classes by age, access logged elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import s3

from components.base import child, named
from components.data.bucket_base import closed_bucket, tls_only
from components.data.outputs import BucketOutputs
from components.data.plan import bucket_arn, bucket_name, transitions
from components.iam import Statement, distributions_of, document

if TYPE_CHECKING:
    from components.iam import Conditions
    from config.bucket import Bucket as BucketSettings
    from config.identity import Identity

ABORT_UPLOAD_DAYS: Final = 7
"""Days after which the parts of an upload that nobody finished are deleted; they cost, and no listing shows them."""
SIGNED: Final = {"Viewers": "signed"}
"""Tag of a bucket that CloudFront serves to who brings a signature; rule `cf-private-bucket` of the pack knows it."""


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    """What a bucket is built from."""

    short_name: str
    """Name of the bucket in the stack file."""
    settings: BucketSettings
    """The stack file's `data.buckets.<short name>`."""
    identity: Identity
    """The stack file's `identity`."""
    key_arn: pulumi.Output[str]
    """Key of the domain `storage`."""
    access_logs: pulumi.Output[str]
    """Bucket that access logs go to."""
    distribution_arn: pulumi.Output[str] | None = None
    """The one distribution that may read objects, where viewers need a signature; None = each of the account may, if
    any may. Known after the bucket: the distribution names it."""


class Bucket(pulumi.ComponentResource):
    """A bucket with all its settings."""

    outputs: BucketOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Bucket", name, None, opts)
        self._name = name
        self._args = args
        self._physical_name = bucket_name(args.settings.name, args.identity)
        tags = SIGNED if args.distribution_arn is not None else None
        self._bucket, versioning = closed_bucket(self, name, self._physical_name, tags)
        self._encrypt()
        self._guard()
        self._age()
        self._archive()
        self._log_access()
        # Taken from the versioning: replication and AWS Backup refuse a bucket that has none yet.
        self.outputs = BucketOutputs(name=versioning.bucket, arn=versioning.bucket.apply(bucket_arn))
        self.register_outputs({"name": self.outputs.name, "arn": self.outputs.arn})

    def _encrypt(self) -> None:
        default = s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms", kms_master_key_id=self._args.key_arn
        )
        s3.BucketServerSideEncryptionConfiguration(
            named(self._name, "encryption"),
            bucket=self._bucket.id,
            rules=[
                s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=default, bucket_key_enabled=True
                )
            ],
            opts=child(self),
        )

    def _guard(self) -> None:
        s3.BucketPolicy(
            named(self._name, "policy"),
            bucket=self._bucket.id,
            policy=document(
                tls_only(self._physical_name),
                *deny_other_encryption(bucket_arn(self._physical_name), self._args.key_arn),
                *self._admit_cloudfront(),
            ),
            opts=child(self),
        )

    def _admit_cloudfront(self) -> tuple[Statement, ...]:
        """Return what lets distributions read, where the stack file says so."""
        if not self._args.settings.read_by_cloudfront:
            return ()
        account, only = self._args.identity.account_id, self._args.distribution_arn
        conditions: Conditions = {"ArnLike": {"aws:SourceArn": distributions_of(account)}}
        if only is not None:
            conditions = {"StringEquals": {"aws:SourceArn": only}}
        admit = Statement(
            sid="AdmitCloudFront",
            reason="distributions of this account serve the objects; nobody else reads past the application role",
            actions=["s3:GetObject"],
            resources=[f"{bucket_arn(self._physical_name)}/*"],
            principals={"Service": ["cloudfront.amazonaws.com"]},
            conditions=conditions,
        )
        return (admit,)

    def _age(self) -> None:
        lifecycle = self._args.settings.lifecycle
        s3.BucketLifecycleConfiguration(
            named(self._name, "lifecycle"),
            bucket=self._bucket.id,
            rules=[
                s3.BucketLifecycleConfigurationRuleArgs(
                    id="age",
                    status="Enabled",
                    filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    transitions=[
                        s3.BucketLifecycleConfigurationRuleTransitionArgs(
                            days=move.days, storage_class=move.storage_class
                        )
                        for move in transitions(self._args.settings)
                    ],
                    expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(days=lifecycle.expire_days)
                    if lifecycle.expire_days
                    else s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True),
                    noncurrent_version_expiration=s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                        noncurrent_days=lifecycle.noncurrent_expire_days
                    ),
                    abort_incomplete_multipart_upload=s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                        days_after_initiation=ABORT_UPLOAD_DAYS
                    ),
                )
            ],
            opts=child(self),
        )

    def _archive(self) -> None:
        """Let objects of Intelligent-Tiering that nobody reads go on to its archive tiers, where the file says so."""
        if (tiers := self._args.settings.intelligent_tiering) is None:
            return
        days = {"ARCHIVE_ACCESS": tiers.archive_days, "DEEP_ARCHIVE_ACCESS": tiers.deep_archive_days}
        s3.BucketIntelligentTieringConfiguration(
            named(self._name, "tiering"),
            bucket=self._bucket.id,
            name="archive",
            tierings=[
                s3.BucketIntelligentTieringConfigurationTieringArgs(access_tier=tier, days=day)
                for tier, day in days.items()
                if day is not None
            ],
            opts=child(self),
        )

    def _log_access(self) -> None:
        s3.BucketLogging(
            named(self._name, "access-logging"),
            bucket=self._bucket.id,
            target_bucket=self._args.access_logs,
            target_prefix=f"s3/{self._args.short_name}/",
            opts=child(self),
        )


def deny_other_encryption(arn: str, key_arn: pulumi.Input[str]) -> tuple[Statement, ...]:
    """Return statements that refuse objects encrypted otherwise; who names nothing gets the default, our key."""
    algorithm, key = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"
    return (
        _deny_put(
            arn,
            "DenyOtherEncryption",
            "an object under S3's own key could be read without any right to ours",
            {"Null": {algorithm: "false"}, "StringNotEquals": {algorithm: "aws:kms"}},
        ),
        _deny_put(
            arn,
            "DenyOtherKey",
            "an object under a foreign key is lost when its owner takes the key away",
            {"Null": {key: "false"}, "StringNotEquals": {key: key_arn}},
        ),
        _deny_put(
            arn,
            "DenyUnnamedKey",
            "who asks for `aws:kms` and names no key gets `aws/s3`, not the bucket's default (S3 API, PutObject)",
            {"Null": {algorithm: "false", key: "true"}},
        ),
        _deny_put(
            arn,
            "DenyCustomersKey",
            "an object under a key that came with the request (SSE-C) is lost with it; extortionists encrypt by it",
            {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}},
        ),
    )


def _deny_put(arn: str, sid: str, reason: str, conditions: Conditions) -> Statement:
    return Statement(
        sid=sid,
        reason=reason,
        effect="Deny",
        actions=["s3:PutObject"],
        resources=[f"{arn}/*"],
        principals={"AWS": ["*"]},
        conditions=conditions,
    )
