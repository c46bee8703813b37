"""Observability: alarms by severity, their channels, dashboards, logs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.cluster import PodIdentity
from config.facts.metric import MetricFact, Unit
from config.facts.metrics import Source
from config.mail import MailAddress
from config.network import LogRetentionDays
from config.tracing import Tracing

Severity = Literal["critical", "warning", "info"]
"""critical: an outage or a security incident, somebody gets up; warning: somebody looks today; info: no need to act."""
ShortName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
CustomName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}\.[a-z][a-z0-9-]{1,40}$")]
DimensionName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_. /#-]{0,254}$")]
DimensionValue = Annotated[str, Field(min_length=1, max_length=1024, pattern=r"^[!-~][ -~]*$")]
Severities = Annotated[tuple[Severity, ...], Field(min_length=1, max_length=3)]
PeriodSeconds = Annotated[int, Field(ge=60, le=86400, multiple_of=60)]
EventKind = Literal[
    "node_scaling",
    "node_failures",
    "deployments",
    "service_deployments",
    "images",
    "databases",
    "guardduty_findings",
    "aws_health",
]
"""node_scaling: nodes come and go; node_failures: nodes that could not be started; deployments: changes of the EKS
cluster (from CloudTrail); service_deployments: those of ECS that fail and are rolled back; images: pushes to ECR;
databases: failovers, failures, maintenance, low storage of RDS; guardduty_findings: of severity high and above;
aws_health: events of the account's services."""


class Alarm(Section):
    """One row of the alarm table; makes an alarm for each thing that its source is measured on."""

    severity: Severity
    """Decides who is notified. Critical ones page through a composite alarm, and are reported as warnings."""
    source: Source | None = None
    """What is measured; statistic and dimensions follow from it. A unit in its name is the threshold's. None = the
    alarm is of a custom metric."""
    metric: CustomName | None = None
    """Custom metric, in place of a source: `<entry of custom_metrics>.<metric>`."""
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
    """PagerDuty, through a function that reads the integration key when it has something to send."""

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


class CustomMetric(Section):
    """A metric that pods publish."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/#-]{0,254}$")]
    """Name that it is published by, such as `OrdersPlaced`."""
    title: Annotated[str, Field(min_length=3, max_length=80)]
    """Title of its graph, without the unit."""
    statistic: Literal["Average", "Maximum", "Minimum", "Sum", "SampleCount", "p50", "p90", "p95", "p99"]
    """Statistic over a period, of graph and alarms."""
    unit: Unit = "count"
    """Unit of what is published and of thresholds; `gib` = published in bytes."""
    comparison: Literal["GreaterThanThreshold", "LessThanThreshold"] = "GreaterThanThreshold"
    """Which side of an alarm's threshold is bad."""
    dimensions: Annotated[dict[DimensionName, DimensionValue], Field(max_length=29)] = Field(default_factory=dict)
    """Dimensions that it is published with, beside `ClusterName`: the name of the cluster."""


class CustomMetrics(Section):
    """Metrics of one namespace that pods of the cluster publish themselves, such as those of the business."""

    namespace: Annotated[str, Field(pattern=r"^[A-Za-z0-9._#-]+/[A-Za-z0-9._/#-]+$", max_length=255)]
    """Namespace of CloudWatch, such as `Shop/Orders`; `AWS/` is AWS's own."""
    publisher: PodIdentity
    """Service account of who publishes. One of `cluster.identities` publishes by the role that it has; any other gets
    a role that may do nothing else."""
    description: Annotated[str, Field(min_length=10, max_length=200, pattern=r"^[ -~]+$")]
    """Who publishes what, for whoever reads the role or the dashboard."""
    dashboard: ShortName | None = None
    """Dashboard of the graphs: `application`, `infrastructure`, `database`, or one of its own by this name; none = one
    by the name of this entry."""
    metrics: Annotated[dict[ShortName, CustomMetric], Field(min_length=1, max_length=50)]
    """Metrics by short name; alarms name them `<this entry>.<metric>`."""


class Observability(Section):
    """Observability of the stack."""

    log_retention_days: LogRetentionDays
    """Days that logs of observability's own functions are kept."""
    logs: Logs | None = None
    """Log groups of the cluster; required with one, refused without."""
    custom_metrics: Annotated[dict[ShortName, CustomMetrics], Field(max_length=20)] = Field(default_factory=dict)
    """Metrics that pods publish themselves, by a short name."""
    channels: Channels
    """Channels by severity."""
    alarms: Annotated[dict[ShortName, Alarm], Field(min_length=1, max_length=100)]
    """The alarm table."""
    events: dict[ShortName, Event] = Field(default_factory=dict)
    """Events that are sent as they come."""
    tracing: Tracing | None = None
    """X-Ray: groups, sampling rules, the key of traces; none = as the account has it."""
    dashboard_period_seconds: PeriodSeconds = 300
    """Length of a period in the dashboards."""

    def custom(self) -> dict[str, MetricFact]:
        """Return every custom metric by the name that alarms know it by."""
        return {
            f"{entry}.{short}": MetricFact(
                of="custom",
                namespace=group.namespace,
                names=(metric.name,),
                statistic=metric.statistic,
                low=metric.comparison == "LessThanThreshold",
                unit=metric.unit,
            )
            for entry, group in self.custom_metrics.items()
            for short, metric in group.metrics.items()
        }
