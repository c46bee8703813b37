"""The alarm table as alarms, and the two composite alarms that page: a service outage, a security incident.

A critical alarm is reported as a warning by itself, and goes into a composite alarm, which is reported as critical: an
outage that sets off ten alarms pages once, and chat has the ten (docs/adr/0014-notification-channels.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import pulumi
from pulumi_aws import cloudwatch

from components.base import child, named
from components.naming import physical
from components.observability.alarm import AlarmArgs, metric_alarm
from components.observability.sources import TRAIL_EVENTS, watched_by
from components.observability.topics import SEVERITIES
from config.facts.metrics import COMPOSITE_ALARMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.observability.sources import Subjects
    from config.identity import Identity
    from config.observability import Alarm, Severity

Incident = Literal["service-outage", "security-incident"]

_MEANING: Final[Mapping[Incident, str]] = {
    "service-outage": "A critical alarm says that people are not served. The reason names it; chat has its details.",
    "security-incident": "A critical alarm of the audit trail. Find out who did it before anything else is changed.",
}


@dataclass(frozen=True, kw_only=True)
class AlarmsArgs:
    """What the alarms are built from."""

    table: Mapping[str, Alarm]
    """The stack file's `observability.alarms`."""
    identity: Identity
    """The stack file's `identity`."""
    subjects: Subjects
    """What there is to watch."""
    topics: Mapping[Severity, pulumi.Output[str]]
    """Who is notified, by severity."""
    label: str | None = None
    """Part of the names of composite alarms, where the stack has others of the kind in another region; None = none."""


class Alarms(pulumi.ComponentResource):
    """Alarms of the stack."""

    arns: Sequence[pulumi.Output[str]]
    """Composite alarms first, then the others by severity and name, whatever file of the stack has them."""
    names: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """Row of the table -> subject -> name."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:observability:Alarms", name, None, opts)
        self._name = name
        self._args = args
        table = sorted(args.table.items(), key=lambda row: (SEVERITIES.index(row[1].severity), row[0]))
        made = {row: self._row(row, alarm) for row, alarm in table}
        composites = [
            self._composite(incident, members)
            for incident in _MEANING
            if (
                members := [
                    one for row in made if incident_of(args.table[row]) == incident for one in made[row].values()
                ]
            )
        ]
        self.arns = [*(one.arn for one in composites), *(one.arn for row in made.values() for one in row.values())]
        self.names = {row: {subject: one.name for subject, one in of_row.items()} for row, of_row in made.items()}
        self.register_outputs({})

    def _row(self, row: str, alarm: Alarm) -> dict[str, cloudwatch.MetricAlarm]:
        """Make the alarms of a row: one for each subject of its source."""
        try:
            found = watched_by(alarm, self._args.subjects)
        except ValueError as error:
            raise ValueError(f"observability.alarms.{row}: {error}") from None
        severity: Severity = "warning" if alarm.severity == "critical" else alarm.severity
        return {
            subject: metric_alarm(
                self,
                "-".join(part for part in (self._name, row, subject) if part),
                AlarmArgs(
                    description=f"{alarm.severity}: {_spelt(alarm)} {subject}".strip(),
                    series=series,
                    threshold=alarm.threshold,
                    period_seconds=alarm.period_seconds,
                    evaluation_periods=alarm.evaluation_periods,
                    datapoints=alarm.datapoints,
                    treat_missing=alarm.treat_missing,
                    topics=[self._args.topics[severity]],
                ),
            )
            for subject, series in found.items()
        }

    def _composite(self, incident: Incident, members: Sequence[cloudwatch.MetricAlarm]) -> cloudwatch.CompositeAlarm:
        if len(members) > COMPOSITE_ALARMS:
            raise ValueError(
                f"observability.alarms: {len(members)} critical alarms in {incident}; "
                f"a composite alarm names {COMPOSITE_ALARMS} at most; make some of them warnings"
            )
        identity, critical = self._args.identity, self._args.topics["critical"]
        label = [self._args.label] if self._args.label else []
        return cloudwatch.CompositeAlarm(
            named(self._name, incident),
            alarm_name=physical("alarm", identity.system, identity.environment, *label, incident),
            alarm_description=_MEANING[incident],
            alarm_rule=pulumi.Output.all(*[member.name for member in members]).apply(alarm_rule),
            alarm_actions=[critical],
            ok_actions=[critical],
            opts=child(self),
        )


def incident_of(alarm: Alarm) -> Incident | None:
    """Return the composite alarm that an alarm of the table belongs to."""
    if alarm.severity != "critical":
        return None
    return "security-incident" if alarm.source in TRAIL_EVENTS else "service-outage"


def _spelt(alarm: Alarm) -> str:
    """Return what an alarm watches in words: its source, or its custom metric without the entry that it stands in."""
    if alarm.source is not None:
        return alarm.source.replace("_", " ")
    return (alarm.metric or "").partition(".")[2].replace("-", " ")


def alarm_rule(names: Sequence[str]) -> str:
    """Return the rule of a composite alarm that goes off with any of the named ones."""
    return " OR ".join(f'ALARM("{name}")' for name in names)
