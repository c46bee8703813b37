"""What watches over the cost of a stack or its account. It notifies by mail and changes nothing.

What AWS refuses of a new account waits until the stack file says that the account has been billed (ADR 0015).

Not here: reserved instances and savings plans, which are bought, not built.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import budgets, computeoptimizer, costexplorer

from components.base import child, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.cost import Anomalies, Budget
    from config.cost import Cost as CostSettings
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class CostArgs:
    """What the watch is built from."""

    settings: CostSettings
    """The stack file's `cost`."""
    identity: Identity
    """The stack file's `identity`; its owner is notified where the file names nobody."""


class Cost(pulumi.ComponentResource):
    """Budgets, anomaly detection, cost-allocation tags, Compute Optimizer."""

    def __init__(self, name: str, args: CostArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:cost:Cost", name, None, opts)
        self._name = name
        self._identity = args.identity
        self._recipients = list(args.settings.recipients) or [args.identity.owner]
        if args.settings.billed:
            self._split_bills(args.settings.allocation_tags)
        for short, budget in args.settings.budgets.items():
            if args.settings.billed or budget.scope == "account":
                self._budget(short, budget)
        if args.settings.billed and args.settings.anomalies is not None:
            self._anomalies(args.settings.anomalies)
        if args.settings.rightsizing:
            computeoptimizer.EnrollmentStatus(
                named(name, "rightsizing"), status="Active", include_member_accounts=False, opts=child(self)
            )
        self.register_outputs({})

    def _split_bills(self, keys: Sequence[str]) -> None:
        for key in keys:
            costexplorer.CostAllocationTag(
                named(self._name, f"tag-{key.lower()}"), tag_key=key, status="Active", opts=child(self)
            )

    def _budget(self, short: str, budget: Budget) -> None:
        budgets.Budget(
            named(self._name, short),
            name=f"{self._identity.system}-{self._identity.environment}-{self._identity.role}-{short}",
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(budget.limit_usd),
            limit_unit="USD",
            cost_filters=_filters(budget),
            notifications=[
                budgets.BudgetNotificationArgs(
                    comparison_operator="GREATER_THAN",
                    notification_type=alert.notification_type,
                    threshold=alert.percent,
                    threshold_type="PERCENTAGE",
                    subscriber_email_addresses=self._recipients,
                )
                for alert in budget.alerts
            ],
            opts=child(self),
        )

    def _anomalies(self, anomalies: Anomalies) -> None:
        costexplorer.AnomalySubscription(
            named(self._name, "anomalies"),
            name=f"{self._identity.system}-{self._identity.environment}",
            frequency=anomalies.frequency,
            monitor_arn_lists=[anomalies.monitor_arn or self._monitor().arn],
            subscribers=[
                costexplorer.AnomalySubscriptionSubscriberArgs(type="EMAIL", address=address)
                for address in self._recipients
            ],
            threshold_expression=costexplorer.AnomalySubscriptionThresholdExpressionArgs(
                ands=[
                    _at_least("ANOMALY_TOTAL_IMPACT_ABSOLUTE", anomalies.threshold_usd),
                    _at_least("ANOMALY_TOTAL_IMPACT_PERCENTAGE", anomalies.threshold_percent),
                ]
            ),
            opts=child(self),
        )

    def _monitor(self) -> costexplorer.AnomalyMonitor:
        return costexplorer.AnomalyMonitor(
            named(self._name, "anomalies"),
            name=f"{self._identity.system}-{self._identity.environment}",
            monitor_type="DIMENSIONAL",
            monitor_dimension="SERVICE",
            opts=child(self),
        )


def _filters(budget: Budget) -> list[budgets.BudgetCostFilterArgs]:
    filters = []
    if budget.scope == "stack":
        tag = f"user:Stack${pulumi.get_stack()}"
        filters.append(budgets.BudgetCostFilterArgs(name="TagKeyValue", values=[tag]))
    if budget.services:
        filters.append(budgets.BudgetCostFilterArgs(name="Service", values=list(budget.services)))
    return filters


def _at_least(key: str, value: int) -> costexplorer.AnomalySubscriptionThresholdExpressionAndArgs:
    return costexplorer.AnomalySubscriptionThresholdExpressionAndArgs(
        dimension=costexplorer.AnomalySubscriptionThresholdExpressionAndDimensionArgs(
            key=key, values=[str(value)], match_options=["GREATER_THAN_OR_EQUAL"]
        )
    )
