"""A judgement as SARIF 2.1.0, the form in which code-scanning services take findings (OASIS, errata 01, 2023-08).

One run per stack. A finding stands at a line of a file, and names its resource by URN as a logical location. Waivers
are suppressions. Services show 5,000 results of a run at most; what is cut is the least important, and the run says so.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import yaml

from policy.compliance.frameworks import CIS, ids_of
from policy.evidence.place import Place, input_of
from policy.judging import Kind
from policy.rule import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from policy.evaluate import Finding
    from policy.rule import Rule
    from policy.waivers import Waiver

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST: Final = 5_000
"""Results of a run that GitHub's code scanning shows, of 25,000 that it takes (docs.github.com, 2026-11)."""
_TAGS: Final = 10
"""Tags of a rule that it keeps."""
_FINGERPRINT: Final = "ruleResourceInput/v1"
_SCORES: Final = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""In the middle of what code scanning calls critical (above 9.0), high (from 7.0), medium (from 4.0) and low."""
_BASE: Final = "%SRCROOT%"
_PROJECT: Final = Path(__file__).resolve().parent.parent / "PulumiPolicy.yaml"


@dataclass(frozen=True, kw_only=True)
class Run:
    """The judgement of one stack."""

    stack: str
    rules: Sequence[Rule]
    """Every rule that judged, those that found nothing among them."""
    findings: Sequence[Finding]
    """Worst first."""
    place: Callable[[Finding], Place]
    """Returns the line that a finding is shown at."""


def sarif(runs: Sequence[Run]) -> dict[str, Any]:
    """Return a SARIF log of judgements, one per stack."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": list(map(_run, runs))}


def version() -> str:
    """Return the version of the pack."""
    return str(yaml.safe_load(_PROJECT.read_text(encoding="utf-8"))["version"])


def _run(run: Run) -> dict[str, Any]:
    at = {rule.name: number for number, rule in enumerate(run.rules)}
    shown = run.findings[:MOST]
    notes = [_cut(len(run.findings))] if len(run.findings) > MOST else []
    broken = any(each.kind is Kind.BROKEN for each in run.findings)
    return {
        "tool": {"driver": {"name": "platform policy", "version": version(), "rules": list(map(_rule, run.rules))}},
        "automationDetails": {"id": f"policy/{run.stack}/"},
        "originalUriBaseIds": {_BASE: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not broken, "toolExecutionNotifications": notes}],
        "results": [
            _result(each, at[each.rule.name], run.place(each), mark) for each, mark in _marked(run.findings, shown)
        ],
        "properties": {"found": len(run.findings), "shown": len(shown)},
    }


def _cut(found: int) -> dict[str, Any]:
    text = f"{found - MOST} of {found} findings are left out, the least important ones: services show {MOST} of a run"
    return {"level": "warning", "message": {"text": text}}


def _marked(findings: Sequence[Finding], shown: Sequence[Finding]) -> Iterator[tuple[Finding, str]]:
    """Yield findings with their fingerprints; several of a rule on one input differ in their number."""
    seen: Counter[tuple[str, str, str]] = Counter()
    marks: dict[int, str] = {}
    for each in sorted(findings, key=lambda one: (one.rule.name, one.urn, one.problem)):
        key = (each.rule.name, each.urn, input_of(each))
        number = f"\n{seen[key]}" if seen[key] else ""
        seen[key] += 1
        marks[id(each)] = hashlib.sha256(("\n".join(key) + number).encode()).hexdigest()
    yield from ((each, marks[id(each)]) for each in shown)


def _rule(rule: Rule) -> dict[str, Any]:
    ids = [f"{name} {one}" for name, many in ids_of(rule.name).items() if name != CIS for one in many]
    return {
        "id": rule.name,
        "shortDescription": {"text": _text(f"{rule.title}.")},
        "fullDescription": {"text": _text(rule.why or f"{rule.title}.")},
        "help": {
            "text": _text(f"{rule.remediation}. {rule.url}"),
            "markdown": _text(f"{rule.remediation}. [Why]({rule.url})"),
        },
        "helpUri": rule.url,
        "defaultConfiguration": {"level": "warning" if rule.level.value == "advisory" else "error"},
        "properties": {
            "security-severity": _SCORES[rule.severity],
            "severity": rule.severity.value,
            "tags": ["security", *rule.controls, *ids][:_TAGS],
            "controls": list(rule.controls),
            "remediation": rule.remediation,
        },
    }


def _result(finding: Finding, rule: int, place: Place, mark: str) -> dict[str, Any]:
    name = finding.urn.rpartition("::")[2] or "stack"
    waiver = finding.waiver
    return {
        "ruleId": finding.rule.name,
        "ruleIndex": rule,
        "level": "error" if finding.level == "mandatory" and finding.kind is not Kind.DEFERRED else "warning",
        "message": {"text": _text(f"{name}: {finding.problem}. Remediation: {finding.rule.remediation}.")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(place.file), "uriBaseId": _BASE},
                    "region": {"startLine": max(place.line, 1)},
                },
                "logicalLocations": [
                    {"name": name, "fullyQualifiedName": finding.urn or "stack", "kind": "resource"},
                ],
            }
        ],
        "partialFingerprints": {_FINGERPRINT: mark},
        **({} if waiver is None else {"suppressions": [_suppression(waiver)]}),
        "properties": {"kind": finding.kind.value, "input": input_of(finding), "setting": place.setting},
    }


def _text(text: str) -> str:
    """Return a text as a message has it: single braces would stand for a placeholder (section 3.11.5)."""
    return text.replace("{", "{{").replace("}", "}}")


def _suppression(waiver: Waiver) -> dict[str, Any]:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": f"{waiver.reason} (by {waiver.owner}, until {waiver.expires})",
        "properties": {"owner": waiver.owner, "expires": str(waiver.expires), "urn": waiver.urn},
    }
