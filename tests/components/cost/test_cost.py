"""Budgets, anomalies, tags of the bill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.cost import Cost, CostArgs
from review.record import record
from tests.components.cluster.surroundings import options

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.cost import Cost as CostSettings
    from config.stack import StackConfig
    from review.graph import Graph


@pytest.fixture(scope="module")
def cost_settings(settings: StackConfig) -> CostSettings:
    assert settings.cost is not None
    return settings.cost.model_copy(update={"billed": True})


@pytest.fixture(scope="module")
def record_cost(settings: StackConfig) -> Callable[[CostSettings], Graph]:
    def recorded(cost: CostSettings) -> Graph:
        def program() -> None:
            Cost("cost", CostArgs(settings=cost, identity=settings.identity), options(settings))

        return record(program, "test")

    return recorded


@pytest.fixture(scope="module")
def cost(record_cost: Callable[[CostSettings], Graph], cost_settings: CostSettings) -> Graph:
    return record_cost(cost_settings)


def test_a_budget_tells_the_owner_at_each_threshold(cost: Graph, settings: StackConfig) -> None:
    budget = cost.named("cost-account").inputs
    assert (budget["limitAmount"], budget["limitUnit"], budget["timeUnit"]) == ("30000", "USD", "MONTHLY")
    reported = [(each["notificationType"], each["threshold"]) for each in budget["notifications"]]
    assert reported == [("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)], "before, at, and on the way to the limit"
    mails = {mail for each in budget["notifications"] for mail in each["subscriberEmailAddresses"]}
    assert mails == {settings.identity.owner}, "the owner of the stack is notified where nobody else is named"


def test_named_recipients_are_notified_instead_of_the_owner(
    record_cost: Callable[[CostSettings], Graph], cost_settings: CostSettings
) -> None:
    graph = record_cost(cost_settings.model_copy(update={"recipients": ("cost@phoenix.example",)}))
    mails = {
        mail
        for budget in graph.of_type("aws:budgets/budget:Budget")
        for each in budget.inputs["notifications"]
        for mail in each["subscriberEmailAddresses"]
    }
    subscribers = graph.of_type("aws:costexplorer/anomalySubscription:AnomalySubscription")[0].inputs["subscribers"]
    assert mails | {each["address"] for each in subscribers} == {"cost@phoenix.example"}


def test_a_budget_of_the_stack_counts_what_carries_its_tag(cost: Graph) -> None:
    (filters,) = cost.named("cost-primary").inputs["costFilters"]
    assert filters == {"name": "TagKeyValue", "values": ["user:Stack$test"]}, "the standby has a budget of its own"


def test_a_budget_of_a_service_counts_that_service(cost: Graph) -> None:
    (filters,) = cost.named("cost-database").inputs["costFilters"]
    assert filters == {"name": "Service", "values": ["Amazon Relational Database Service"]}


def test_an_anomaly_is_reported_when_it_is_large_in_dollars_and_in_percent(cost: Graph) -> None:
    subscription = cost.of_type("aws:costexplorer/anomalySubscription:AnomalySubscription")[0].inputs
    both = subscription["thresholdExpression"]["ands"]
    assert {each["dimension"]["key"]: each["dimension"]["values"] for each in both} == {
        "ANOMALY_TOTAL_IMPACT_ABSOLUTE": ["100"],
        "ANOMALY_TOTAL_IMPACT_PERCENTAGE": ["20"],
    }


def test_bills_are_split_by_the_default_tags(cost: Graph) -> None:
    keys = {each.inputs["tagKey"] for each in cost.of_type("aws:costexplorer/costAllocationTag:CostAllocationTag")}
    assert keys >= {"Environment", "Project"}, "section 7.2 asks for these"
    assert cost.named("cost-rightsizing").inputs["status"] == "Active"


def test_a_stack_of_an_account_that_another_watches_makes_its_budgets_only(
    record_cost: Callable[[CostSettings], Graph], cost_settings: CostSettings
) -> None:
    changes = {"anomalies": None, "allocation_tags": (), "rightsizing": False}
    graph = record_cost(cost_settings.model_copy(update=changes))
    made = {each.type for each in graph.resources if each.type.startswith("aws:")}
    assert made == {"aws:budgets/budget:Budget"}


def test_a_new_account_is_asked_for_nothing_that_aws_refuses_of_it(
    record_cost: Callable[[CostSettings], Graph], settings: StackConfig
) -> None:
    assert settings.cost is not None
    assert not settings.cost.billed, "prod's file deploys on the first day"
    made = {each.name for each in record_cost(settings.cost).resources if each.type.startswith("aws:")}
    assert made == {"cost-account", "cost-database", "cost-rightsizing"}, "no tag, no budget by tag, no second monitor"


def test_the_monitor_that_the_account_has_is_subscribed_to(
    record_cost: Callable[[CostSettings], Graph], cost_settings: CostSettings
) -> None:
    assert cost_settings.anomalies is not None
    there = "arn:aws:ce::100000000004:anomalymonitor/11111111-2222-3333-4444-555555555555"
    anomalies = cost_settings.anomalies.model_copy(update={"monitor_arn": there})
    graph = record_cost(cost_settings.model_copy(update={"anomalies": anomalies}))
    assert graph.named("cost-anomalies").inputs["monitorArnLists"] == [there]
    assert "aws:costexplorer/anomalyMonitor:AnomalyMonitor" not in {each.type for each in graph.resources}, "one only"
