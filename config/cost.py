"""Cost: budgets that warn in time, anomalies, tags that bills are split by, advice on sizes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.identity import TagKey
from config.mail import MailAddress


class BudgetAlert(Section):
    """A threshold of a budget, sent by mail."""

    percent: Annotated[int, Field(ge=1, le=1000)]
    """Percent of the budget."""
    notification_type: Literal["ACTUAL", "FORECASTED"] = "ACTUAL"
    """Whether what is spent counts (`ACTUAL`), or what the month is expected to come to (`FORECASTED`)."""


class Budget(Section):
    """A monthly budget. It warns and stops nothing."""

    limit_usd: Annotated[int, Field(ge=1)]
    """US dollars a month."""
    scope: Literal["account", "stack"] = "account"
    """Everything in the account, or what carries the tag `Stack` of this stack (once it is a cost-allocation tag)."""
    services: tuple[str, ...] = ()
    """Services as Cost Explorer names them, such as `Amazon Relational Database Service`; none = all."""
    alerts: Annotated[tuple[BudgetAlert, ...], Field(min_length=1, max_length=5)]
    """Thresholds (AWS takes five notifications a budget). A budget without one notifies nobody."""


class Anomalies(Section):
    """Cost Anomaly Detection by service. AWS keeps one such monitor per account."""

    threshold_usd: Annotated[int, Field(ge=1)]
    """Dollars above what was expected, from which an anomaly is reported."""
    threshold_percent: Annotated[int, Field(ge=1)]
    """Percent above what was expected; both must be passed."""
    frequency: Literal["DAILY", "WEEKLY"] = "DAILY"
    """How often they are sent by mail; at once is for SNS only."""
    monitor_arn: Annotated[str, Field(pattern=r"^arn:aws:ce::\d{12}:anomalymonitor/[0-9a-f-]{36}$")] | None = None
    """The account's monitor of all services, where it has one: `aws ce get-anomaly-monitors`. AWS has made it by
    itself for accounts since 2023, and takes no second one. None = it has none, and this stack makes it."""


class Cost(Section):
    """Cost of the stack or its account."""

    billed: bool = False
    """Whether a day has passed since this stack was first deployed. Before that AWS refuses to activate the stack's tag
    keys, which bills have not seen, and has not settled the account's own anomaly monitor: false = allocation tags,
    budgets of scope `stack` and anomaly detection are not made yet. Set it true the day after the first `up`."""
    recipients: Annotated[tuple[MailAddress, ...], Field(max_length=10)] = ()
    """Who is notified; none = `identity.owner`."""
    budgets: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")], Budget] = Field(default_factory=dict)
    """Budgets by name."""
    anomalies: Anomalies | None = None
    """Anomaly detection; none where another stack of the account has it."""
    allocation_tags: tuple[TagKey, ...] = ()
    """Tag keys that bills can be split by, for the whole account; keys of the default tags only. AWS knows a key a day
    after a resource first carried it, and refuses it before."""
    rightsizing: bool = False
    """Enrol the account in Compute Optimizer, which advises sizes from use."""
