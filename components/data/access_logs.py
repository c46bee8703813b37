"""The bucket that S3, load balancers and CloudFront deliver access logs into.

Encrypted by S3's own key (SSE-S3): S3 delivers no access logs into a bucket whose default is KMS, and load balancers
likewise; see docs/adr/0009-access-logs.md. It logs no access to itself, which would never end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import s3

from components.base import child, named
from components.data.bucket_base import closed_bucket, tls_only
from components.data.outputs import BucketOutputs
from components.data.plan import bucket_arn
from components.iam import Statement, document
from config.facts.apis import APIS
from config.facts.regions import GLOBAL_REGION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.identity import Identity

(ACCELERATOR_REGION,) = APIS["globalaccelerator"].regions
"""Region of Global Accelerator's API, from which its flow logs come."""


@dataclass(frozen=True, kw_only=True)
class AccessLogsArgs:
    """What the bucket is built from."""

    physical_name: str
    """Physical name of the bucket."""
    identity: Identity
    """The stack file's `identity`."""
    retention_days: int
    """Days that access logs are kept."""
    sources: Sequence[str]
    """Physical names of the buckets whose access is logged."""
    buckets_only: bool = False
    """Whether neither load balancers nor CloudFront deliver there."""
    accelerator: bool = False
    """Whether flow logs of Global Accelerator are delivered there."""


class AccessLogs(pulumi.ComponentResource):
    """Bucket for access logs."""

    outputs: BucketOutputs
    """What later areas may know, known once its policy admits who delivers."""

    def __init__(self, name: str, args: AccessLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:AccessLogs", name, None, opts)
        self._name = name
        self._args = args
        self._physical_name = args.physical_name
        self._bucket, _ = closed_bucket(self, name, self._physical_name)
        self._encrypt()
        self._expire()
        policy = self._admit_delivery()
        self.outputs = BucketOutputs(name=policy.bucket, arn=policy.bucket.apply(bucket_arn))
        self.register_outputs({"name": self.outputs.name, "arn": self.outputs.arn})

    def _encrypt(self) -> None:
        default = s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="AES256"
        )
        s3.BucketServerSideEncryptionConfiguration(
            named(self._name, "encryption"),
            bucket=self._bucket.id,
            rules=[s3.BucketServerSideEncryptionConfigurationRuleArgs(apply_server_side_encryption_by_default=default)],
            opts=child(self),
        )

    def _expire(self) -> None:
        days = self._args.retention_days
        s3.BucketLifecycleConfiguration(
            named(self._name, "lifecycle"),
            bucket=self._bucket.id,
            rules=[
                s3.BucketLifecycleConfigurationRuleArgs(
                    id="expire",
                    status="Enabled",
                    filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
                    # nobody overwrites access logs: a version that is not current was deleted by somebody, so keep it
                    noncurrent_version_expiration=s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                        noncurrent_days=days
                    ),
                )
            ],
            opts=child(self),
        )

    def _admit_delivery(self) -> s3.BucketPolicy:
        others = () if self._args.buckets_only else (self._of_balancers(), self._of_cloudfront())
        return s3.BucketPolicy(
            named(self._name, "policy"),
            bucket=self._bucket.id,
            policy=document(tls_only(self._physical_name), *self._of_buckets(), *others, *self._of_accelerator()),
            opts=child(self),
        )

    def _of_buckets(self) -> tuple[Statement, ...]:
        if not self._args.sources:
            return ()
        admit = Statement(
            sid="AdmitAccessLogs",
            reason="S3's logging service writes the access logs of this stack's buckets, and of no others",
            actions=["s3:PutObject"],
            resources=[f"{bucket_arn(self._physical_name)}/s3/*"],
            principals={"Service": ["logging.s3.amazonaws.com"]},
            conditions={
                "StringEquals": {"aws:SourceAccount": self._args.identity.account_id},
                "ArnEquals": {"aws:SourceArn": [bucket_arn(source) for source in self._args.sources]},
            },
        )
        return (admit,)

    def _of_balancers(self) -> Statement:
        account = self._args.identity.account_id
        return Statement(
            sid="AdmitBalancerLogs",
            reason="load balancers write theirs, under their account's id; ELB documents no condition beside the path",
            actions=["s3:PutObject"],
            resources=[f"{bucket_arn(self._physical_name)}/alb/AWSLogs/{account}/*"],
            principals={"Service": ["logdelivery.elasticloadbalancing.amazonaws.com"]},
        )

    def _of_cloudfront(self) -> Statement:
        identity = self._args.identity
        sources = f"arn:aws:logs:{GLOBAL_REGION}:{identity.account_id}:delivery-source:*"
        return Statement(
            sid="AdmitCloudFrontLogs",
            reason="CloudWatch's log delivery writes those of CloudFront, whose deliveries all live in us-east-1",
            actions=["s3:PutObject"],
            resources=[f"{bucket_arn(self._physical_name)}/AWSLogs/{identity.account_id}/*"],
            principals={"Service": ["delivery.logs.amazonaws.com"]},
            conditions={
                "StringEquals": {
                    "aws:SourceAccount": identity.account_id,
                    "s3:x-amz-acl": "bucket-owner-full-control",
                },
                "ArnLike": {"aws:SourceArn": sources},
            },
        )

    def _of_accelerator(self) -> tuple[Statement, ...]:
        if not self._args.accelerator:
            return ()
        account, service = self._args.identity.account_id, "delivery.logs.amazonaws.com"
        of_account = {"aws:SourceAccount": account}
        sources = {"aws:SourceArn": f"arn:aws:logs:{ACCELERATOR_REGION}:{account}:*"}
        write = Statement(
            sid="AdmitFlowLogs",
            reason="the log delivery service writes flow logs of Global Accelerator, whose API is in us-west-2",
            actions=["s3:PutObject"],
            resources=[f"{bucket_arn(self._physical_name)}/accelerator/AWSLogs/{account}/*"],
            principals={"Service": [service]},
            conditions={
                "StringEquals": {**of_account, "s3:x-amz-acl": "bucket-owner-full-control"},
                "ArnLike": sources,
            },
        )
        look = Statement(
            sid="AdmitFlowLogsCheck",
            reason="it looks first whether it may",
            actions=["s3:GetBucketAcl"],
            resources=[bucket_arn(self._physical_name)],
            principals={"Service": [service]},
            conditions={"StringEquals": of_account, "ArnLike": sources},
        )
        return (write, look)
