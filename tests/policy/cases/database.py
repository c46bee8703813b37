from tests.policy.case import value_case
from tests.policy.harness import Made

DATABASE = Made(
    type="aws:rds/instance:Instance",
    inputs={"storageEncrypted": True, "backupRetentionPeriod": 30, "publiclyAccessible": False},
)
AURORA = Made(type="aws:rds/cluster:Cluster", inputs={"storageEncrypted": True, "kmsKeyId": "arn:aws:kms:key"})
PARAMETERS = Made(
    type="aws:rds/parameterGroup:ParameterGroup",
    inputs={"family": "postgres17", "parameters": [{"name": "rds.force_ssl", "value": "1"}]},
)

CASES = (
    value_case("rds-storage-encrypted", DATABASE, "storageEncrypted", False),
    value_case("aurora-storage-encrypted", AURORA, "storageEncrypted", False),
    value_case("rds-not-public", DATABASE, "publiclyAccessible", True, absent_is="silent"),
    value_case("rds-backup-retention", DATABASE, "backupRetentionPeriod", 3),
    value_case("rds-force-ssl", PARAMETERS, "parameters.0.value", "0"),
    value_case("rds-cmk", AURORA, "kmsKeyId", "", unknown_is="silent"),
)
