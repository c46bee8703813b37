from tests.policy.case import pair_case, value_case
from tests.policy.harness import Made

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
