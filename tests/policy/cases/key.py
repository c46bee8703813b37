import json

from tests.policy.case import pair_case, value_case
from tests.policy.harness import Made

ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::100000000004:root"}, "Action": "kms:*", "Resource": "*"}
CALLERS = {
    "Effect": "Allow",
    "Principal": {"AWS": "*"},
    "Action": "kms:Decrypt",
    "Resource": "*",
    "Condition": {"StringEquals": {"kms:CallerAccount": "100000000004"}},
}
KEY = Made(
    type="aws:kms/key:Key", inputs={"enableKeyRotation": True, "policy": json.dumps({"Statement": [ROOT, CALLERS]})}
)
SIGNING = Made(type="aws:kms/key:Key", name="signing", inputs={"customerMasterKeySpec": "ECC_NIST_P256"})
EVERYONE = json.dumps({"Statement": [ROOT, {key: CALLERS[key] for key in CALLERS if key != "Condition"}]})
SECRET = Made(type="aws:secretsmanager/secret:Secret", inputs={"kmsKeyId": "arn:aws:kms:key"})
ROTATION = Made(
    type="aws:secretsmanager/secretRotation:SecretRotation", inputs={"rotationRules": {"automaticallyAfterDays": 30}}
)
LOGS = Made(type="aws:cloudwatch/logGroup:LogGroup", inputs={"retentionInDays": 90, "kmsKeyId": "arn:aws:kms:key"})

CASES = (
    value_case("kms-rotation", KEY, "enableKeyRotation", False, around=[SIGNING]),
    value_case("kms-policy-no-public", KEY, "policy", EVERYONE, unknown_is="deferred", absent_is="silent"),
    value_case("secrets-cmk", SECRET, "kmsKeyId", "", unknown_is="silent"),
    pair_case("secrets-rotation-configured", SECRET.type, ROTATION.type, "secretId"),
    value_case("secrets-rotation", ROTATION, "rotationRules.automaticallyAfterDays", 365),
    value_case("logs-retention", LOGS, "retentionInDays", 0),
    value_case("logs-kms", LOGS, "kmsKeyId", "", unknown_is="silent"),
)
