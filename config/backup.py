"""Backups beyond each service's own: a locked vault, plans with tiers, copies in another region, restores on trial."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.cluster import KubernetesName

Cron = Annotated[str, Field(pattern=r"^cron\([0-5]?\d ([01]?\d|2[0-3]) \S+ \S+ \S+ \S+\)$")]
Backed = Literal["postgres", "buckets", "tables", "volumes"]
VaultEvent = Literal[
    "BACKUP_JOB_STARTED",
    "BACKUP_JOB_COMPLETED",
    "COPY_JOB_STARTED",
    "COPY_JOB_SUCCESSFUL",
    "COPY_JOB_FAILED",
    "RESTORE_JOB_STARTED",
    "RESTORE_JOB_COMPLETED",
    "RECOVERY_POINT_MODIFIED",
    "S3_BACKUP_OBJECT_FAILED",
    "S3_RESTORE_OBJECT_FAILED",
]
"""Events that a vault can publish (AWS Backup API reference, `PutBackupVaultNotifications`, 2026-11); what that
page calls deprecated is in `config/facts/deprecated.py`."""


class VaultLock(Section):
    """What nobody can undercut: recovery points are kept for at least, and at most, so long."""

    mode: Literal["governance", "compliance"] = "governance"
    """`governance`: who has the permission can lift the lock. `compliance`: nobody can, AWS included, once
    `cooling_off_days` are over: the vault is paid for until its last point expires (ADR 0015)."""
    least_days: Annotated[int, Field(ge=1, le=36500)]
    """Shortest retention of a recovery point."""
    most_days: Annotated[int, Field(ge=1, le=36500)]
    """Longest retention of a recovery point."""
    cooling_off_days: Annotated[int, Field(ge=3, le=36500)] | None = None
    """Days in which a lock of mode `compliance` can still be lifted; required for it, refused for `governance`."""


class Lifecycle(Section):
    """How long a recovery point lives."""

    retention_days: Annotated[int, Field(ge=1, le=36500)]
    """Days until it is deleted."""


class BackupRule(Lifecycle):
    """One tier of a plan."""

    cold_after_days: Annotated[int, Field(ge=1)] | None = None
    """Days until points of volumes move to the archive of EBS, where they stay 90 days at least, whole and no longer
    incremental; only in a tier that runs once a month at most. RDS and S3 have no cold storage."""
    schedule: Cron
    """When, as `cron(minute hour day-of-month month day-of-week year)` in UTC."""
    start_within_minutes: Annotated[int, Field(ge=60)] = 60
    """A job that did not begin in time is cancelled, and reported as expired (AWS: 60 minutes or more)."""
    complete_within_minutes: Annotated[int, Field(ge=120)] = 480
    """A job that did not end in time is cancelled; counted from the schedule."""


class VolumeClaim(Section):
    """A persistent volume claim; the EBS driver writes its name on the volume, as a tag."""

    namespace: KubernetesName
    """Kubernetes namespace."""
    claim: KubernetesName
    """Name of the claim, such as `data-queue-0` for the first pod of a StatefulSet."""


class RestoreTesting(Section):
    """Restores on trial: AWS Backup restores the newest points, measures, and deletes what it restored."""

    schedule: Cron
    """When, as cron in UTC."""
    start_within_hours: Annotated[int, Field(ge=1, le=168)] = 4
    """Hours in which a restore begins."""
    newest_of_days: Annotated[int, Field(ge=1, le=365)]
    """How old a point may be to be taken."""
    buckets: tuple[str, ...] = ()
    """Buckets by their names in `data.buckets`. Each is restored whole, at every run: name a small one."""
    volume: VolumeClaim | None = None
    """Volume of one claim. A database wants a subnet group and a size of its own: drilled by hand (docs/runbooks)."""


class BackupCopy(Lifecycle):
    """In a standby: how its primary's backups come into its own vault. The plan stands in the primary's region."""

    schedule: Cron
    """When, as cron in UTC."""
    start_within_minutes: Annotated[int, Field(ge=60)] = 60
    """A job that did not begin in time is cancelled."""
    complete_within_minutes: Annotated[int, Field(ge=120)] = 480
    """A job that did not end in time is cancelled."""
    source_retention_days: Annotated[int, Field(ge=1)]
    """Days that the point copied from stays in the primary's vault, within what that vault's lock allows."""


class Backup(Section):
    """AWS Backup in the stack's region."""

    lock: VaultLock
    """Lock of the vault."""
    events: tuple[VaultEvent, ...] = ("COPY_JOB_FAILED", "S3_BACKUP_OBJECT_FAILED", "S3_RESTORE_OBJECT_FAILED")
    """Events that the vault publishes to its topic, by mail to `identity.owner`. Backups and restores that failed,
    expired or were aborted are reported there always, through EventBridge."""
    resources: Annotated[tuple[Backed, ...], Field(min_length=1)] = ("postgres", "buckets", "tables", "volumes")
    """What is backed up, in a standby what is copied: the database, all buckets and tables of `data`, the EBS volumes
    that the cluster makes for its pods. Points of buckets are under the vault's key, as are those of tables once the
    account has AWS Backup's full management of DynamoDB; those of database and volumes stay under the key of their
    source until they are copied, as AWS Backup does not manage these fully (ADR 0033). A standby copies no tables,
    which have copies of their own."""
    rules: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")], BackupRule] = Field(default_factory=dict)
    """Tiers of the plan by name; none = a vault for copies only."""
    restore_testing: RestoreTesting | None = None
    """Restores on trial."""
    copy_from_primary: BackupCopy | None = None
    """Copies of the primary's backups; for a standby."""
