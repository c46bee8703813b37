from tests.policy.case import pair_case, value_case
from tests.policy.harness import Made

REPLICATION = Made(
    type="aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    inputs={
        "rules": [
            {
                "deleteMarkerReplication": {"status": "Enabled"},
                "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
                "destination": {
                    "encryptionConfiguration": {"replicaKmsKeyId": "arn:aws:kms:key"},
                    "replicationTime": {"status": "Enabled", "time": {"minutes": 15}},
                },
            }
        ]
    },
)
REPOSITORY = Made(
    type="aws:ecr/repository:Repository",
    inputs={
        "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": {"scanOnPush": True},
        "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": "arn:aws:kms:key"}],
        "forceDelete": False,
    },
)
_CRITERIA = "rules.0.sourceSelectionCriteria.sseKmsEncryptedObjects.status"
_DESTINATION = "rules.0.destination"

CASES = (
    value_case("s3-replication-encrypted-objects", REPLICATION, _CRITERIA, "Disabled"),
    value_case(
        "s3-replication-cmk",
        REPLICATION,
        f"{_DESTINATION}.encryptionConfiguration.replicaKmsKeyId",
        "",
        unknown_is="silent",
    ),
    value_case("s3-replication-time", REPLICATION, f"{_DESTINATION}.replicationTime.status", "Disabled"),
    value_case("s3-replication-deletes", REPLICATION, "rules.0.deleteMarkerReplication.status", "Disabled"),
    value_case("ecr-immutable-tags", REPOSITORY, "imageTagMutability", "MUTABLE"),
    value_case("ecr-scan-on-push", REPOSITORY, "imageScanningConfiguration.scanOnPush", False),
    value_case("ecr-kms-encryption", REPOSITORY, "encryptionConfigurations.0.encryptionType", "AES256"),
    value_case("ecr-cmk", REPOSITORY, "encryptionConfigurations.0.kmsKey", "", unknown_is="silent"),
    pair_case("ecr-lifecycle-configured", REPOSITORY.type, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository"),
    value_case("ecr-no-force-delete", REPOSITORY, "forceDelete", True, absent_is="silent"),
)
