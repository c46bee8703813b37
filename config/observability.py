"""Observability: alarms by severity, their channels, dashboards, logs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.cluster import PodIdentity
from config.facts.metrics import Source
from config.mail import MailAddress
from config.network import LogRetentionDays

Severity = Literal["critical", "warning", "info"]
"""critical: an outage or a security incident, somebody gets up; warning: somebody looks today; info: no need to act."""
ShortName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
Severities = Annotated[tuple[Severity, ...], Field(min_length=1, max_length=3)]
PeriodSeconds = Annotated[int, Field(ge=60, le=86400, multiple_of=60)]
EventKind = Literal[
    "node_scaling", "node_failures", "deployments", "images", "databases", "guardduty_findings", "aws_health"
]
"""node_scaling: nodes come and go; node_failures: nodes that could not be started; deployments: changes of the EKS
cluster (from CloudTrail); images: pushes to ECR; databases: failovers, failures, maintenance, low storage of RDS;
guardduty_findings: of severity high and above; aws_health: events of the account's services."""


class Alarm(Section):
    """One row of the alarm table; makes an alarm for each thing that its source is measured on."""

    severity: Severity
    """Decides who is notified. Critical ones page through a composite alarm, and are reported as warnings."""
    source: Source
    """What is measured; statistic and dimensions follow from it. A unit in its name is the threshold's."""
    threshold: Annotated[float, Field(ge=0)]
    """Value that must not be passed: upwards, or downwards for what may run out."""
    period_seconds: PeriodSeconds
    """Length of a period."""
    evaluation_periods: Annotated[int, Field(ge=1, le=1440)]
    """Periods that are looked at."""
    datapoints: Annotated[int, Field(ge=1, le=1440)] | None = None
    """Periods among them that must be bad; none = all."""
    treat_missing: Literal["missing", "ignore", "breaching", "notBreaching"] = "missing"
    """What a period without data is: bad (`breaching`), good, as the last one, or none at all."""


class Event(Section):
    """Events that are sent as they come."""

    severity: Severity
    """How bad it is; decides who is notified."""
    kind: EventKind
    """Which events."""


class SlackChannel(Section):
    """A channel of the workspace. AWS lets an account configure a channel once, whatever the region."""

    channel_id: Annotated[str, Field(pattern=r"^[CG][A-Z0-9]{8,14}$")]
    """Id of the channel, from its link in Slack."""
    severities: Severities
    """Severities that are sent there."""


class Slack(Section):
    """Slack, through Amazon Q Developer in chat applications (formerly AWS Chatbot)."""

    workspace_id: Annotated[str, Field(pattern=r"^T[A-Z0-9]{8,14}$")]
    """Id of the workspace; somebody has authorised it once in the console of the account."""
    channels: Annotated[dict[ShortName, SlackChannel], Field(min_length=1, max_length=20)]
    """Channels by name."""


class PagerDuty(Section):
    """PagerDuty, through a function that reads the integration key when it has something to tell."""

    secret_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9/_+=.@-]{1,256}$")]
    """Secret in this region with `{"routing_key": "..."}`, under the `secrets` key; put there by hand (ADR 0014)."""
    service_region: Literal["us", "eu"]
    """Where the PagerDuty account lives."""
    severities: Severities
    """What pages."""


class Channels(Section):
    """Channels by severity. Every severity in use needs at least one channel."""

    mail: dict[MailAddress, Severities] = Field(default_factory=dict)
    """Mail addresses; each must confirm its subscription once."""
    slack: Slack | None = None
    """Slack."""
    pagerduty: PagerDuty | None = None
    """PagerDuty."""


class Logs(Section):
    """Log groups of what runs on the cluster; made before the agents write to them."""

    application_retention_days: LogRetentionDays
    """Days that logs of the pods are kept."""
    infrastructure_retention_days: LogRetentionDays
    """Days that logs of nodes and of the cluster's own services are kept."""
    application_error_pattern: Annotated[str, Field(min_length=3, max_length=1024)]
    """Filter pattern of CloudWatch Logs for an error of the application; counted as source `application_errors`."""


class Chain(Section):
    """The blockchain's metrics, published by the validators themselves: nothing in AWS knows of blocks.

    `TransactionsPerSecond`, `BlockTime` (seconds) and `ActiveValidators`, with the dimension `ClusterName`.
    """

    metric_namespace: Annotated[str, Field(pattern=r"^[A-Za-z0-9._#-]+/[A-Za-z0-9._/#-]+$", max_length=255)]
    """Namespace that the validators publish in, such as `Phoenix/Blockchain`; `AWS/` is AWS's own."""
    pods: PodIdentity
    """Service account of the validators; its role may publish in that namespace, and nothing else."""


class Observability(Section):
    """Observability of the stack."""

    log_retention_days: LogRetentionDays
    """Days that logs of observability's own functions are kept."""
    logs: Logs | None = None
    """Log groups of the cluster; required with one, refused without."""
    chain: Chain | None = None
    """The blockchain; none = no metrics, no dashboard."""
    channels: Channels
    """Channels by severity."""
    alarms: Annotated[dict[ShortName, Alarm], Field(min_length=1, max_length=100)]
    """The alarm table."""
    events: dict[ShortName, Event] = Field(default_factory=dict)
    """Events that are sent as they come."""
    dashboard_period_seconds: PeriodSeconds = 300
    """Length of a period in the dashboards."""
