"""AWS Backup: points that end by their lifecycle and not before, under a key of ours."""

from __future__ import annotations

from typing import Final

from policy.rule import Level, Rule, Severity
from policy.table import Must, be_own_key, check, not_be, paired
from policy.tokens import BACKUP_PLANS, VAULT_LOCKS, VAULT_NOTIFICATIONS, VAULT_POLICIES, VAULTS
from policy.values import number

_GUIDE: Final = "https://docs.aws.amazon.com/aws-backup/latest/devguide"
DEPRECATED: Final = frozenset(
    {
        "BACKUP_JOB_SUCCESSFUL", "BACKUP_JOB_FAILED", "BACKUP_JOB_EXPIRED", "RESTORE_JOB_SUCCESSFUL",
        "RESTORE_JOB_FAILED", "BACKUP_PLAN_CREATED", "BACKUP_PLAN_MODIFIED",
    }
)  # fmt: skip
"""Events that AWS Backup takes and never sends (API reference, `PutBackupVaultNotifications`, read 2026-11-30)."""


def _is_sent(events: object) -> bool:
    return isinstance(events, list | tuple) and bool(events) and not DEPRECATED & {str(event) for event in events}


RULES: Final[tuple[Rule, ...]] = (
    check(
        "backup-vault-kms", "Vaults are encrypted by a key of ours", "kmsKeyArn", be_own_key(),
        why="A copy under AWS's own key cannot be restored from in another account.",
        on=VAULTS, severity=Severity.MEDIUM, controls=("Backup.1", "CKV_AWS_166"),
        remediation="set kms_key_arn to a key of the vault's own",
    ),
    check(
        "backup-vault-not-emptied", "Vaults are not deleted with what they hold", "forceDestroy", not_be(True),
        on=VAULTS, severity=Severity.HIGH, level=Level.PRODUCTION, controls=("NIST-CP-9",),
        url="https://www.pulumi.com/registry/packages/aws/api-docs/backup/vault/",
        remediation="leave force_destroy out",
    ),
    paired(
        "backup-vault-lock", "Vaults are locked", by=VAULT_LOCKS, key="backupVaultName",
        why="Without a lock a changed lifecycle ends every point the next day.",
        on=VAULTS, severity=Severity.MEDIUM, level=Level.PRODUCTION, controls=("NIST-CP-9", "ISO-A.8.13"),
        url=f"{_GUIDE}/vault-lock.html",
        remediation="add a VaultLockConfiguration with a least retention; leave changeable_for_days out for"
        " governance mode",
    ),
    paired(
        "backup-vault-policy", "Vaults have a policy", by=VAULT_POLICIES, key="backupVaultName",
        why="Only a policy refuses deletion to whoever has the permission.",
        on=VAULTS, severity=Severity.MEDIUM, controls=("NIST-CP-9", "ISO-A.8.13"),
        url=f"{_GUIDE}/create-a-vault-access-policy.html",
        remediation="add a VaultPolicy that denies backup:DeleteRecoveryPoint to everyone",
    ),
    check(
        "backup-events-sent", "Vaults publish events that AWS Backup sends", "backupVaultEvents",
        Must(f"any but {', '.join(sorted(DEPRECATED))}", _is_sent),
        why="It takes deprecated events without a word, and nobody is notified of a failed backup then.",
        on=VAULT_NOTIFICATIONS, severity=Severity.HIGH, controls=("NIST-CP-9", "ISO-A.8.13"),
        url=f"{_GUIDE}/backup-notifications.html",
        remediation="name events that are sent, and watch failed jobs by an EventBridge rule on Backup Job"
        " State Change",
    ),
    check(
        "backup-plan-lifecycle", "Every tier of a plan says how long its points live", "rules.lifecycle.deleteAfter",
        Must("a number of days", lambda found: (number(found) or 0) >= 1),
        why="Left out, points are kept, and paid for, for ever.",
        on=BACKUP_PLANS, severity=Severity.MEDIUM, controls=("NIST-CP-9", "ISO-A.8.13"),
        url=f"{_GUIDE}/plan-options-and-configuration.html",
        remediation="set delete_after in the rule's lifecycle",
    ),
)  # fmt: skip
