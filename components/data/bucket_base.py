"""What every bucket has, whatever it is for: one owner, no public access, versions, TLS only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import s3

from components.base import child, named, stateful
from components.data.plan import bucket_arn
from components.iam import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi


def closed_bucket(
    parent: pulumi.Resource, name: str, physical_name: str, tags: Mapping[str, str] | None = None
) -> tuple[s3.Bucket, s3.BucketVersioning]:
    """Make a versioned bucket without access lists and without public access; returns it with its versioning."""
    bucket = s3.Bucket(
        named(name, "bucket"), bucket=physical_name, force_destroy=False, tags=tags, opts=stateful(parent)
    )
    s3.BucketOwnershipControls(
        named(name, "ownership"),
        bucket=bucket.id,
        rule=s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        opts=child(parent),
    )
    s3.BucketPublicAccessBlock(
        named(name, "public-access"),
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=child(parent),
    )
    versioning = s3.BucketVersioning(
        named(name, "versioning"),
        bucket=bucket.id,
        versioning_configuration=s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
        opts=child(parent),
    )
    return bucket, versioning


def tls_only(physical_name: str) -> Statement:
    """Return the statement that refuses requests without TLS."""
    arn = bucket_arn(physical_name)
    return Statement(
        sid="DenyWithoutTls",
        reason="data and signatures must not cross a network in the clear",
        effect="Deny",
        actions=["s3:*"],
        resources=[arn, f"{arn}/*"],
        principals={"AWS": ["*"]},
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )
