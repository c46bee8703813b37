"""Event logs as the engine writes them: which resources there were, and which rules judged each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.gate import levels
from policy.pack import PACK, RULES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Event = dict[str, object]
SUMMARY: Event = {"summaryEvent": {"result": "succeeded"}}
TYPES = ("pulumi:pulumi:Stack", "pulumi:providers:aws", "aws:s3/bucket:Bucket", "aws:rds/instance:Instance")


def urn_of(type_: str) -> str:
    return f"urn:pulumi:prod::platform::{type_}::it"


def stack_rules() -> list[str]:
    return [rule.name for rule in RULES if rule.judge_stack]


def whole(
    config: Mapping[str, object] | None = None, *, types: Sequence[str] = TYPES, said: Sequence[Event] = ()
) -> list[Event]:
    """A run as the engine logs it under a pack config: every rule that this does not disable judges what it covers."""
    off = {name for name, own in levels(config).items() if own.level == "disabled"}
    log: list[Event] = [{"policyLoadEvent": {}}]
    for type_ in types:
        passed = [rule.name for rule in RULES if rule.judge and rule.covers(type_) and rule.name not in off]
        log.append(
            {"policyAnalyzeSummaryEvent": {"resourceUrn": urn_of(type_), "policyPackName": PACK, "passed": passed}}
        )
        log.append({"resourcePreEvent": {"metadata": {"op": "create", "urn": urn_of(type_), "type": type_}}})
    passed = [name for name in stack_rules() if name not in off]
    log += said
    log.append({"policyAnalyzeStackSummaryEvent": {"policyPackName": PACK, "passed": passed}})
    return [{"sequence": at, **event} for at, event in enumerate([*log, SUMMARY, {"cancelEvent": {}}])]
