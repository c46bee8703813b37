"""X-Ray keeps sampling rules by name, and hands out what each traces, with its own rule behind them.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sampling.html and "AWS X-Ray endpoints and quotas" (2026-11)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ministack.core.responses import now_epoch

from config.facts.tracing import PRIORITIES, RULES
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError, more_routes
from sandbox.emulator.patches.xray_api import NAME, arn, refused, routes, tag, untag

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Action, Document

_RULES = stores.regional("xray-sampling-rules")
_DEFAULT: Final = "Default"
_INTERVAL_SECONDS: Final = 10
"""Seconds after which a service asks again."""
_OF_DEFAULT: Final = ("FixedRate", "ReservoirSize")
"""What may be changed of X-Ray's own rule."""


def _default() -> Document:
    """Return X-Ray's own rule: one request a second, and 5 % of the others."""
    anything = dict.fromkeys(("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath"), "*")
    rule = {
        **anything,
        "RuleName": _DEFAULT,
        "RuleARN": arn("sampling-rule", _DEFAULT),
        "Priority": PRIORITIES[1] + 1,
        "FixedRate": 0.05,
        "ReservoirSize": 1,
        "Version": 1,
        "Attributes": {},
    }
    return {"SamplingRule": rule, "CreatedAt": 0, "ModifiedAt": 0}


def _records() -> list[Document]:
    found = {_DEFAULT: _default(), **dict(_RULES.items())}
    return sorted(found.values(), key=lambda one: (one["SamplingRule"]["Priority"], one["SamplingRule"]["RuleName"]))


def _judge(rule: Document) -> None:
    low, high = PRIORITIES
    if not low <= rule["Priority"] <= high + (rule["RuleName"] == _DEFAULT):
        raise refused(f"Priority has to be from {low} to {high}")
    if not 0 <= rule["FixedRate"] <= 1:
        raise refused("FixedRate has to be from 0 to 1")
    if rule["ReservoirSize"] < 0:
        raise refused("ReservoirSize cannot be negative")
    if rule["Version"] != 1:
        raise refused("Version has to be 1")
    if rule["ResourceARN"] != "*":
        raise refused("ResourceARN has to be *")


def _create(body: Document) -> Document:
    rule = dict(body["SamplingRule"])
    name = rule.get("RuleName")
    if not name:
        raise refused("RuleName has to be specified")
    if name in _RULES or name == _DEFAULT:
        raise refused(f"Rule {name} already exists")
    if len(_RULES) - (_DEFAULT in _RULES) >= RULES:
        raise RefusedError("RuleLimitExceededException", f"The limit of {RULES} sampling rules is reached")
    _judge(rule)
    rule |= {"RuleARN": arn("sampling-rule", name), "Attributes": rule.get("Attributes") or {}}
    tag(rule["RuleARN"], body.get("Tags"))
    _RULES[name] = {"SamplingRule": rule, "CreatedAt": now_epoch(), "ModifiedAt": now_epoch()}
    return {"SamplingRuleRecord": _RULES[name]}


def _found(body: Document) -> Document:
    """Return the record of the rule that a request names, by one of name and ARN."""
    if bool(body.get("RuleName")) is bool(body.get("RuleARN")):
        raise refused("One of RuleName and RuleARN has to be specified")
    for record in _records():
        rule = record["SamplingRule"]
        if rule["RuleName"] == body.get("RuleName") or rule["RuleARN"] == body.get("RuleARN"):
            return record
    raise refused("Sampling rule does not exist")


def _update(body: Document) -> Document:
    change = {key: value for key, value in body["SamplingRuleUpdate"].items() if value is not None}
    record = _found(change)
    name = record["SamplingRule"]["RuleName"]
    said = change.keys() - {"RuleName", "RuleARN"}
    if name == _DEFAULT and (other := sorted(said - set(_OF_DEFAULT))):
        raise refused(f"{', '.join(other)} of the default rule cannot be changed")
    rule = record["SamplingRule"] | {key: change[key] for key in said}
    _judge(rule)
    _RULES[name] = record | {"SamplingRule": rule, "ModifiedAt": now_epoch()}
    return {"SamplingRuleRecord": _RULES[name]}


def _delete(body: Document) -> Document:
    record = _found(body)
    rule = record["SamplingRule"]
    if rule["RuleName"] == _DEFAULT:
        raise refused("The default rule cannot be deleted")
    untag(rule["RuleARN"])
    del _RULES[rule["RuleName"]]
    return {"SamplingRuleRecord": record}


def _targets(body: Document) -> Document:
    rules = {one["SamplingRule"]["RuleName"]: one["SamplingRule"] for one in _records()}
    asked = [one["RuleName"] for one in body["SamplingStatisticsDocuments"]]
    until = now_epoch() + _INTERVAL_SECONDS
    return {
        "SamplingTargetDocuments": [
            {
                "RuleName": name,
                "FixedRate": rules[name]["FixedRate"],
                "ReservoirQuota": rules[name]["ReservoirSize"],
                "ReservoirQuotaTTL": until,
                "Interval": _INTERVAL_SECONDS,
            }
            for name in asked
            if name in rules
        ],
        "LastRuleModification": max(one["ModifiedAt"] for one in _records()),
        "UnprocessedStatistics": [
            {"RuleName": name, "ErrorCode": "400", "Message": "Unknown rule"} for name in asked if name not in rules
        ],
    }


_ACTIONS: Final[dict[str, Action]] = {
    "CreateSamplingRule": _create,
    "GetSamplingRules": lambda _body: {"SamplingRuleRecords": _records()},
    "UpdateSamplingRule": _update,
    "DeleteSamplingRule": _delete,
    "GetSamplingTargets": _targets,
}

PATCH = Patch("xray-sampling", "Sampling rules cannot be made", lambda: more_routes(NAME, routes(_ACTIONS)))
