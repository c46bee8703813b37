"""CloudTrail: alarms on the events of which the CIS benchmark asks to hear at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Level, Rule, Setting, Severity, WhenUnknown, stack_rule
from policy.tokens import ALARMS, METRIC_FILTERS, TRAILS
from policy.values import Mark, plain, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

EVENTS: Final = {
    "use of the root user": "Root",
    "unauthorized calls": "UnauthorizedOperation",
    "sign-ins without MFA": "MFAUsed",
    "failed sign-ins": "Failed authentication",
    "policies of IAM": "PutRolePolicy",
    "trails": "StopLogging",
    "deletion of keys": "ScheduleKeyDeletion",
    "policies of buckets": "PutBucketPolicy",
    "AWS Config": "StopConfigurationRecorder",
    "security groups": "AuthorizeSecurityGroupIngress",
    "network ACLs": "CreateNetworkAcl",
    "gateways": "AttachInternetGateway",
    "route tables": "CreateRoute",
    "VPCs": "DeleteVpc",
}
"""What is watched -> text that a filter for it has: CIS AWS 5.0, 4.1 to 4.14. Of 4.15 only the account of the
organization hears."""


@stack_rule(
    "cis-change-alarms",
    on=(*TRAILS, *METRIC_FILTERS, *ALARMS[:1]),
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("NIST-AU-2",),
    url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html",
    when_unknown=WhenUnknown.PASS,
    remediation="add a LogMetricFilter on the trail's log group, and a MetricAlarm on its metric",
    settings={
        "events": Setting(
            EVENTS,
            {"type": "object", "additionalProperties": {"type": "string"}},
            "what is watched, each with a text that the pattern of its filter holds",
        )
    },
    guards=("pattern", "metricTransformation", "metricName"),
)
def change_alarms(stack: Stack, settings: Settings) -> Iterator[Breach]:
    """Events of a trail that change who may do what, or hide it, raise an alarm.

    Judged on trails that write to CloudWatch Logs, by the filters and alarms of this stack.
    """
    trails = [trail for trail in stack.of(TRAILS) if trail.has("cloudWatchLogsGroupArn")]
    alarms = stack.of(ALARMS[:1])
    watched = [
        plain(each.inputs.get("pattern"))
        for each in stack.of(METRIC_FILTERS)
        if any(_is_on(alarm, each) for alarm in alarms)
    ]
    missing = [what for what, text in settings.patterns("events").items() if not any(text in str(p) for p in watched)]
    for trail in trails if missing and Mark.UNKNOWN not in watched else ():
        yield Breach(trail, f"no filter with an alarm watches {show(missing)}; allowed: one of each")


def _is_on(alarm: Resource, filter_: Resource) -> bool:
    """Tell whether an alarm is on the metric of a filter, or may be."""
    metric = filter_.each("metricTransformation.name")[0][1]
    named = [value for path in ("metricName", "metricQueries.metric.metricName") for _, value in alarm.each(path)]
    return metric is Mark.UNKNOWN or metric in named or Mark.UNKNOWN in named


RULES: Final[tuple[Rule, ...]] = (change_alarms,)
