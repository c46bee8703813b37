"""Alarms that can go off, and that somebody receives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.allowed import nearest
from config.facts.metrics import ALARM_WINDOW_SECONDS, GLOBAL_FAMILIES, METRICS, needs
from config.facts.regions import GLOBAL_REGION, regions
from config.facts.services import AGENTS
from config.problems import NOTHING, Path, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from config.facts.metric import Need
    from config.observability import Alarm, Severity
    from config.problems import Problem
    from config.stack import StackConfig

SECTION: Final[Path] = ("observability",)
ALARMS: Final[Path] = (*SECTION, "alarms")
_HOUR: Final = 3600


def alarms(config: StackConfig) -> Iterator[tuple[Path, Alarm]]:
    """Yield each row of the alarm table with its path."""
    if config.observability is not None:
        for name, alarm in config.observability.alarms.items():
            yield (*ALARMS, name), alarm


def alarm_windows(config: StackConfig) -> Iterator[Problem]:
    """An alarm looks at no fewer periods than must be bad, and no further back than CloudWatch lets it."""

    def of(path: Path, alarm: Alarm) -> Iterator[Problem]:
        if alarm.datapoints is not None and alarm.datapoints > alarm.evaluation_periods:
            what = f"more than the {alarm.evaluation_periods} periods that are looked at: it could never go off"
            allowed = f"1 to {alarm.evaluation_periods}, or none for all"
            yield refuse((*path, "datapoints"), what, got=alarm.datapoints, allowed=allowed, fix="lower it")
        longest = ALARM_WINDOW_SECONDS[1 if alarm.period_seconds >= _HOUR else 0]
        most = longest // alarm.period_seconds
        if alarm.evaluation_periods > most:
            what = f"looks back further than {longest // _HOUR} hours, in periods of {alarm.period_seconds} s"
            fix = "look at fewer periods, or at longer ones"
            got = alarm.evaluation_periods
            yield refuse((*path, "evaluation_periods"), what, got=got, allowed=f"1 to {most}", fix=fix)

    for path, alarm in alarms(config):
        yield from until_incomplete(of(path, alarm))


def alarm_subjects(config: StackConfig) -> Iterator[Problem]:
    """The stack has what its alarms watch, and what publishes it, in the region where it is measured."""

    def of(path: Path, alarm: Alarm) -> Iterator[Problem]:
        if alarm.source is None:
            return
        where, source = (*path, "source"), alarm.source
        fact, allowed = METRICS.get(source), "sources that are measured here"
        if fact is not None and fact.of in GLOBAL_FAMILIES and config.identity.region != GLOBAL_REGION:
            yield from until_incomplete(_elsewhere(config, where, alarm))
        for need in needs(source):
            part = PARTS[need]
            if not part.there(config):
                what = f"{part.publishes}, and this stack has none"
                yield refuse(where, what, got=source, allowed=allowed, fix=f"leave the alarm out, or {part.fix}")
                return

    for path, alarm in alarms(config):
        yield from until_incomplete(of(path, alarm))


def alarm_metrics(config: StackConfig) -> Iterator[Problem]:
    """An alarm watches a source or a custom metric, and a custom metric that there is."""

    def of(path: Path, alarm: Alarm, known: Mapping[str, object]) -> Iterator[Problem]:
        where, metric = (*path, "metric"), alarm.metric
        if (alarm.source is None) is (metric is None):
            what = "beside a source: an alarm watches one of the two" if metric else "neither a source nor a metric"
            fix = "drop one of the two" if metric else "write `source:`, or `metric:` with one of custom_metrics"
            yield refuse(where, what, got=metric or NOTHING, allowed="a source or a custom metric", fix=fix)
        elif metric is not None and metric not in known:
            close = nearest(metric, tuple(known))
            fix = f"did you mean `{close[0]}`?" if close else "add it to observability.custom_metrics"
            yield refuse(where, "no such custom metric", got=metric, allowed=", ".join(known), fix=fix)

    known = config.observability.custom() if config.observability else {}
    for path, alarm in alarms(config):
        yield from until_incomplete(of(path, alarm, known))


def _elsewhere(config: StackConfig, where: Path, alarm: Alarm) -> Iterator[Problem]:
    """A primary has topics beside the metrics of CloudFront and Route 53; SNS pages no function of an opt-in region."""
    region, allowed = config.identity.region, "sources that are measured here"
    if config.identity.role != "primary":
        what = f"measured in {GLOBAL_REGION} only, where a standby in {region} has no topics"
        fix = "leave it to the primary"
        yield refuse(where, what, got=alarm.source, allowed=allowed, fix=fix)
        return
    pager = config.observability.channels.pagerduty if config.observability else None
    if regions()[region].opt_in and pager is not None and alarm.severity in pager.severities:
        what = f"measured in {GLOBAL_REGION}, from where SNS calls no function in {region}, which accounts opt in to"
        fix = "give it a severity that PagerDuty does not get"
        yield refuse((*where[:-1], "severity"), what, got=alarm.severity, allowed="another severity", fix=fix)


@dataclass(frozen=True)
class Part:
    """A part of a stack that metrics come from."""

    publishes: str
    """What is published how."""
    there: Callable[[StackConfig], bool]
    """Whether a stack has it."""
    fix: str
    """How to have it."""


def _trail(config: StackConfig) -> bool:
    return config.audit is not None and config.audit.trail is not None


def _pagerduty(config: StackConfig) -> bool:
    return config.observability is not None and config.observability.channels.pagerduty is not None


PARTS: Final[Mapping[Need, Part]] = {
    "cluster": Part("measured on the cluster", lambda config: config.cluster is not None, "add `cluster`"),
    "postgres": Part("measured on each database", lambda config: config.postgres is not None, "add data.postgres"),
    "redis": Part("measured on each shard", lambda config: config.redis is not None, "add data.redis"),
    "edge": Part(
        "measured at the load balancer",
        lambda config: config.edge is not None and config.edge.balancer is not None,
        "add edge.balancer",
    ),
    "cloudfront": Part(
        "measured by CloudFront",
        lambda config: config.edge is not None and config.edge.cdn is not None,
        "add `edge.cdn`",
    ),
    "read_replicas": Part(
        "measured on each replica",
        lambda config: config.postgres is not None and bool(config.postgres.replicas),
        "add one to data.postgres",
    ),
    "cache_replicas": Part(
        "measured on the replicas of each shard",
        lambda config: config.redis is not None and config.redis.replicas_per_shard > 0,
        "raise data.redis.replicas_per_shard",
    ),
    "nat_gateways": Part(
        "measured on each NAT gateway",
        lambda config: config.network is not None and config.network.nat != "none",
        "set network.nat",
    ),
    "containers": Part("measured on each service", lambda config: config.containers is not None, "add `containers`"),
    "kept_services": Part(
        "counted on each service that has a task at any time",
        lambda config: any(service.least > 0 for service in config.services.values()),
        "raise the fewest tasks of a service",
    ),
    "targets": Part(
        "measured at the load balancer for each service or group of instances that it sends requests to",
        lambda config: (
            any(one.target for one in config.services.values()) or any(one.target for one in config.instances.values())
        ),
        "add a `target` to a service or a group",
    ),
    "instances": Part(
        "measured on each group of instances", lambda config: bool(config.instances), "add one to `instances`"
    ),
    "functions": Part("measured on each function", lambda config: bool(config.functions), "add one to `functions`"),
    "failures": Part(
        "counted in the queue of failures of each function that has one",
        lambda config: any(one.failures for one in config.functions.values()),
        "add `failures` to a function",
    ),
    "streams": Part(
        "measured on each function that works on a stream",
        lambda config: any(one.stream for one in config.functions.values()),
        "add `stream` to a function",
    ),
    "topic_readers": Part(
        "measured on each function that works on a topic of Kafka",
        lambda config: any(one.topic for one in config.functions.values()),
        "add `topic` to a function",
    ),
    "queues": Part("measured on each queue", lambda config: config.messaging is not None, "add `messaging`"),
    "streaming": Part("measured on each broker", lambda config: config.streaming is not None, "add `streaming`"),
    "broker_metrics": Part(
        "measured on each broker where streaming.monitoring.level asks for it",
        lambda config: config.streaming is not None and config.streaming.monitoring.level != "DEFAULT",
        "raise streaming.monitoring.level to PER_BROKER",
    ),
    "tables": Part("measured on each table", lambda config: bool(config.tables), "add data.tables"),
    "table_replicas": Part(
        "measured on each copy of a table in another region",
        lambda config: any(table.replica_regions for table in config.tables.values()),
        "add replica_regions to a table",
    ),
    "api": Part("measured at the API", lambda config: config.api is not None, "add `api`"),
    "sockets": Part("measured at the WebSocket API", lambda config: config.sockets is not None, "add `sockets`"),
    "pagerduty": Part("counted in the queue of undelivered pages", _pagerduty, "add observability.channels.pagerduty"),
    "trail": Part("counted in the log of CloudTrail", _trail, "add audit.trail, which one stack of the account has"),
    "agents": Part(
        "published by CloudWatch's agents on the nodes",
        lambda config: config.cluster is not None and AGENTS in config.cluster.addons,
        f"add {AGENTS} to cluster.addons",
    ),
}
"""What each need is, and whether a stack has it: without it the alarm stays at INSUFFICIENT_DATA for ever."""


def severities_have_channels(config: StackConfig) -> Iterator[Problem]:
    """Every severity in use has a channel; a critical alarm is reported as a warning, too."""
    observability = config.observability
    if observability is None:
        return
    channels = observability.channels
    reported: set[Severity] = {severity for severities in channels.mail.values() for severity in severities}
    if channels.slack is not None:
        reported |= {severity for channel in channels.slack.channels.values() for severity in channel.severities}
    if channels.pagerduty is not None:
        reported |= set(channels.pagerduty.severities)
    used = {alarm.severity for alarm in observability.alarms.values()}
    used |= {event.severity for event in observability.events.values()}
    used |= {"warning"} if "critical" in used else set()
    for severity in sorted(used - reported):
        what = f"no channel takes {severity}"
        fix = "name the severity in a channel"
        yield refuse((*SECTION, "channels"), what, got=NOTHING, allowed="mail, slack or pagerduty", fix=fix)


RULES: Final = (alarm_windows, alarm_metrics, alarm_subjects, severities_have_channels)
