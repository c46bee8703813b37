"""Backup: lifecycles that AWS takes, within the vault's lock, and no job while RDS makes its own backup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.limits import ARCHIVE_LEAST_INTERVAL_DAYS, COLD_STORAGE_LEAST_DAYS
from config.problems import NOTHING, Path, refuse
from config.rules.buckets import unreadable
from config.rules.windows import DAY, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.backup import Backup, BackupCopy, BackupRule
    from config.problems import Problem
    from config.stack import StackConfig

BACKUP: Final[Path] = ("backup",)


def _tiers(backup: Backup) -> Iterator[tuple[Path, BackupRule | BackupCopy]]:
    for name, rule in backup.rules.items():
        yield (*BACKUP, "rules", name), rule
    if backup.copy_from_primary is not None:
        yield (*BACKUP, "copy_from_primary"), backup.copy_from_primary


def cold_storage(config: StackConfig) -> Iterator[Problem]:
    """Points move to cold storage only where there is one, and stay there for as long as AWS asks.

    Of what a stack backs up only volumes have it, as the archive of EBS: AWS Backup ignores the setting for databases
    and buckets (AWS Backup developer guide, "Feature availability by resource"). An archived snapshot is whole, so a
    tier that runs more often than once in 28 days pays for more than it saves, and AWS Backup archives none ("Lifecycle
    and storage tiers", 2026-11).
    """
    if config.backup is None:
        return
    for name, rule in config.backup.rules.items():
        days, path = rule.cold_after_days, (*BACKUP, "rules", name)
        if days is None:
            continue
        cold, fix = (*path, "cold_after_days"), "leave it out"
        if "volumes" not in config.backup.resources:
            what = f"does nothing: no cold storage for {', '.join(config.backup.resources)}"
            yield refuse(cold, what, got=days, allowed="none without volumes in backup.resources", fix=fix)
        elif not _monthly(rule.schedule):
            what = f"volumes are archived from tiers that run once in {ARCHIVE_LEAST_INTERVAL_DAYS} days at most"
            yield refuse(cold, what, got=days, allowed="none in this tier", fix=f"{fix}, or run the tier monthly")
        least = days + COLD_STORAGE_LEAST_DAYS
        if rule.retention_days < least:
            what = f"cold after {days} days, and what is cold stays {COLD_STORAGE_LEAST_DAYS} days"
            fix = "keep it longer, or leave cold_after_days out"
            got = rule.retention_days
            yield refuse((*path, "retention_days"), what, got=got, allowed=f"at least {least}", fix=fix)


def _monthly(schedule: str) -> bool:
    """Return whether a schedule runs at most once in 28 days: on one day of the month, or one weekday of it."""
    _, _, of_month, _, of_week, _ = schedule.removeprefix("cron(").removesuffix(")").split()
    return re.fullmatch(r"\d+|L", of_month) is not None or re.fullmatch(r"\w+#[1-5]|\w+L", of_week) is not None


def lifecycles(config: StackConfig) -> Iterator[Problem]:
    """The vault's lock lets every point in."""
    if config.backup is None:
        return
    lock = config.backup.lock
    for path, tier in _tiers(config.backup):
        if not lock.least_days <= tier.retention_days <= lock.most_days:
            what = "outside the vault's lock, so every job of the tier would fail"
            allowed = f"{lock.least_days} to {lock.most_days}"
            fix = "change the retention, or backup.lock"
            yield refuse((*path, "retention_days"), what, got=tier.retention_days, allowed=allowed, fix=fix)


def lock_holds(config: StackConfig) -> Iterator[Problem]:
    """A lock has room, and a cooling-off time exactly if nobody could lift it afterwards."""
    if config.backup is None:
        return
    lock, path = config.backup.lock, (*BACKUP, "lock")
    if lock.most_days < lock.least_days:
        what = f"shorter than least_days {lock.least_days}: no point would fit"
        allowed = f"at least {lock.least_days}"
        yield refuse((*path, "most_days"), what, got=lock.most_days, allowed=allowed, fix="raise it")
    if lock.mode == "compliance" and lock.cooling_off_days is None:
        what = "a lock that nobody can ever lift needs days in which it still can be"
        fix = "give the days, or use mode governance"
        yield refuse((*path, "cooling_off_days"), what, got=NOTHING, allowed="3 to 36500", fix=fix)
    if lock.mode == "governance" and lock.cooling_off_days is not None:
        what = "with it AWS makes the lock one of mode compliance, which nobody can lift afterwards"
        fix = "leave it out, or say mode: compliance"
        yield refuse((*path, "cooling_off_days"), what, got=lock.cooling_off_days, allowed="none", fix=fix)


def apart_from_rds(config: StackConfig) -> Iterator[Problem]:
    """No tier that backs up the database begins in its own backup window, nor in the hour before its maintenance.

    AWS Backup starts no job then (AWS Backup developer guide, "Amazon RDS backups", 2026-11): the tier would expire.
    """
    if config.backup is None or "postgres" not in config.backup.resources:
        return
    postgres = present(config.postgres)
    own, maintenance = Window.parse(postgres.backup_window_utc), Window.parse(postgres.maintenance_window_utc)
    before = Window(maintenance.start - 60, maintenance.length + 60, maintenance.period)
    for name, rule in config.backup.rules.items():
        minute, hour = rule.schedule.removeprefix("cron(").split(" ")[:2]
        start = Window(int(hour) * 60 + int(minute), rule.start_within_minutes, DAY)
        for window, text in ((own, postgres.backup_window_utc), (before, postgres.maintenance_window_utc)):
            if start.meets(window):
                what = f"may begin while RDS keeps {text} (and the hour before its maintenance) for itself"
                path = (*BACKUP, "rules", name, "schedule")
                allowed = f"a start whose {rule.start_within_minutes} minutes lie outside"
                yield refuse(path, what, got=rule.schedule, allowed=allowed, fix="move the schedule")


def archived_objects(config: StackConfig) -> Iterator[Problem]:
    """What AWS Backup cannot read of its buckets is protected otherwise, and the file says how.

    It leaves out objects in Glacier Flexible Retrieval, Deep Archive and the archive tiers of Intelligent-Tiering,
    without a word (AWS Backup developer guide, "Amazon S3 backups", 2026-11).
    """
    if config.backup is None or "buckets" not in config.backup.resources:
        return
    for name, bucket in config.buckets.items():
        if bucket.archive_without_backup is not None:
            continue
        for step, days in list(unreadable(bucket).items())[:1]:
            what = f"from day {days} on AWS Backup cannot read the objects: recovery points lose them"
            fix = "use glacier_instant_days, or say in the bucket's archive_without_backup what protects them"
            path = ("data", "buckets", name, *step)
            yield refuse(path, what, got=days, allowed="none, or archive_without_backup beside it", fix=fix)


def restore_trial(config: StackConfig) -> Iterator[Problem]:
    """A restore on trial names what it restores, of what is backed up."""
    if config.backup is None or config.backup.restore_testing is None:
        return
    trial, path, backed = config.backup.restore_testing, (*BACKUP, "restore_testing"), config.backup.resources
    if not trial.buckets and trial.volume is None:
        what, fix = "restores nothing", "name a small bucket, or the volume of one claim"
        yield refuse(path, what, got=NOTHING, allowed="buckets, or volume", fix=fix)
    for at, name in enumerate(trial.buckets):
        where, got = (*path, "buckets", at), name
        if name not in config.buckets:
            allowed = ", ".join(config.buckets)
            yield refuse(where, "no bucket of data.buckets", got=got, allowed=allowed, fix="name one of these")
    for kind, named in (("buckets", bool(trial.buckets)), ("volume", trial.volume is not None)):
        resource = "volumes" if kind == "volume" else kind
        if named and resource not in backed:
            what = f"{resource} are not backed up, so there is no point to restore"
            fix = f"add {resource} to backup.resources, or leave it out"
            yield refuse((*path, kind), what, got=list(backed), allowed=f"none without {resource}", fix=fix)


def copies_belong_to_a_standby(config: StackConfig) -> Iterator[Problem]:
    """Only a standby has a primary to copy from."""
    if config.backup is None or config.backup.copy_from_primary is None or config.identity.role == "standby":
        return
    path, fix = (*BACKUP, "copy_from_primary"), "move it to the standby's file"
    got = config.backup.copy_from_primary.schedule
    yield refuse(path, "a primary copies from nobody", got=got, allowed="nothing", fix=fix)


RULES: Final = (
    lifecycles,
    cold_storage,
    lock_holds,
    apart_from_rds,
    archived_objects,
    restore_trial,
    copies_belong_to_a_standby,
)
