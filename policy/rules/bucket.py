"""S3: encrypted by our key, versioned, closed to the public, reachable by TLS only."""

from __future__ import annotations

from typing import Final

from policy.rule import Rule, Severity
from policy.table import be, check, paired
from policy.tokens import BUCKET_BLOCKS, BUCKETS

_ALL_FOUR: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")

RULES: Final[tuple[Rule, ...]] = (
    check(
        "s3-block-public-access-complete", "A bucket's public-access block has all four parts", _ALL_FOUR, be(True),
        on=BUCKET_BLOCKS, severity=Severity.HIGH,
        controls=("S3.8", "CIS-2.1.4", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "AWS-0086"),
        cure="set all four to True",
    ),
    paired(
        "s3-block-public-access", "Every bucket has a public-access block", by=BUCKET_BLOCKS, key="bucket",
        on=BUCKETS, severity=Severity.HIGH, controls=("S3.8", "CIS-2.1.4", "CKV2_AWS_6"),
        cure="add a BucketPublicAccessBlock with all four set to True",
    ),
)  # fmt: skip
