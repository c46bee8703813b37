from dataclasses import replace

from tests.policy.case import Case, pair_case, value_case
from tests.policy.harness import UNKNOWN, Made

VAULT = Made(type="aws:backup/vault:Vault", inputs={"kmsKeyArn": "arn:aws:kms:key", "forceDestroy": False})
LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
POLICY = "aws:backup/vaultPolicy:VaultPolicy"
PLAN = Made(type="aws:backup/plan:Plan", inputs={"rules": [{"ruleName": "daily", "lifecycle": {"deleteAfter": 30}}]})

TOLD = Made(type="aws:backup/vaultNotifications:VaultNotifications", inputs={"backupVaultEvents": ["COPY_JOB_FAILED"]})

CASES = (
    value_case("backup-events-sent", TOLD, "backupVaultEvents", ["COPY_JOB_FAILED", "BACKUP_JOB_FAILED"]),
    value_case("backup-vault-kms", VAULT, "kmsKeyArn", "", unknown_is="silent"),
    value_case("backup-vault-not-emptied", VAULT, "forceDestroy", True, absent_is="silent"),
    pair_case("backup-vault-lock", VAULT.type, LOCK, "backupVaultName"),
    pair_case("backup-vault-policy", VAULT.type, POLICY, "backupVaultName"),
    value_case("backup-plan-lifecycle", PLAN, "rules.0.lifecycle.deleteAfter", 0),
)

DATABASE = Made(type="aws:rds/instance:Instance", name="database", id="db-1", inputs={"tags": {"Backup": "daily"}})
TABLE = Made(type="aws:dynamodb/table:Table", name="table", id="it", inputs={"tags": {"Backup": "none"}})
BY_TAG = {"selectionTags": [{"type": "STRINGEQUALS", "key": "Backup", "value": "daily"}]}
TAGGED = {"key": "aws:ResourceTag/Backup", "value": "da*"}
SELECTION = Made(type="aws:backup/selection:Selection", name="selection", inputs=BY_TAG)


def selected(rule: str, resource: Made, good: dict[str, object], bad: dict[str, object]) -> Case:
    """Case of a selection that reaches a resource, one that does not, and one of which nobody knows."""
    return Case(
        rule=rule,
        passing=[resource, replace(SELECTION, inputs=good)],
        failing=[resource, replace(SELECTION, inputs=bad)],
        unknown=[resource, replace(SELECTION, inputs={"resources": [UNKNOWN]})],
        absent=[resource],
        unknown_is="silent",
        absent_is="silent",
    )


CASES += (
    selected("rds-in-backup-plan", DATABASE, BY_TAG, {"resources": ["arn:aws:dynamodb:*:*:table/*"]}),
    selected("backup-covers-data", TABLE, {"resources": ["arn:aws:dynamodb:*:*:table/*"]}, BY_TAG),
)
HOME = Made(type="pulumi:providers:aws", name="home", inputs={"region": "us-east-1"})
AWAY = replace(HOME, name="away", inputs={"region": "us-west-2"})


def beside(rule: str, resource: Made) -> Case:
    """Case of a selection of another region, which reaches nothing here: there is one here as well, or none."""
    here, there = replace(resource, provider=HOME.urn), replace(SELECTION, name="there", provider=AWAY.urn)
    reaching, other = replace(SELECTION, provider=HOME.urn), {"resources": ["arn:aws:s3:::*"]}
    every = {"resources": ["*"]}
    return Case(
        rule=rule,
        passing=[HOME, AWAY, here, replace(there, inputs=other), replace(reaching, inputs=every)],
        failing=[HOME, AWAY, here, replace(there, inputs=every), replace(reaching, inputs=other)],
        unknown=[HOME, AWAY, here, replace(there, inputs=every), replace(reaching, inputs={"resources": [UNKNOWN]})],
        absent=[HOME, AWAY, here, replace(there, inputs=other)],
        unknown_is="silent",
        absent_is="silent",
    )


REACH_CASES = (
    beside("rds-in-backup-plan", DATABASE),
    beside("backup-covers-data", TABLE),
    selected(
        "rds-in-backup-plan",
        DATABASE,
        {"resources": ["*"], "conditions": [{"stringLikes": [TAGGED]}]},
        {"resources": ["*"], "conditions": [{"stringNotLikes": [TAGGED]}]},
    ),
    selected(
        "rds-in-backup-plan",
        DATABASE,
        {"resources": ["arn:aws:rds:*:*:db:*"], "notResources": ["arn:aws:rds:*:*:cluster:*"]},
        {"resources": ["*"], "notResources": ["arn:aws:rds:*"]},
    ),
    selected(
        "backup-covers-data",
        replace(TABLE, type="aws:ebs/volume:Volume"),
        {"resources": ["arn:aws:ec2:*:*:volume/*"], "conditions": [{"stringNotEquals": [TAGGED]}]},
        {"resources": ["arn:aws:ec2:*:*:instance/*"]},
    ),
    selected(
        "backup-covers-data",
        TABLE,
        {"resources": ["arn:aws:d*"]},
        {"resources": ["*"], "notResources": ["arn:aws:dynamodb:*:*:ta*"]},
    ),
)
