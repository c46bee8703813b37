"""Log groups of the cluster, made before the agents write to them, and what is counted in logs.

The names are the agents': CloudWatch's agent and Fluent Bit write under `/aws/containerinsights/<cluster>`. Flow logs,
engine logs, access logs and the log of CloudTrail belong to the areas that write them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import cloudwatch

from components.base import child, named
from components.cluster.plan import cluster_name
from components.naming import physical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.keys import KeysOutputs
    from config.identity import Identity
    from config.observability import Logs as LogsSettings

APPLICATION: Final = "application"
"""Log of the pods."""
INFRASTRUCTURE: Final = ("dataplane", "host", "performance")
"""Logs of the cluster's own services, of the nodes, and of what Container Insights measures."""


@dataclass(frozen=True, kw_only=True)
class LogsArgs:
    """What the log groups are built from."""

    settings: LogsSettings | None
    """The stack file's `observability.logs`; none = there is no cluster, whose agents write logs."""
    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """`logs` encrypts the logs."""
    namespace: str
    """Namespace of what is counted."""
    counted: Mapping[str, tuple[pulumi.Output[str], str]]
    """Metric -> log group of another area, and pattern of the lines that are counted in it."""


class Logs(pulumi.ComponentResource):
    """Log groups and counters."""

    def __init__(self, name: str, args: LogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:observability:Logs", name, None, opts)
        self._name = name
        self._args = args
        if args.settings is not None:
            self._of_cluster(args.settings)
        for metric, (log_group, pattern) in args.counted.items():
            self._count(metric, log_group, pattern)
        self.register_outputs({})

    def _of_cluster(self, settings: LogsSettings) -> None:
        application = self._group(APPLICATION, settings.application_retention_days)
        for log in INFRASTRUCTURE:
            self._group(log, settings.infrastructure_retention_days)
        self._count("application_errors", application.name, settings.application_error_pattern)

    def _group(self, log: str, retention_days: int) -> cloudwatch.LogGroup:
        return cloudwatch.LogGroup(
            named(self._name, log),
            name=physical("log-group", "aws", "containerinsights", cluster_name(self._args.identity), log),
            retention_in_days=retention_days,
            kms_key_id=self._args.keys.arn("logs"),
            opts=child(self),
        )

    def _count(self, metric: str, log_group: pulumi.Output[str], pattern: str) -> None:
        cloudwatch.LogMetricFilter(
            named(self._name, metric.replace("_", "-")),
            log_group_name=log_group,
            pattern=pattern,
            metric_transformation=cloudwatch.LogMetricFilterMetricTransformationArgs(
                name=metric, namespace=self._args.namespace, value="1", default_value="0", unit="Count"
            ),
            opts=child(self),
        )
