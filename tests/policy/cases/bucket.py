from tests.policy.case import pair_case, value_case
from tests.policy.harness import Made

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = Made(
    type="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    inputs=dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True),
)

CASES = (
    value_case("s3-block-public-access-complete", BLOCK, "ignorePublicAcls", False),
    pair_case("s3-block-public-access", BUCKET, BLOCK.type, "bucket"),
)
