"""Observability of a stack: topics and who reads them, log groups, alarms, events, dashboards, traces.

Not here: alarms on replication (components/recovery makes them, with the same `alarm.py`); the logs that other areas
write; the trail (components/audit); the agents on the cluster (components/kubernetes).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import cloudwatch

from components.api import THROTTLED
from components.base import child, named
from components.documents import as_json
from components.naming import physical
from components.observability.alarms import Alarms, AlarmsArgs
from components.observability.custom import build_publisher
from components.observability.dashboards import dashboards
from components.observability.elsewhere import TopicsElsewhereArgs, rows, severities_of, topics_elsewhere
from components.observability.events import event_rule, pattern_of
from components.observability.logs import Logs, LogsArgs
from components.observability.mail import subscribe
from components.observability.outputs import ObservabilityOutputs
from components.observability.pagerduty import Forwarder, ForwarderArgs
from components.observability.slack import Slack, SlackArgs
from components.observability.sources import TRAIL_EVENTS
from components.observability.subjects import log_namespace, subjects_of
from components.observability.topics import Topics, TopicsArgs
from components.observability.tracing import Tracing, TracingArgs
from components.observability.trail import PATTERNS
from components.observability.widgets import body
from components.outputs import needed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.observability.args import ObservabilityArgs
    from components.observability.sources import Subjects
    from config.observability import Alarm, Severity


class Observability(pulumi.ComponentResource):
    """Observability of a stack."""

    outputs: ObservabilityOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:observability:Observability", name, None, opts)
        self._name = name
        self._args = args
        topics = TopicsArgs(identity=args.identity, logs_key_arn=args.keys.arn("logs"), region=args.identity.region)
        self._topics = Topics(named(name, "topics"), topics, opts=child(self))
        self._topics_elsewhere = self._tell_elsewhere()
        forwarder = self._channels()
        self._logs()
        self._publishers()
        subjects = subjects_of(args, self._topics.names, forwarder.dead_letters if forwarder else None)
        alarms = self._alarms(subjects)
        self._events(subjects)
        self._dashboards(subjects, alarms.arns)
        self._tracing()
        self.outputs = ObservabilityOutputs(topic_arns=self._topics.arns, alarm_names=alarms.names)
        self.register_outputs({"topicArns": dict(self.outputs.topic_arns)})

    def _channels(self) -> Forwarder | None:
        args, channels, arns = self._args, self._args.settings.channels, self._topics.arns
        elsewhere = self._topics_elsewhere
        subscribe(self, named(self._name, "mail"), channels.mail, arns)
        if channels.slack:
            topics = {
                severity: [arn, *([elsewhere[severity]] if severity in elsewhere else [])]
                for severity, arn in arns.items()
            }
            slack = SlackArgs(settings=channels.slack, identity=args.identity, topics=topics)
            Slack(named(self._name, "slack"), slack, opts=child(self))
        if channels.pagerduty is None:
            return None
        forwarder = ForwarderArgs(
            settings=channels.pagerduty,
            identity=args.identity,
            keys=args.keys,
            log_retention_days=args.settings.log_retention_days,
            topics={severity: arns[severity] for severity in channels.pagerduty.severities},
            topics_elsewhere={
                severity: elsewhere[severity] for severity in channels.pagerduty.severities if severity in elsewhere
            },
            elsewhere=args.elsewhere.provider if args.elsewhere else None,
        )
        return Forwarder(named(self._name, "pagerduty"), forwarder, opts=child(self))

    def _logs(self) -> None:
        args = self._args
        counted = self._counted()
        if args.settings.logs is None and args.trail_log_group is None and not counted:
            return
        logs = LogsArgs(
            settings=args.settings.logs,
            identity=args.identity,
            keys=args.keys,
            namespace=log_namespace(args.identity),
            counted=counted,
        )
        Logs(named(self._name, "logs"), logs, opts=child(self))

    def _counted(self) -> dict[str, tuple[pulumi.Output[str], str]]:
        """Return what is counted in logs of other areas: of the trail what an alarm asks for, of the API one metric."""
        args, found = self._args, dict[str, tuple[pulumi.Output[str], str]]()
        sources = {alarm.source for alarm in args.settings.alarms.values()}
        if args.trail_log_group is not None:
            found |= {event: (args.trail_log_group, PATTERNS[event]) for event in TRAIL_EVENTS if event in sources}
        if args.api is not None:
            found["api_throttled"] = (args.api.access_log_group, THROTTLED)
        return found

    def _publishers(self) -> None:
        for entry in self._args.settings.custom_metrics.items():
            where = (needed(self._args.cluster, "cluster"), self._args.pod_roles)
            build_publisher(self, self._name, entry, where)

    def _alarms(self, subjects: Subjects) -> Alarms:
        args = AlarmsArgs(
            table=self._rows(elsewhere=False),
            identity=self._args.identity,
            subjects=subjects,
            topics=self._topics.arns,
        )
        if self._args.elsewhere and (rows := self._rows(elsewhere=True)):
            there = replace(args, table=rows, topics=self._topics_elsewhere, label="global")
            Alarms(named(self._name, "global-alarms"), there, opts=child(self, provider=self._args.elsewhere.provider))
        return Alarms(named(self._name, "alarms"), args, opts=child(self))

    def _rows(self, *, elsewhere: bool) -> dict[str, Alarm]:
        return rows(self._args.settings.alarms, elsewhere=elsewhere, split=self._args.elsewhere is not None)

    def _tell_elsewhere(self) -> Mapping[Severity, pulumi.Output[str]]:
        if self._args.elsewhere is None:
            return {}
        args = TopicsElsewhereArgs(
            where=self._args.elsewhere,
            identity=self._args.identity,
            severities=severities_of(self._rows(elsewhere=True)),
            mail=self._args.settings.channels.mail,
        )
        return topics_elsewhere(self, named(self._name, "global"), args)

    def _events(self, subjects: Subjects) -> None:
        databases = list(subjects.databases.values())
        for event, settings in self._args.settings.events.items():
            pattern = pattern_of(settings.kind, databases, subjects)
            event_rule(self, named(self._name, event), (settings, pattern), self._topics.arns)

    def _dashboards(self, subjects: Subjects, alarms: Sequence[pulumi.Output[str]]) -> None:
        identity, period = self._args.identity, self._args.settings.dashboard_period_seconds
        custom = self._args.settings.custom_metrics
        for dashboard, widgets in dashboards(subjects, alarms, identity.region, custom).items():
            cloudwatch.Dashboard(
                named(self._name, dashboard),
                dashboard_name=physical("dashboard", identity.system, identity.environment, identity.region, dashboard),
                dashboard_body=as_json(body(widgets, region=identity.region, period_seconds=period)),
                opts=child(self),
            )

    def _tracing(self) -> None:
        args = self._args
        if args.settings.tracing is not None:
            tracing = TracingArgs(
                settings=args.settings.tracing, identity=args.identity, logs_key_arn=args.keys.arn("logs")
            )
            Tracing(named(self._name, "tracing"), tracing, opts=child(self))
