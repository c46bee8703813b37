"""Web ACLs: AWS's three basic groups block, floods are cut, decisions are logged without what authenticates."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

from policy.rule import Rule, Setting, Severity, resource_rule
from policy.table import forbidden, paired
from policy.tokens import WEB_ACL_LOGGINGS, WEB_ACLS
from policy.values import number, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.resources import Resource
    from policy.rule import Settings
    from policy.values import Block

_GROUPS: Final = ["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesCommonRuleSet"]
_BAD_INPUTS: Final = "AWSManagedRulesKnownBadInputsRuleSet"
_LOG4J: Final = "Log4JRCE"
_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
_WHOLE_NUMBER: Final = {"type": "integer", "minimum": 10}
_FIVE_MINUTES: Final = 300
"""Seconds; the window of a rate-based statement that names none."""


def _blocking(acl: Resource, statement: str) -> Sequence[Block]:
    """Return the statements of a kind whose rules act; one that only counts lets everything pass."""
    return [
        found
        for rule in acl.blocks("rules")
        if rule.get("action.block") is not None or rule.get("overrideAction.none") is not None
        for found in rule.blocks(f"statement.{statement}")
    ]


@resource_rule(
    "waf-managed-rules",
    on=WEB_ACLS,
    severity=Severity.HIGH,
    controls=("WAF.10", "CKV_AWS_175"),
    remediation="add a rule for each managed group, with override_action none",
    settings={"groups": Setting(_GROUPS, _TEXTS, "managed groups that every web ACL has")},
    guards=("rules", "ruleJson"),
)
def managed_rules(acl: Resource, settings: Settings) -> Iterator[str]:
    """Web ACLs block by AWS's own groups: common attacks, known bad addresses."""
    found = {statement.get("name") for statement in _blocking(acl, "managedRuleGroupStatement")}
    for group in settings.strings("groups"):
        if group not in found:
            yield f"rules have no blocking {group}; allowed: one with override_action none"


@resource_rule(
    "waf-known-bad-inputs",
    on=WEB_ACLS,
    severity=Severity.HIGH,
    controls=("WAF.10", "CKV_AWS_192", "CKV2_AWS_47", "CKV2_AWS_76", "CKV2_AWS_77", "CKV2_AWS_78"),
    url="https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html",
    remediation="add a rule for AWSManagedRulesKnownBadInputsRuleSet, with override_action none and Log4JRCE in force",
    guards=("rules", "ruleJson"),
)
def known_bad_inputs(acl: Resource, _settings: Settings) -> Iterator[str]:
    """Web ACLs block inputs that are known to be bad, Log4j's (CVE-2021-44228) among them."""
    found = [one for one in _blocking(acl, "managedRuleGroupStatement") if one.get("name") == _BAD_INPUTS]
    if not found:
        yield f"rules have no blocking {_BAD_INPUTS}; allowed: one with override_action none"
    for statement in found:
        off = [one.get("name") for one in statement.blocks("excludedRules")]
        off += [
            one.get("name")
            for one in statement.blocks("ruleActionOverrides")
            if one.get("actionToUse.count") is not None or one.get("actionToUse.allow") is not None
        ]
        if any(str(name).startswith(_LOG4J) for name in off):
            yield f"{statement.path} switches {_LOG4J} off; allowed: all of its rules"


@resource_rule(
    "waf-rate-limit",
    on=WEB_ACLS,
    severity=Severity.MEDIUM,
    controls=("WAF.10", "NIST-SC-5"),
    remediation="add a rate-based rule that blocks",
    settings={"most": Setting(2000, _WHOLE_NUMBER, "requests of one address in five minutes")},
    guards=("rules", "ruleJson"),
)
def rate_limit(acl: Resource, settings: Settings) -> Iterator[str]:
    """Web ACLs cut off who floods.

    A limit over another window counts as what it lets through in five minutes.
    """
    most, limits = settings.number("most"), [_in_five_minutes(one) for one in _blocking(acl, "rateBasedStatement")]
    if not limits or max(limits) > most:
        got = show(max(limits)) if limits else "not set"
        yield f"rate limit is {got} requests in five minutes; allowed: at most {show(most)}"


def _in_five_minutes(statement: Block) -> float:
    """Return how many requests of one address a rate-based statement lets through in five minutes."""
    limit, window = number(statement.get("limit")), number(statement.get("evaluationWindowSec") or _FIVE_MINUTES)
    if limit is not None and window:
        return limit * _FIVE_MINUTES / window
    return inf


@resource_rule(
    "waf-log-redacts-credentials",
    on=WEB_ACL_LOGGINGS,
    severity=Severity.MEDIUM,
    controls=("NIST-IA-5", "ISO-A.8.11"),
    url="https://docs.aws.amazon.com/waf/latest/developerguide/logging-management.html",
    remediation="add single_header blocks for authorization and cookie to redacted_fields",
    guards=("redactedFields",),
)
def redacted(logging: Resource, _settings: Settings) -> Iterator[str]:
    """Logs of decisions leave out what lets their readers act as the viewer."""
    headers = {field.get("singleHeader.name") for field in logging.blocks("redactedFields")}
    for header in ("authorization", "cookie"):
        if header not in headers:
            yield f"redactedFields have no header {header}; allowed: a list with authorization and cookie"


@resource_rule(
    "waf-cloudfront-scope-region",
    on=WEB_ACLS,
    severity=Severity.HIGH,
    controls=("CloudFront.6",),
    remediation="make the web ACL by a provider of us-east-1",
    guards=("scope",),
)
def scope_region(acl: Resource, _settings: Settings) -> Iterator[str]:
    """Web ACLs for CloudFront are made in us-east-1; elsewhere the API does not know the scope."""
    region = acl.get("region") or (acl.provider.get("region") if acl.provider else None)
    if acl.get("scope") == "CLOUDFRONT" and region not in (None, "us-east-1"):
        yield f"scope is CLOUDFRONT in {show(region)}; allowed: us-east-1"


RULES: Final[tuple[Rule, ...]] = (
    managed_rules,
    known_bad_inputs,
    rate_limit,
    paired(
        "waf-logging", "Every web ACL logs its decisions", by=WEB_ACL_LOGGINGS, key="resourceArn",
        on=WEB_ACLS, severity=Severity.LOW, controls=("WAF.11", "CKV2_AWS_31"),
        remediation="add a WebAclLoggingConfiguration with the web ACL's ARN",
    ),
    forbidden(
        "waf-not-classic", "Web ACLs are those of WAF, not of WAF Classic",
        why="AWS ended WAF Classic on 2025-09-30 (AWS WAF developer guide, read 2026-11-30).",
        on=("aws:waf/webAcl:WebAcl", "aws:wafregional/webAcl:WebAcl"), severity=Severity.HIGH,
        controls=("CKV_AWS_175", "CKV_AWS_176", "WAF.1"), remediation="use a wafv2.WebAcl",
    ),
    redacted,
    scope_region,
)  # fmt: skip
