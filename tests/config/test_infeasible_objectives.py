"""Objectives that the mechanisms in the file cannot keep: five files refused, with the arithmetic and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.config.stackfile import PROD, changed, line_of, reported
from tests.config.standbyfile import line, refusals

if TYPE_CHECKING:
    from pathlib import Path

NO_DATASTORE = (
    "        redis:\n          lag_alarm: {threshold_seconds: 60}\n",
    "",
)
NO_DATABASE_ALARM = (
    "        postgres:\n          lag_alarm: {threshold_seconds: 330} # up to 300 s at rest (ADR 0019)\n",
    "        postgres: {}\n",
)
REAL_TIME = (
    "buckets: {scope: region, rto_minutes: 5, rpo_minutes: 15}",
    "buckets: {scope: region, rto_minutes: 5, rpo_minutes: 0}",
)
NO_SYSTEM = ("        system: {scope: region, rto_minutes: 15, rpo_minutes: 30}\n", "")
NO_TIER = ("      tier: warm_standby\n", "")
"""So that the promise alone is refused; the tier is tests/config/test_recovery_tier.py's."""
COLD = (
    ("scaling: {per: zone, min: 1, desired: 1, max: 30}", "scaling: {per: zone, min: 0, desired: 0, max: 30}"),
    ("min: 1, desired: 1, max: 15", "min: 0, desired: 0, max: 15"),
    ("min: 1, desired: 1, max: 4", "min: 0, desired: 0, max: 4"),
)


def test_fifteen_minutes_of_redis_by_daily_snapshots_are_refused(tmp_path: Path) -> None:
    swaps = (NO_DATASTORE, NO_SYSTEM, NO_TIER)
    at = line("redis: {scope", *swaps)
    lines = refusals(tmp_path, *swaps)
    assert lines == [
        (
            f"{at}: recovery.objectives.redis.rpo_minutes: tighter than redis (daily snapshots) can keep: "
            "1440 min between daily snapshots + snapshots stay in the lost region = no bound; got: 15; "
            "allowed: no number, as nothing bounds it; "
            "do: follow by a global datastore with `lag_alarm: {threshold_seconds: 840}` (recovery.standby.redis); "
            "recovery.tier pilot_light is the cheapest that keeps it; "
            "or drop the objective"
        ),
        (
            f"{at}: recovery.objectives.redis.rto_minutes: tighter than redis (daily snapshots) can keep: "
            "30 s detection (3 x 10 s) + 3 min decision + 1 min start of the update + 30 min restore "
            "+ snapshots stay in the lost region = no bound; got: 20; allowed: no number, as nothing bounds it; "
            "do: follow by a global datastore with `lag_alarm: {threshold_seconds: 840}` (recovery.standby.redis); "
            "recovery.tier pilot_light is the cheapest that keeps it; "
            "or drop the objective"
        ),
    ]


def test_objects_in_real_time_are_refused(tmp_path: Path) -> None:
    assert refusals(tmp_path, REAL_TIME) == [
        (
            f"{line('buckets: {scope', REAL_TIME)}: recovery.objectives.buckets.rpo_minutes: "
            "tighter than buckets (replication with time control) can keep: "
            "15 min replication under time control = 15 min; got: 0; allowed: 15 or more; "
            "do: declare 15; no mechanism of this program is faster"
        )
    ]


def test_a_replica_without_an_alarm_on_its_lag_is_refused(tmp_path: Path) -> None:
    swaps = (NO_DATABASE_ALARM, NO_SYSTEM, NO_TIER)
    assert refusals(tmp_path, *swaps) == [
        (
            f"{line('postgres: {scope', *swaps)}: recovery.objectives.postgres.rpo_minutes: "
            "tighter than postgres (cross-region replica) can keep: asynchronous copy without "
            "recovery.standby.postgres.lag_alarm, so nobody learns how far behind it is = no bound; got: 7; "
            "allowed: no number, as nothing bounds it; do: follow by a cross-region replica with "
            "`lag_alarm: {threshold_seconds: 360}` (recovery.standby.postgres); "
            "recovery.tier pilot_light is the cheapest that keeps it; or drop the objective"
        )
    ]


def test_a_cold_standby_in_fifteen_minutes_is_refused(tmp_path: Path) -> None:
    swaps = (*COLD, NO_SYSTEM, NO_TIER)
    found = [
        one for one in refusals(tmp_path, *swaps) if ": recovery." in one
    ]  # its alarm on few nodes would ring, too
    assert found == [
        (
            f"{line('cluster: {scope', *swaps)}: recovery.objectives.cluster.rto_minutes: "
            "tighter than cluster (no warm nodes) can keep: 30 s detection (3 x 10 s) + 3 min decision "
            "+ 1 min start of the update + 30 min compute from nothing + 3 min pods = 37.5 min; got: 15; "
            "allowed: 38 or more; "
            "do: keep a node of each group warm: scaling.min and desired of 1 or more; "
            "recovery.tier warm_standby is the cheapest that keeps it; or declare 38"
        )
    ]


def test_more_availability_than_the_parts_promise_is_refused(tmp_path: Path) -> None:
    swap = ("      availability_percent: 98.7\n", "      availability_percent: 99.99\n")
    text = changed(swap, text=PROD)
    (refused,) = reported(text, tmp_path)
    assert refused.startswith(
        f"Pulumi.prod.yaml:{line_of(text, 'availability_percent')}: recovery.availability_percent: "
        "the parts in series promise less: "
    )
    assert "99.95 RDS Multi-AZ x 99.99 ElastiCache Multi-AZ x 99.0 S3 Standard-IA = 98." in refused
    assert refused.endswith("do: declare that, or replace the weakest part, S3 Standard-IA")


def test_the_whole_system_is_refused_by_the_service_that_binds_it(tmp_path: Path) -> None:
    tighter = ("system: {scope: region, rto_minutes: 15", "system: {scope: region, rto_minutes: 12")
    (refused,) = refusals(tmp_path, tighter)
    assert "system.rto_minutes: tighter than cluster (warm nodes) can keep: " in refused


def test_a_service_that_nothing_copies_has_no_bound_at_all(tmp_path: Path) -> None:
    copies = "        buckets:\n          time_control: true\n          lag_alarm: {threshold_seconds: 900}\n"
    lines = refusals(tmp_path, (copies, ""), NO_SYSTEM, NO_TIER)
    assert len(lines) == 2
    assert all("recovery.objectives.buckets." in one and "= no bound" in one for one in lines)


def test_nobody_noticing_leaves_no_recovery_time_a_bound(tmp_path: Path) -> None:
    blind = ("        detection: {interval_seconds: 10, failure_threshold: 3}\n", "")
    lines = refusals(tmp_path, blind)
    assert {one.split(": ")[1] for one in lines} == {
        f"recovery.objectives.{service}.rto_minutes"
        for service in ("cluster", "postgres", "redis", "buckets", "secrets", "images", "system")
    }
    assert all("no health check, so nobody notices" in one for one in lines)


def test_a_primary_that_promises_to_outlive_its_region_learns_who_may(tmp_path: Path) -> None:
    swap = ("postgres: {scope: zone, rto_minutes: 2", "postgres: {scope: region, rto_minutes: 2")
    lines = reported(changed(swap, text=PROD), tmp_path)
    assert len(lines) == 2
    assert all("no standby in another region follows this stack's file" in one for one in lines)
