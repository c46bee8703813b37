import json

from tests.policy.case import pair_case, value_case
from tests.policy.harness import Made

BUCKET = Made(type="aws:s3/bucket:Bucket", inputs={"bucket": "phoenix-logs", "acl": "private", "forceDestroy": False})
BLOCK = Made(
    type="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    inputs=dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True),
)
ENCRYPTION = Made(
    type="aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    inputs={
        "rules": [
            {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "arn:aws:kms:key"}}
        ]
    },
)
VERSIONING = Made(
    type="aws:s3/bucketVersioning:BucketVersioning", inputs={"versioningConfiguration": {"status": "Enabled"}}
)
OWNERSHIP = Made(
    type="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    inputs={"rule": {"objectOwnership": "BucketOwnerEnforced"}},
)
TLS_ONLY: dict[str, object] = {
    "Sid": "TlsOnly",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::phoenix-logs", "arn:aws:s3:::phoenix-logs/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
POLICY = Made(type="aws:s3/bucketPolicy:BucketPolicy", inputs={"policy": json.dumps({"Statement": [TLS_ONLY]})})
OPEN = json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject"}]})

_DEFAULT = "rules.0.applyServerSideEncryptionByDefault"
CASES = (
    pair_case("s3-encryption-configured", BUCKET.type, ENCRYPTION.type, "bucket"),
    value_case("s3-kms-encryption", ENCRYPTION, f"{_DEFAULT}.sseAlgorithm", "AES256"),
    value_case("s3-cmk", ENCRYPTION, f"{_DEFAULT}.kmsMasterKeyId", "", unknown_is="silent"),
    pair_case("s3-versioning-configured", BUCKET.type, VERSIONING.type, "bucket"),
    value_case("s3-versioning", VERSIONING, "versioningConfiguration.status", "Suspended"),
    pair_case("s3-block-public-access", BUCKET.type, BLOCK.type, "bucket"),
    value_case("s3-block-public-access-complete", BLOCK, "ignorePublicAcls", False),
    pair_case("s3-policy-configured", BUCKET.type, POLICY.type, "bucket"),
    value_case("s3-tls-only", POLICY, "policy", OPEN, unknown_is="deferred"),
    value_case("s3-policy-no-any-principal", POLICY, "policy", OPEN, unknown_is="deferred", absent_is="silent"),
    value_case("s3-acls-disabled", OWNERSHIP, "rule.objectOwnership", "ObjectWriter"),
    value_case("s3-no-public-acl", BUCKET, "acl", "public-read", absent_is="silent"),
    value_case("s3-no-force-destroy", BUCKET, "forceDestroy", True, absent_is="silent"),
)
