"""Alarms on a PostgreSQL replica's lag are not set off by a primary at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.config.stackfile import accepted, refused
from tests.config.standbyfile import refusals

if TYPE_CHECKING:
    from pathlib import Path

READERS = "source: rds_replica_lag_seconds, threshold: 330"
STANDBY = "postgres:\n          lag_alarm: {threshold_seconds: 330}"


@pytest.mark.parametrize("threshold", ["1", "30", "299.5", "300"])
def test_an_alarm_on_readers_is_refused_below_what_they_report_at_rest(threshold: str) -> None:
    found = refused((READERS, READERS.replace("330", threshold)))
    assert list(found) == ["observability.alarms.reader-lag.threshold"]
    (problem,) = found.values()
    assert problem.allowed == "more than 300"


def test_an_alarm_on_readers_above_that_is_accepted() -> None:
    accepted((READERS, READERS.replace("330", "301")))


def test_the_standbys_alarm_is_refused_there_too_and_with_it_the_objective_it_bounded(tmp_path: Path) -> None:
    (line,) = refusals(tmp_path, (STANDBY, STANDBY.replace("330", "60")))
    assert "recovery.standby.postgres.lag_alarm.threshold_seconds: a healthy replica reports up to 300 s" in line
    assert "allowed: more than 300" in line


def test_the_objective_counts_the_threshold_and_the_time_to_judge_it(tmp_path: Path) -> None:
    declared = "postgres: {scope: region, rto_minutes: 10, rpo_minutes: 7}"
    (line,) = refusals(tmp_path, (declared, declared.replace("rpo_minutes: 7", "rpo_minutes: 6")))
    assert "5.5 min lag without alarm + 1 min until the alarm has judged it = 6.5 min; got: 6; allowed: 7" in line
