"""Ways to switch the gate off: by its configuration, by waivers, by a run in which rules did not judge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from policy.catalog import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Event = dict[str, Any]

CONFIGS: Final[Sequence[dict[str, Any]]] = (
    {rule.name: "disabled" for rule in rules()},
    {"all": "Mandatory"},
    {"all": "disabled"},
    {"all": "off"},
    {"all": {"enforcementLevel": "disabled"}},
    {rule.name: {"enforcementLevel": "advisory"} for rule in rules()},
    {"rds-not-public": "Disabled"},
    {"rds-not-publik": "advisory"},
    {"tags-required": {"required": {"Owner": "("}}},
    {"region-allow-list": {"regions": "*"}},
    {"sg-public-only-80-443": {"publicPorts": "0-65535"}},
    {"iam-trust-other-account": {"accounts": "999999999999"}},
    {"resource-policy-other-account": {"account": ["999999999999"]}},
    {"rds-backup-retention": {"minimumDays": 0}},
)


def _entry(**changed: object) -> str:
    entry = {
        "rule": "rds-not-public", "urn": "*::aws:rds/instance:Instance::*", "reason": "why", "owner": "me",
        "expires": "2027-01-31",
    }  # fmt: skip
    written = {**entry, **changed}
    return "- {" + ", ".join(f"{key}: {json.dumps(value)}" for key, value in written.items()).replace('"2', "2") + "}\n"


WAIVERS: Final = (
    _entry(urn="*"),
    _entry(urn="**"),
    _entry(urn="urn:pulumi:*::*::*"),
    _entry(urn="*:*"),
    _entry(rule="*"),
    _entry(rule="no-such-rule"),
    _entry(expires="2099-01-01"),
    _entry(reason=""),
    _entry(owner=""),
    _entry(covers="everything"),
    _entry(note="a key that is none"),
    "rule: rds-not-public\n",
)


def _without(kind: str) -> Callable[[list[Event]], list[Event]]:
    return lambda log: [event for event in log if kind not in event]


def _skipped(log: list[Event]) -> list[Event]:
    """Leave out one rule among those that passed."""
    found = []
    for event in log:
        own = event.get("policyAnalyzeSummaryEvent")
        changed = {**event, "policyAnalyzeSummaryEvent": {**own, "passed": own["passed"][1:]}} if own else event
        found.append(changed)
    return found


RUNS: Final[Mapping[str, Callable[[list[Event]], list[Event]]]] = {
    "nothing was logged": lambda _log: [],
    "the log is cut off": lambda log: log[: len(log) // 2],
    "no rule judged the stack": _without("policyAnalyzeStackSummaryEvent"),
    "no rule judged a resource": _without("policyAnalyzeSummaryEvent"),
    "one rule did not judge": _skipped,
    "the summary is missing": _without("summaryEvent"),
}
