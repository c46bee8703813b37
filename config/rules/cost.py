"""Cost: tags that exist, budgets that can be distinguished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.facts.services import PROGRAM_TAGS
from config.problems import Path, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig

COST: Final[Path] = ("cost",)
STACK_TAG: Final = "Stack"
"""Default tag that a budget of scope `stack` counts by."""


def tags_exist(config: StackConfig) -> Iterator[Problem]:
    """Bills are split by tags that resources carry."""
    if config.cost is None:
        return
    carried = (PROGRAM_TAGS | set(config.identity.extra_tags)) - {"Name"}
    for index, key in enumerate(config.cost.allocation_tags):
        if key not in carried:
            path = (*COST, "allocation_tags", index)
            fix = "choose a default tag, or add it to identity.extra_tags"
            yield refuse(path, "no resource carries it", got=key, allowed=", ".join(sorted(carried)), fix=fix)


def scoped_budgets_count(config: StackConfig) -> Iterator[Problem]:
    """A primary whose budgets count by a tag makes it one that bills know."""
    if config.cost is None or config.identity.role != "primary" or STACK_TAG in config.cost.allocation_tags:
        return
    for name, budget in config.cost.budgets.items():
        if budget.scope == "stack":
            path = (*COST, "budgets", name, "scope")
            fix = f"add {STACK_TAG} to cost.allocation_tags"
            what = f"counts by the tag {STACK_TAG}, which is no cost-allocation tag"
            yield refuse(path, what, got="stack", allowed="account", fix=fix)


def monitor_is_the_accounts(config: StackConfig) -> Iterator[Problem]:
    """Anomalies are found by a monitor of this account."""
    anomalies, account = config.cost and config.cost.anomalies, config.identity.account_id
    if anomalies and anomalies.monitor_arn and anomalies.monitor_arn.split(":")[4] != account:
        path, fix = (*COST, "anomalies", "monitor_arn"), "`aws ce get-anomaly-monitors` names this account's"
        allowed = f"arn:aws:ce::{account}:anomalymonitor/..."
        yield refuse(path, "of another account", got=anomalies.monitor_arn, allowed=allowed, fix=fix)


RULES: Final = (tags_exist, scoped_budgets_count, monitor_is_the_accounts)
