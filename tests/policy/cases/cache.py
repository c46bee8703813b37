from tests.policy.case import forbidden_case, value_case
from tests.policy.harness import Made

GROUP = Made(
    type="aws:elasticache/replicationGroup:ReplicationGroup",
    inputs={
        "atRestEncryptionEnabled": True,
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
        "authToken": "not-a-real-token",
        "kmsKeyId": "arn:aws:kms:key",
        "automaticFailoverEnabled": True,
        "multiAzEnabled": True,
        "snapshotRetentionLimit": 7,
        "subnetGroupName": "database",
    },
)
SECONDARY = Made(
    type="aws:elasticache/replicationGroup:ReplicationGroup",
    name="secondary",
    inputs={"globalReplicationGroupId": "ldgnf-both"},
)

CASES = (
    value_case("redis-at-rest", GROUP, "atRestEncryptionEnabled", False, around=[SECONDARY]),
    value_case("redis-in-transit", GROUP, "transitEncryptionEnabled", False, around=[SECONDARY]),
    value_case("redis-in-transit-required", GROUP, "transitEncryptionMode", "preferred", absent_is="silent"),
    value_case("redis-auth", GROUP, "authToken", "", unknown_is="silent", around=[SECONDARY]),
    value_case("redis-cmk", GROUP, "kmsKeyId", "", unknown_is="silent"),
    value_case("redis-auto-failover", GROUP, "multiAzEnabled", False),
    value_case("redis-snapshots", GROUP, "snapshotRetentionLimit", 1),
    value_case("redis-custom-subnet-group", GROUP, "subnetGroupName", "", unknown_is="silent"),
    forbidden_case("redis-no-standalone-cluster", "aws:elasticache/cluster:Cluster", GROUP.type),
)
