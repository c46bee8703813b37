"""Backup: lifecycles that AWS takes, within the vault's lock, and no job while RDS makes its own backup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.facts.limits import COLD_STORAGE_LEAST_DAYS
from config.problems import NOTHING, Path, refuse
from config.rules.windows import DAY, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.backup import Backup, BackupCopy, BackupRule, Lifecycle
    from config.problems import Problem
    from config.stack import StackConfig

BACKUP: Final[Path] = ("backup",)


def _tiers(backup: Backup) -> Iterator[tuple[Path, BackupRule | BackupCopy]]:
    for name, rule in backup.rules.items():
        yield (*BACKUP, "rules", name), rule
    if backup.copy_from_primary is not None:
        yield (*BACKUP, "copy_from_primary"), backup.copy_from_primary


def _cold(path: Path, lifecycle: Lifecycle) -> Iterator[Problem]:
    if lifecycle.cold_after_days is None:
        return
    least = lifecycle.cold_after_days + COLD_STORAGE_LEAST_DAYS
    if lifecycle.retention_days < least:
        what = f"cold after {lifecycle.cold_after_days} days, and what is cold stays {COLD_STORAGE_LEAST_DAYS} days"
        cure = "keep it longer, or leave cold_after_days out"
        path = (*path, "retention_days")
        yield refuse(path, what, got=lifecycle.retention_days, allowed=f"at least {least}", cure=cure)


def lifecycles(config: StackConfig) -> Iterator[Problem]:
    """What is cold stays cold for as long as AWS asks, and the vault's lock lets every point in."""
    if config.backup is None:
        return
    lock = config.backup.lock
    for path, tier in _tiers(config.backup):
        yield from _cold(path, tier)
        if not lock.least_days <= tier.retention_days <= lock.most_days:
            what = "outside the vault's lock, so every job of the tier would fail"
            allowed = f"{lock.least_days} to {lock.most_days}"
            cure = "change the retention, or backup.lock"
            yield refuse((*path, "retention_days"), what, got=tier.retention_days, allowed=allowed, cure=cure)


def lock_holds(config: StackConfig) -> Iterator[Problem]:
    """A lock has room, and a cooling-off time exactly if nobody could lift it afterwards."""
    if config.backup is None:
        return
    lock, path = config.backup.lock, (*BACKUP, "lock")
    if lock.most_days < lock.least_days:
        what = f"shorter than least_days {lock.least_days}: no point would fit"
        allowed = f"at least {lock.least_days}"
        yield refuse((*path, "most_days"), what, got=lock.most_days, allowed=allowed, cure="raise it")
    if lock.mode == "compliance" and lock.cooling_off_days is None:
        what = "a lock that nobody can ever lift needs days in which it still can be"
        cure = "give the days, or use mode governance"
        yield refuse((*path, "cooling_off_days"), what, got=NOTHING, allowed="3 to 36500", cure=cure)
    if lock.mode == "governance" and lock.cooling_off_days is not None:
        what = "with it AWS makes the lock one of mode compliance, which nobody can lift afterwards"
        cure = "leave it out, or say mode: compliance"
        yield refuse((*path, "cooling_off_days"), what, got=lock.cooling_off_days, allowed="none", cure=cure)


def apart_from_rds(config: StackConfig) -> Iterator[Problem]:
    """No tier that backs up the database begins in its own backup window, nor in the hour before its maintenance.

    AWS Backup starts no job then (AWS Backup developer guide, "Amazon RDS backups", 2026-11): the tier would expire.
    """
    if config.backup is None or "postgres" not in config.backup.resources:
        return
    postgres = config.data.postgres
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
                yield refuse(path, what, got=rule.schedule, allowed=allowed, cure="move the schedule")


def copies_belong_to_a_standby(config: StackConfig) -> Iterator[Problem]:
    """Only a standby has a primary to copy from."""
    if config.backup is None or config.backup.copy_from_primary is None or config.identity.role == "standby":
        return
    path, cure = (*BACKUP, "copy_from_primary"), "move it to the standby's file"
    got = config.backup.copy_from_primary.schedule
    yield refuse(path, "a primary copies from nobody", got=got, allowed="nothing", cure=cure)


RULES: Final = (lifecycles, lock_holds, apart_from_rds, copies_belong_to_a_standby)
