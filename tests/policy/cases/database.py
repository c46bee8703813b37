from dataclasses import replace

from tests.policy.case import Case, value_case
from tests.policy.harness import UNKNOWN, Made, altered

DATABASE = Made(
    type="aws:rds/instance:Instance",
    inputs={
        "storageEncrypted": True,
        "kmsKeyId": "arn:aws:kms:key",
        "backupRetentionPeriod": 30,
        "publiclyAccessible": False,
        "multiAz": True,
        "skipFinalSnapshot": False,
        "deletionProtection": True,
        "autoMinorVersionUpgrade": True,
        "engine": "postgres",
        "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
    },
)
REPLICA = Made(
    type="aws:rds/instance:Instance",
    inputs={"replicateSourceDb": "arn:aws:rds:us-east-1:1:db:x", "kmsKeyId": "arn:aws:kms:us-west-2:1:key/x"},
)
LOCAL_REPLICA = Made(type="aws:rds/instance:Instance", inputs={"replicateSourceDb": "phoenix"})
AURORA = Made(type="aws:rds/cluster:Cluster", inputs={"storageEncrypted": True, "kmsKeyId": "arn:aws:kms:key"})
PARAMETERS = Made(
    type="aws:rds/parameterGroup:ParameterGroup",
    inputs={"name": "tls", "family": "postgres17", "parameters": [{"name": "rds.force_ssl", "value": "1"}]},
)
PROXY = Made(
    type="aws:rds/proxy:Proxy",
    inputs={"requireTls": True, "auths": [{"iamAuth": "REQUIRED"}]},
)

CASES = (
    value_case("rds-storage-encrypted", DATABASE, "storageEncrypted", False, around=[LOCAL_REPLICA]),
    value_case("aurora-storage-encrypted", AURORA, "storageEncrypted", False),
    value_case("rds-not-public", DATABASE, "publiclyAccessible", True, absent_is="silent"),
    value_case("rds-backup-retention", DATABASE, "backupRetentionPeriod", 3, around=[LOCAL_REPLICA]),
    value_case("rds-proxy-tls", PROXY, "requireTls", False),
    value_case("rds-proxy-iam", PROXY, "auths.0.iamAuth", "DISABLED"),
    value_case("rds-force-ssl", PARAMETERS, "parameters.0.value", "0"),
    value_case("rds-cmk", DATABASE, "kmsKeyId", "", unknown_is="silent", around=[LOCAL_REPLICA, AURORA]),
    value_case("rds-multi-az", DATABASE, "multiAz", False, around=[LOCAL_REPLICA]),
    value_case("rds-final-snapshot", DATABASE, "skipFinalSnapshot", True, absent_is="silent", around=[LOCAL_REPLICA]),
    value_case("rds-deletion-protection", DATABASE, "deletionProtection", False),
    value_case("rds-auto-minor-upgrade", DATABASE, "autoMinorVersionUpgrade", False, absent_is="silent"),
    value_case("rds-log-exports", DATABASE, "enabledCloudwatchLogsExports", ["upgrade"]),
    Case(
        rule="rds-parameter-group-attached",
        passing=[PARAMETERS, replace(DATABASE, inputs={"parameterGroupName": "tls"})],
        failing=[PARAMETERS, replace(DATABASE, inputs={"parameterGroupName": "default.postgres17"})],
        unknown=[
            PARAMETERS,
            replace(
                DATABASE,
                inputs={"parameterGroupName": UNKNOWN},
                property_dependencies={"parameterGroupName": [PARAMETERS.urn]},
            ),
        ],
        absent=[PARAMETERS, DATABASE],
        unknown_is="silent",
        absent_is="violation",
    ),
    Case(
        rule="rds-replica-key-in-region",
        passing=[DATABASE, LOCAL_REPLICA, replace(REPLICA, name="far")],
        failing=[replace(REPLICA, inputs=altered(REPLICA.inputs, "kmsKeyId", ""))],
        unknown=[replace(LOCAL_REPLICA, inputs={"replicateSourceDb": UNKNOWN})],
        absent=[replace(REPLICA, inputs=altered(REPLICA.inputs, "kmsKeyId", None))],
        unknown_is="deferred",
        absent_is="violation",
    ),
)
