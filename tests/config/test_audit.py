"""Audit, cost and backup: what their parts ask of each other and of other sections."""

from __future__ import annotations

import pytest

from tests.config.stackfile import accepted, refused

DAILY = '"cron(0 7 * * ? *)", retention_days: 30'
LOCK = "{mode: governance, least_days: 7, most_days: 400}"
MONTHLY = "cold_after_days: 30, retention_days: 366"


def test_records_are_not_archived_for_less_than_the_archive_bills() -> None:
    found = refused(("{archive_days: 90, retention_days: 2557}", "{archive_days: 300, retention_days: 389}"))
    assert set(found) == {"audit.records.retention_days"}
    assert found["audit.records.retention_days"].allowed == "at least 390"


def test_agents_of_a_feature_that_is_off_are_refused() -> None:
    found = refused((", RUNTIME_MONITORING]", "]"))
    assert set(found) == {"audit.threats.runtime_agents"}


def test_a_rule_on_iam_is_refused_where_iam_is_not_recorded() -> None:
    found = refused(("global_resources: true", "global_resources: false"))
    rules = "audit.configuration.rules"
    assert set(found) == {f"{rules}.iam-least-privilege.identifier", f"{rules}.iam-no-administrators.identifier"}


def test_a_standard_is_one_of_security_hubs() -> None:
    found = refused(("nist-800-53:", "nist-800-171-r2:"))
    assert any(path.startswith("audit.posture.standards") for path in found)


def test_bills_are_split_by_tags_that_resources_carry() -> None:
    tags = "[Project, Environment, Stack, Owner, CostCenter, DataClass]"
    found = refused((tags, "[Project, Environment, Stack, Team]"))
    assert set(found) == {"cost.allocation_tags[3]"}
    assert "Project" in found["cost.allocation_tags[3]"].allowed


def test_a_budget_of_the_stack_needs_its_tag_in_the_bill() -> None:
    found = refused(("[Project, Environment, Stack, Owner, CostCenter, DataClass]", "[Project]"))
    assert set(found) == {"cost.budgets.primary.scope"}


def test_a_budget_without_an_alert_is_refused() -> None:
    found = refused(("alerts: [{percent: 80}, {percent: 100}, {percent: 100, on: forecast}]", "alerts: []"))
    assert set(found) == {"cost.budgets.account.alerts"}


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (DAILY, '"cron(0 7 * * ? *)", retention_days: 6', "rules.daily.retention_days"),
        (DAILY, '"cron(0 7 * * ? *)", retention_days: 401', "rules.daily.retention_days"),
        (MONTHLY, "cold_after_days: 300, retention_days: 366", "rules.monthly.retention_days"),
        (LOCK, "{mode: compliance, least_days: 7, most_days: 400}", "lock.cooling_off_days"),
        (LOCK, "{mode: governance, least_days: 7, most_days: 400, cooling_off_days: 5}", "lock.cooling_off_days"),
        (DAILY, '"cron(30 2 * * ? *)", retention_days: 30', "rules.daily.schedule"),
        (DAILY, '"cron(0 3 * * ? *)", retention_days: 30', "rules.daily.schedule"),
        (DAILY, '"cron(0 4 * * ? *)", retention_days: 30', "rules.daily.schedule"),
        (DAILY, '"cron(0 24 * * ? *)", retention_days: 30', "rules.daily.schedule"),
    ],
    ids=[
        "below the lock", "above the lock", "cold too late", "compliance for ever", "governance with a date",
        "meets RDS's backup", "in RDS's backup", "in the hour before maintenance", "no hour of a day",
    ],
)  # fmt: skip
def test_a_backup_that_aws_would_refuse_or_skip_is_refused(old: str, new: str, path: str) -> None:
    assert set(refused((old, new))) == {f"backup.{path}"}


def test_a_lock_without_room_is_refused_with_every_tier_it_shuts_out() -> None:
    found = refused((LOCK, "{mode: governance, least_days: 400, most_days: 399}"))
    tiers = {f"backup.rules.{name}.retention_days" for name in ("daily", "weekly", "monthly")}
    assert set(found) == tiers | {"backup.lock.most_days"}


def test_a_compliance_lock_with_its_days_is_accepted() -> None:
    final = "{mode: compliance, least_days: 7, most_days: 400, cooling_off_days: 14}"
    backup = accepted((LOCK, final)).backup
    assert backup is not None
    assert backup.lock.cooling_off_days == 14


def test_a_primary_copies_from_nobody() -> None:
    copies = '{schedule: "cron(0 9 * * ? *)", retention_days: 30, source_retention_days: 7}'
    found = refused((f"lock: {LOCK}", f"copy_from_primary: {copies}\n      lock: {LOCK}"))
    assert set(found) == {"backup.copy_from_primary"}


def test_backups_that_leave_the_database_out_may_begin_whenever_they_like() -> None:
    swaps = (("resources: [postgres, buckets, volumes]", "resources: [volumes]"), (DAILY, DAILY.replace("0 7", "0 3")))
    assert accepted(*swaps).backup is not None
