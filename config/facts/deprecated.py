"""Values that AWS still takes and no longer acts on, with what takes their place: refused, as they would do nothing.

Source: AWS Backup API reference, `PutBackupVaultNotifications` (its text lists what is supported, its enumeration holds
what is deprecated, too); AWS Backup developer guide, "Notification options with AWS Backup"; both read 2026-11-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_JOBS: Final = "drop it: backups and restores that fail, expire or are aborted are reported through EventBridge anyway"
_PLANS: Final = "drop it: changes of plans are in CloudTrail"

DEPRECATED: Final[Mapping[str, str]] = {
    "BACKUP_JOB_SUCCESSFUL": _JOBS,
    "BACKUP_JOB_FAILED": _JOBS,
    "BACKUP_JOB_EXPIRED": _JOBS,
    "RESTORE_JOB_SUCCESSFUL": _JOBS,
    "RESTORE_JOB_FAILED": _JOBS,
    "BACKUP_PLAN_CREATED": _PLANS,
    "BACKUP_PLAN_MODIFIED": _PLANS,
}
"""Value to what to do instead."""
