"""S3: encrypted by our key, versioned, closed to the public, reachable by TLS only.

A bucket's settings are resources of their own, linked to it by their input `bucket`. One rule asks that they exist, and
another judges what they say: only the latter needs values, so the former works on a stack that is not there yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.documents import statements
from policy.reading.logic import every, some
from policy.reading.statement import PLAIN_TEXT
from policy.rule import Level, Rule, Severity, WhenUnknown, resource_rule
from policy.table import be, be_one_of, be_own_key, check, not_be, paired
from policy.tokens import (
    BUCKET_ACLS,
    BUCKET_BLOCKS,
    BUCKET_ENCRYPTIONS,
    BUCKET_OWNERSHIPS,
    BUCKET_POLICIES,
    BUCKET_VERSIONINGS,
    BUCKETS,
    OBJECTS,
)
from policy.values import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.reading.statement import Statement
    from policy.resources import Resource
    from policy.rule import Settings

_ALL_FOUR: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_BY_DEFAULT: Final = "rules.applyServerSideEncryptionByDefault"
_PARTITIONS: Final = ("aws", "aws-us-gov", "aws-cn")


@resource_rule(
    "s3-tls-only",
    on=BUCKET_POLICIES,
    severity=Severity.MEDIUM,
    controls=("S3.5", "CIS-2.1.1"),
    when_unknown=WhenUnknown.DEFER,
    remediation="deny s3:* to everyone on the bucket and its objects where aws:SecureTransport is false",
    guards=("policy",),
)
def tls_only(policy: Resource, _settings: Settings) -> Iterator[str]:
    """Bucket policies deny requests without TLS.

    The policy names the bucket's ARN, which a first preview may not know.
    """
    if not some(statements(policy, "policy"), lambda each: _denies_plain_http(each, policy)):
        yield "policy has no statement that denies everyone s3:* without TLS; allowed: one on bucket and objects"


def _denies_plain_http(statement: Statement, policy: Resource) -> bool:
    return every(
        lambda: statement.denies,
        lambda: statement.is_for_everyone,
        lambda: statement.only_if(PLAIN_TEXT),
        lambda: statement.actions.all_of("s3"),
        lambda: _covers_bucket(statement, policy),
    )


def _arns(statement: Statement, policy: Resource) -> list[str]:
    """Return the ARN of the policy's bucket, as far as its name is known; else what the statement may mean by it."""
    name = plain(policy.inputs.get("bucket"))
    if isinstance(name, str):
        return [f"arn:{partition}:s3:::{name}" for partition in _PARTITIONS]
    return [each.rstrip("*").rstrip("/") for each in statement.resources.known]


def _covers_bucket(statement: Statement, policy: Resource) -> bool:
    """Tell whether the bucket and its objects are named; what `NotResource` leaves out may be any of them."""
    named = statement.resources
    if named.inverted:
        return False
    return any(named.cover(arn) and named.cover(f"{arn}/any/object") for arn in _arns(statement, policy))


RULES: Final[tuple[Rule, ...]] = (
    paired(
        "s3-encryption-configured", "Every bucket says how it is encrypted", by=BUCKET_ENCRYPTIONS, key="bucket",
        on=BUCKETS, severity=Severity.HIGH, controls=("S3.17", "CKV_AWS_19", "CKV_AWS_145", "AWS-0088"),
        remediation="add a BucketServerSideEncryptionConfiguration with aws:kms and the key of the storage domain",
    ),
    check(
        "s3-kms-encryption", "Buckets are encrypted through KMS", f"{_BY_DEFAULT}.sseAlgorithm",
        be_one_of("aws:kms", "aws:kms:dsse"),
        on=BUCKET_ENCRYPTIONS, severity=Severity.MEDIUM, controls=("S3.17", "CKV_AWS_145", "AWS-0132"),
        remediation="set sse_algorithm to 'aws:kms'",
    ),
    check(
        "s3-cmk", "Buckets are encrypted by a key of ours", f"{_BY_DEFAULT}.kmsMasterKeyId", be_own_key(),
        on=BUCKET_ENCRYPTIONS, severity=Severity.MEDIUM, controls=("S3.17", "CKV_AWS_145", "AWS-0132"),
        remediation="set kms_master_key_id to the key of the storage domain",
    ),
    paired(
        "s3-versioning-configured", "Every bucket says whether it is versioned", by=BUCKET_VERSIONINGS, key="bucket",
        on=BUCKETS, severity=Severity.MEDIUM, controls=("S3.14", "CKV_AWS_21", "AWS-0090"),
        remediation="add a BucketVersioning with status Enabled",
    ),
    check(
        "s3-versioning", "Buckets keep old versions", "versioningConfiguration.status", be("Enabled"),
        on=BUCKET_VERSIONINGS, severity=Severity.MEDIUM, controls=("S3.14", "CKV_AWS_21", "AWS-0090"),
        remediation="set status to 'Enabled' and let a lifecycle rule expire old versions",
    ),
    paired(
        "s3-block-public-access", "Every bucket has a public-access block", by=BUCKET_BLOCKS, key="bucket",
        on=BUCKETS, severity=Severity.HIGH, controls=("S3.8", "CIS-2.1.4", "CKV2_AWS_6", "AWS-0094"),
        remediation="add a BucketPublicAccessBlock with all four parts True",
    ),
    check(
        "s3-block-public-access-complete", "Public-access blocks have all four parts", _ALL_FOUR, be(True),
        on=BUCKET_BLOCKS, severity=Severity.HIGH,
        controls=("S3.8", "CIS-2.1.4", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6",
                  "AWS-0086", "AWS-0087", "AWS-0091", "AWS-0093"),
        remediation="set all four to True",
    ),
    paired(
        "s3-policy-configured", "Every bucket has a policy", by=BUCKET_POLICIES, key="bucket",
        why="Only a policy can refuse requests without TLS.",
        on=BUCKETS, severity=Severity.MEDIUM, controls=("S3.5", "CIS-2.1.1"),
        remediation="add a BucketPolicy that denies requests without TLS",
    ),
    tls_only,
    check(
        "s3-acls-disabled", "Access lists are switched off", "rule.objectOwnership", be("BucketOwnerEnforced"),
        on=BUCKET_OWNERSHIPS, severity=Severity.MEDIUM, controls=("S3.12", "CKV2_AWS_65"),
        remediation="set object_ownership to 'BucketOwnerEnforced'",
    ),
    check(
        "s3-no-public-acl", "No access list lets the public in",
        "acl",
        not_be("public-read", "public-read-write", "authenticated-read", "website"),
        on=(*BUCKET_ACLS, *BUCKETS, *OBJECTS), severity=Severity.CRITICAL,
        controls=("S3.2", "S3.3", "CKV_AWS_20", "CKV_AWS_57", "AWS-0092"),
        remediation="leave the ACL out",
    ),
    check(
        "s3-no-force-destroy", "Buckets are not deleted with what they hold", "forceDestroy", not_be(True),
        on=BUCKETS, severity=Severity.MEDIUM, level=Level.PRODUCTION, controls=("NIST-CP-9",),
        url="https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
        remediation="leave force_destroy out",
    ),
)  # fmt: skip
