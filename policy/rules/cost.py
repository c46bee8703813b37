"""Cost: a budget notifies somebody."""

from __future__ import annotations

from typing import Final

from policy.rule import Rule, Severity
from policy.table import be_set, check
from policy.tokens import BUDGETS

RULES: Final[tuple[Rule, ...]] = (
    check(
        "budget-has-notification", "Budgets notify somebody when they are exceeded", "notifications", be_set(),
        why="A budget stops nothing: without a notification it does nothing at all.",
        on=BUDGETS, severity=Severity.MEDIUM, controls=("COST-03",),
        url="https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/"
        "cost_monitor_usage_add_notifications.html",
        remediation="add a notification with a threshold and a subscriber",
    ),
)  # fmt: skip
