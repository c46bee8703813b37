"""Alarms on the lag of a PostgreSQL replica: above what a healthy one reports while nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.facts.recovery import IDLE_REPLICA_LAG
from config.problems import Path, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig

_SOURCE: Final = "rds_replica_lag_seconds"


def _false(path: Path, threshold: float) -> Iterator[Problem]:
    idle = round(IDLE_REPLICA_LAG.seconds)
    if threshold <= idle:
        what = f"a healthy replica reports up to {idle} s while nothing is written, so the alarm is false at night"
        fix = "raise it, and the objective that it bounds"
        yield refuse(path, what, got=threshold, allowed=f"more than {idle}", fix=fix)


def of_the_standby(config: StackConfig) -> Iterator[Problem]:
    """The alarm that bounds what a failover loses does not go off for nothing: people would stop believing it."""
    standby = config.recovery and config.recovery.standby
    alarm = standby and standby.postgres and standby.postgres.lag_alarm
    if alarm:
        yield from _false(
            ("recovery", "standby", "postgres", "lag_alarm", "threshold_seconds"), alarm.threshold_seconds
        )


def of_the_alarm_table(config: StackConfig) -> Iterator[Problem]:
    """So for readers in the stack's own zones."""
    for name, alarm in config.observability.alarms.items() if config.observability else ():
        if alarm.source == _SOURCE:
            yield from until_incomplete(_false(("observability", "alarms", name, "threshold"), alarm.threshold))


RULES: Final = (of_the_standby, of_the_alarm_table)
