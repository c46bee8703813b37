"""Audit and cost: what their parts ask of each other and of other sections."""

from __future__ import annotations

from tests.config.stackfile import accepted, refused


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
    found = refused(
        ("alerts: [{percent: 80}, {percent: 100}, {percent: 100, notification_type: FORECASTED}]", "alerts: []")
    )
    assert set(found) == {"cost.budgets.account.alerts"}


def test_anomalies_are_found_by_a_monitor_of_the_account() -> None:
    monitor = "anomalymonitor/11111111-2222-3333-4444-555555555555"
    anomalies = "anomalies: {threshold_usd: 100,"
    accepted((anomalies, f"{anomalies} monitor_arn: 'arn:aws:ce::100000000004:{monitor}',"))
    found = refused((anomalies, f"{anomalies} monitor_arn: 'arn:aws:ce::100000000005:{monitor}',"))
    assert set(found) == {"cost.anomalies.monitor_arn"}
