"""Alarms that can go off, and that somebody is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from config.facts.metrics import (
    ALARM_WINDOW_SECONDS,
    GLOBAL_FAMILIES,
    GLOBAL_REGION,
    METRICS,
    Family,
    TrailEvent,
)
from config.problems import NOTHING, Path, refuse
from config.rules.sound import sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.observability import Alarm, Observability, Severity
    from config.problems import Problem
    from config.stack import StackConfig

SECTION: Final[Path] = ("observability",)
ALARMS: Final[Path] = (*SECTION, "alarms")
_HOUR: Final = 3600
_WHOLE: Final = 100
_TRAIL_EVENTS: Final[tuple[TrailEvent, ...]] = get_args(TrailEvent)
_EDGE: Final[tuple[Family, ...]] = ("load_balancer", "target_group", "web_acl", "distribution", "health_check")


def _alarms(config: StackConfig) -> Iterator[tuple[Path, Alarm]]:
    if config.observability is not None:
        for name, alarm in config.observability.alarms.items():
            yield (*ALARMS, name), alarm


def alarm_windows(config: StackConfig) -> Iterator[Problem]:
    """An alarm looks at no fewer periods than must be bad, and no further back than CloudWatch lets it."""

    def of(path: Path, alarm: Alarm) -> Iterator[Problem]:
        if alarm.datapoints is not None and alarm.datapoints > alarm.evaluation_periods:
            what = f"more than the {alarm.evaluation_periods} periods that are looked at: it could never go off"
            allowed = f"1 to {alarm.evaluation_periods}, or none for all"
            yield refuse((*path, "datapoints"), what, got=alarm.datapoints, allowed=allowed, cure="lower it")
        longest = ALARM_WINDOW_SECONDS[1 if alarm.period_seconds >= _HOUR else 0]
        most = longest // alarm.period_seconds
        if alarm.evaluation_periods > most:
            what = f"looks back further than {longest // _HOUR} hours, in periods of {alarm.period_seconds} s"
            cure = "look at fewer periods, or at longer ones"
            got = alarm.evaluation_periods
            yield refuse((*path, "evaluation_periods"), what, got=got, allowed=f"1 to {most}", cure=cure)

    for path, alarm in _alarms(config):
        yield from sound(of(path, alarm))


def alarm_thresholds(config: StackConfig) -> Iterator[Problem]:
    """A threshold can be passed, and is not passed from the start."""

    def of(path: Path, alarm: Alarm) -> Iterator[Problem]:
        fact = METRICS.get(alarm.source)  # events of the trail have none
        where = (*path, "threshold")
        if fact is not None and fact.unit == "percent" and alarm.threshold >= _WHOLE:
            what, cure = "per cent never pass 100: it could never go off", "lower it"
            yield refuse(where, what, got=alarm.threshold, allowed="0 to 99", cure=cure)
        if fact is not None and fact.low and alarm.threshold == 0:
            what, cure = "nothing is below 0: it could never go off", "raise it"
            yield refuse(where, what, got=alarm.threshold, allowed="more than 0", cure=cure)
        size = config.data.postgres.storage.allocated_gib
        if alarm.source == "rds_free_storage_gib" and alarm.threshold >= size:
            what, cure = f"the database has {size} GiB in all: it would go off at once", "lower it"
            yield refuse(where, what, got=alarm.threshold, allowed=f"below {size}", cure=cure)

    for path, alarm in _alarms(config):
        yield from sound(of(path, alarm))


def alarm_subjects(config: StackConfig) -> Iterator[Problem]:
    """The stack has what its alarms watch, and in the region where it is measured."""

    def of(path: Path, alarm: Alarm, observability: Observability) -> Iterator[Problem]:
        where, source, region = (*path, "source"), alarm.source, config.identity.region
        if source in _TRAIL_EVENTS:
            if config.audit is None or config.audit.trail is None:
                allowed, cure = "sources that are measured here", "leave it to the stack that has the trail"
                yield refuse(where, "counted in the log of CloudTrail", got=source, allowed=allowed, cure=cure)
            return
        family = METRICS[source].of
        if family in GLOBAL_FAMILIES and region != GLOBAL_REGION:
            what = f"measured in {GLOBAL_REGION} only, and an alarm sees its own region"
            cure = f"leave it to the stack in {GLOBAL_REGION}"
            yield refuse(where, what, got=source, allowed="sources that are measured here", cure=cure)
            return
        edge = config.edge
        missing = {
            **dict.fromkeys(_EDGE, edge is None),
            "distribution": edge is None or edge.front is None,
            "replica": not config.data.postgres.replicas,
            "chain": observability.chain is None,
            "pages": observability.channels.pagerduty is None,
        }
        if missing.get(family):
            allowed, cure = "sources that are measured here", "leave the alarm out, or build what it watches"
            what = f"measured on each {family.replace('_', ' ')}, and this stack has none"
            yield refuse(where, what, got=source, allowed=allowed, cure=cure)

    if config.observability is not None:
        for path, alarm in _alarms(config):
            yield from sound(of(path, alarm, config.observability))


def somebody_is_told(config: StackConfig) -> Iterator[Problem]:
    """Every severity in use has a channel; a critical alarm is told as a warning, too."""
    observability = config.observability
    if observability is None:
        return
    channels = observability.channels
    told: set[Severity] = {severity for severities in channels.mail.values() for severity in severities}
    if channels.slack is not None:
        told |= {severity for channel in channels.slack.channels.values() for severity in channel.severities}
    if channels.pagerduty is not None:
        told |= set(channels.pagerduty.severities)
    used = {alarm.severity for alarm in observability.alarms.values()}
    used |= {event.severity for event in observability.events.values()}
    used |= {"warning"} if "critical" in used else set()
    for severity in sorted(used - told):
        what = f"nobody is told what is {severity}"
        cure = "name the severity in a channel"
        yield refuse((*SECTION, "channels"), what, got=NOTHING, allowed="mail, slack or pagerduty", cure=cure)


RULES: Final = (alarm_windows, alarm_thresholds, alarm_subjects, somebody_is_told)
