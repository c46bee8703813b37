"""Schedules that AWS takes and that run, of backups, trial restores and planned capacity; time zones that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.allowed import nearest
from config.base import present
from config.cron import AWS, CRONTAB, flaws
from config.facts.names import time_zones
from config.problems import Path, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig

BACKUP: Final[Path] = ("backup",)


def backup_schedules(config: StackConfig) -> Iterator[Problem]:
    """Schedules of AWS Backup are ones of its grammar."""
    backup = config.backup
    if backup is None:
        return
    given: dict[Path, str] = {(*BACKUP, "rules", name): rule.schedule for name, rule in backup.rules.items()}
    if backup.restore_testing is not None:
        given[*BACKUP, "restore_testing"] = backup.restore_testing.schedule
    if backup.copy_from_primary is not None:
        given[*BACKUP, "copy_from_primary"] = backup.copy_from_primary.schedule
    for path, text in given.items():
        for flaw in flaws(text.removeprefix("cron(").removesuffix(")"), AWS, config.as_of.year):
            fix = "write cron(minute hour day-of-month month day-of-week year), such as cron(0 7 * * ? *)"
            yield refuse((*path, "schedule"), flaw.what, got=text, allowed=flaw.allowed, fix=fix)


def recurrences(config: StackConfig) -> Iterator[Problem]:
    """Recurrences of planned capacity are ones of crontab, in time zones that exist."""
    for name, group in present(config.cluster).node_groups.items():
        for action, scheduled in (group.policies.scheduled if group.policies else {}).items():
            path = ("cluster", "node_groups", name, "policies", "scheduled", action)
            for flaw in flaws(scheduled.recurrence, CRONTAB, config.as_of.year):
                fix = "write minute hour day-of-month month day-of-week, such as 0 7 * * MON-FRI"
                got = scheduled.recurrence
                yield refuse((*path, "recurrence"), flaw.what, got=got, allowed=flaw.allowed, fix=fix)
            if scheduled.time_zone not in time_zones():
                close = nearest(scheduled.time_zone, sorted(time_zones()))
                fix = f"did you mean {close[0]}?" if close else "name a place of IANA's list"
                what = "not one of IANA's canonical time zones, which Auto Scaling asks for"
                allowed = "names in config/facts/data/time_zones.txt, such as Europe/Berlin or Etc/UTC"
                yield refuse((*path, "time_zone"), what, got=scheduled.time_zone, allowed=allowed, fix=fix)


RULES: Final = (backup_schedules, recurrences)
