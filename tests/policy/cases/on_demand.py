from dataclasses import replace

from tests.policy.case import Case, value_case
from tests.policy.harness import UNKNOWN, Made

DATABASE = Made(type="aws:rds/instance:Instance", inputs={"port": 6543})
KEY = Made(type="aws:kms/key:Key", inputs={"multiRegion": True})
SECRET = Made(type="aws:secretsmanager/secret:Secret", inputs={"replicas": [{"region": "us-west-2"}]})
VAULT = "arn:aws:backup:us-west-2:123456789012:backup-vault:standby"
PLAN = Made(
    type="aws:backup/plan:Plan",
    inputs={"region": "us-east-1", "rules": [{"copyActions": [{"destinationVaultArn": VAULT}]}, {}]},
)
BUCKET = Made(type="aws:s3/bucket:Bucket", name="bucket", id="data", inputs={"region": "us-east-1"})
COPY = Made(type=BUCKET.type, name="copy", id="copy", inputs={"region": "us-west-2"})
REPLICATION = Made(
    type="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    name="replication",
    inputs={"bucket": "data", "rules": [{"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::copy"}}]},
)
REPOSITORY = Made(type="aws:ecr/repository:Repository", name="it", inputs={"region": "us-east-1", "name": "team/it"})
REGISTRY = Made(
    type="aws:ecr/replicationConfiguration:ReplicationConfiguration",
    name="registry",
    inputs={
        "replicationConfiguration": {
            "rules": [{"destinations": [{"region": "us-west-2"}], "repositoryFilters": [{"filter": "team/"}]}]
        }
    },
)

CASES = (
    value_case("rds-default-port", DATABASE, "port", 5432),
    value_case("kms-multi-region-for-dr", KEY, "multiRegion", False),
    value_case("secrets-replica-for-dr", SECRET, "replicas.0.region", "", unknown_is="silent"),
    value_case(
        "backup-plan-cross-region",
        PLAN,
        "rules.0.copyActions.0.destinationVaultArn",
        "arn:aws:backup:us-east-1:123456789012:backup-vault:here",
        unknown_is="silent",
    ),
    Case(
        rule="s3-crr-for-dr",
        passing=[BUCKET, COPY, REPLICATION],
        failing=[BUCKET, replace(COPY, inputs={"region": "us-east-1"}), REPLICATION],
        unknown=[
            BUCKET,
            replace(
                REPLICATION,
                inputs={**REPLICATION.inputs, "bucket": UNKNOWN},
                property_dependencies={"bucket": [BUCKET.urn]},
            ),
        ],
        absent=[BUCKET, COPY, replace(REPLICATION, inputs={"bucket": "data"})],
        unknown_is="silent",
        absent_is="violation",
    ),
    value_case(
        "ecr-replication-for-dr",
        REGISTRY,
        "replicationConfiguration.rules.0.repositoryFilters.0.filter",
        "other/",
        around=[REPOSITORY],
        unknown_is="silent",
    ),
)
