"""Cases of the rows: each is made from what its row says is allowed, so that a new row brings its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from policy.rules import (
    entries,
    functions,
    openings,
    practices,
    recommended,
    service_checks,
    services,
    stores,
    streaming,
)
from tests.policy.case import Case, Expected, value_case
from tests.policy.harness import Made, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policy.rule import Rule


class Values(NamedTuple):
    """A value that a row allows, one that it refuses, and what it makes of none and of one that is not known."""

    good: object
    bad: object
    absent: Outcome = "violation"
    unknown: Outcome = "unknown"


FIXED: Mapping[str, Values] = {
    "true": Values(good=True, bad=False),
    "false": Values(good=False, bad=True),
    "anything but true": Values(good=False, bad=True, absent="silent"),
    "anything but false": Values(good=True, bad=False, absent="silent"),
    "anything but 0": Values(30, 0, absent="silent"),
    "any value": Values("something", "", unknown="silent"),
    "SFTP, FTPS, AS2": Values(["SFTP"], ["FTP"], absent="silent"),
    "actions other than aws:pass": Values(["aws:drop"], ["aws:pass"], absent="silent"),
    "no path of the host": Values("", "/var/run/docker.sock", absent="silent"),
    "a service of the cluster": Values("", "https://hook.example/", absent="silent"),
    "https://": Values("https://shop.example/", "http://shop.example/", absent="silent", unknown="deferred"),
    "a list with AUDIT_LOGS": Values([{"logType": "AUDIT_LOGS"}], [{"logType": "SEARCH_SLOW_LOGS"}]),
    "names without *": Values("example.com", "*.example.com", absent="silent"),
    "any directory but /": Values("/app", "/"),
    "any name but dev": Values("sales", "dev"),
    "protocols without FTP": Values(["SFTP"], ["FTP"], absent="silent"),
    "a policy of 2024 or newer": Values("TransferSecurityPolicy-2025-03", "TransferSecurityPolicy-2018-11"),
    "a secret that DataSync reads itself": Values("", "abcdefgh", absent="silent"),
    "groups or roles": Values([], ["ann"], absent="silent"),
    "credentials of the environment": Values("test", "AKIAIOSFODNN7EXAMPLE", absent="silent", unknown="silent"),
    "a list with audit": Values(["audit"], ["profiler"]),
    "a log that is published": Values([{"logType": "AUDIT_LOGS"}], [{"logType": "AUDIT_LOGS", "enabled": False}]),
    "a key of ours": Values("arn:aws:kms:us-east-1:1:key/k", "alias/aws/it", unknown="silent"),
}
BESIDE: Mapping[str, Mapping[str, object]] = {
    "apigateway-cache-encrypted": {"settings": {"cachingEnabled": True}},
    "rds-insights-cmk": {"performanceInsightsEnabled": True},
    "connect-video-cmk": {"storageConfig": {"kinesisVideoStreamConfig": {"prefix": "p"}}},
    "connect-objects-cmk": {"storageConfig": {"s3Config": {"bucketName": "b"}}},
    "ecs-exec-cmk": {"configuration": {"executeCommandConfiguration": {"logging": "OVERRIDE"}}},
    "dlm-events-cmk": {"policyDetails": {"action": {"crossRegionCopies": {"target": "t"}}}},
    "dlm-copies-cmk": {"policyDetails": {"schedules": {"crossRegionCopyRules": {"target": "t"}}}},
    "imagebuilder-disks-cmk": {"blockDeviceMappings": {"ebs": {"volumeSize": 8}}},
    "aurora-audit-logs": {"engine": "aurora-mysql"},
    "alb-http-redirects": {"port": 80, "protocol": "HTTP"},
    "ssm-documents-not-shared": {"settingId": "/ssm/documents/console/public-sharing-permission"},
    "ssm-parameter-cmk": {"type": "SecureString"},
    "lambda-stream-failures-kept": {"startingPosition": "LATEST"},
    "lambda-topic-gives-up": {"topics": ["bids"]},
    "nlb-has-groups": {"loadBalancerType": "network", "internal": False},
    "kubernetes-default-account": {"metadata": {"name": "default"}},
    "lambda-env-cmk": {"environment": {"variables": {"STAGE": "prod"}}},
}
"""What else an input needs, where a row is about some resources of its type only."""
FINE_WHEN_ABSENT = {"rds-ca-modern", "kms-deletion-window", "backup-plan-kept-a-week"}
"""Rows that ask for values of which AWS's default is one."""


OWN: Mapping[str, Values] = {"cognito-guests-not-public": Values(good=False, bad=True, absent="silent")}
"""Rows of which the default of AWS is what they ask for."""


def values_of(rule: Rule) -> Values:
    """Values by what a row says is allowed."""
    allowed = rule.allowed
    if allowed in FIXED:
        return FIXED[allowed]
    absent: Outcome = "silent" if rule.name in FINE_WHEN_ABSENT else "violation"
    if allowed.startswith("anything but "):
        return Values("SOMETHING", allowed.removeprefix("anything but ").split(", ")[0], absent="silent")
    if allowed.startswith("at least "):
        least = int(allowed.removeprefix("at least "))
        return Values(least, least - 1, absent=absent)
    return Values(allowed.split(" or ")[0], "NOT-THAT", absent=absent)


def nested(path: str, value: object, beside: Mapping[str, object]) -> dict[str, object]:
    """Inputs with a value at a dotted path."""
    step, _, rest = path.partition(".")
    here = beside.get(step, {})
    assert isinstance(here, dict)
    return {**beside, step: {**here, **nested(rest, value, here)} if rest else value}


def row_case(rule: Rule, path: str, type_: str) -> Case:
    """Case of a row at one of its paths, in one of its types."""
    values = OWN.get(rule.name) or values_of(rule)
    inputs: Mapping[str, object] = BESIDE.get(rule.name, {})
    for each in rule.reads:
        inputs = nested(each, values.good, inputs)
    expected: Expected = {"absent_is": values.absent, "unknown_is": values.unknown}
    return value_case(rule.name, Made(type=type_, inputs=inputs), path, values.bad, **expected)


def row_cases(rules: Sequence[Rule]) -> tuple[Case, ...]:
    """Cases of every row among the rules, at each of its paths, in each of its types."""
    rows = (rule for rule in rules if rule.allowed)
    return tuple(row_case(rule, path, type_) for rule in rows for path in rule.reads for type_ in rule.on)


ROWS = (entries, functions, openings, practices, recommended, service_checks, services, stores, streaming)
CASES = row_cases([rule for module in ROWS for rule in module.RULES])
