"""Findings as SARIF: the standard's form, stable fingerprints, waivers as suppressions, the least important cut."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from policy import catalog
from policy.evidence.place import Place, input_of
from policy.evidence.sarif import MOST, Run, sarif, version
from policy.judging import Kind
from policy.waivers import Waiver
from tests.policy.cases.database import DATABASE
from tests.policy.harness import UNKNOWN, Made, altered, findings
from tests.policy.sarif_form import faults
from tests.policy.test_rules import CASES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy.evaluate import Finding

HERE = Place(file="Pulumi.prod.yaml", line=7, setting="data.postgres")


RESULT, RULE = ("results", 0), ("tool", "driver", "rules", 0)
WRONG: dict[tuple[str | int, ...], object] = {
    (*RESULT, "locations", 0, "physicalLocation", "region", "startLine"): 0,
    (*RESULT, "locations", 0, "physicalLocation", "artifactLocation", "uri"): "stack files/prod",
    (*RESULT, "suppressions"): [{"kind": "waiver"}],
    (*RESULT, "message", "text"): "tags is {}",
    (*RESULT, "partialFingerprints"): {},
    (*RESULT, "ruleIndex"): 0,
    (*RESULT, "verdict"): "bad",
    (*RULE, "properties", "security-severity"): "0",
    (*RULE, "properties", "tags"): ["security", *map(str, range(10))],
    (*RULE, "help", "text"): "",
    ("version",): "1",
}
"""Places in a run, and what may not stand there."""


def log(found: Sequence[Finding]) -> dict[str, Any]:
    written: dict[str, Any] = sarif([Run(stack="prod", rules=catalog.rules(), findings=found, place=lambda _: HERE)])
    return json.loads(json.dumps(written))  # type: ignore[no-any-return]


def results(found: Sequence[Finding]) -> list[dict[str, Any]]:
    return log(found)["runs"][0]["results"]  # type: ignore[no-any-return]


def marks(found: Sequence[Finding]) -> list[str]:
    return [mark for each in results(found) for mark in each["partialFingerprints"].values()]


def broken(**inputs: object) -> Made:
    return replace(DATABASE, inputs={**DATABASE.inputs, **inputs})


def test_whatever_the_pack_finds_has_the_form_of_the_standard() -> None:
    some = [*list(CASES.values())[::25], CASES["iam-no-admin-policy"], CASES["rds-not-public"]]
    found = [one for case in some for stack in (case.failing, case.unknown) for one in findings(stack)]
    assert {one.kind for one in found} == {Kind.VIOLATION, Kind.UNKNOWN, Kind.DEFERRED}
    assert faults(log(found)) == []


def test_what_no_service_takes_is_seen() -> None:
    right = log(findings([broken(publiclyAccessible=True)]))
    driver, result = right["runs"][0]["tool"]["driver"], right["runs"][0]["results"][0]
    driver["rules"], right["runs"][0]["results"] = driver["rules"][: result["ruleIndex"] + 1], [result]
    assert faults(right) == []
    for path, value in WRONG.items():
        around: Any = copy.deepcopy(right["runs"][0])
        wrong = right | {"runs": [around]}
        *above, last = path
        for step in above:
            around = around[step]
        around[last] = value
        assert faults(wrong), path


def test_a_result_names_rule_line_and_resource() -> None:
    run = log(findings([broken(publiclyAccessible=True)]))["runs"][0]
    [result] = [one for one in run["results"] if one["ruleId"] == "rds-not-public"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "rds-not-public"
    assert run["tool"]["driver"]["version"] == version()
    [location] = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "Pulumi.prod.yaml"
    assert location["physicalLocation"]["region"] == {"startLine": 7}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == DATABASE.urn
    assert (result["level"], result["properties"]["input"]) == ("error", "publiclyAccessible")


def test_fingerprints_stay_when_values_order_and_neighbours_change() -> None:
    short, shorter = (findings([broken(backupRetentionPeriod=days)]) for days in (3, 2))
    assert set(marks(short)) == set(marks(shorter))
    both = findings([replace(broken(backupRetentionPeriod=3), name="another"), broken(backupRetentionPeriod=3)])
    assert set(marks(short)) < set(marks(both))
    assert set(marks(list(reversed(both)))) == set(marks(both))


def test_fingerprints_tell_all_findings_apart() -> None:
    (found,) = [findings(CASES["sg-no-public-admin-ports"].failing)]
    twice = [*found, *(replace(one, problem=f"{one.problem}, too") for one in found)]
    assert len(set(marks(twice))) == len(twice) > 1


def test_a_waiver_is_a_suppression_with_reason_owner_and_last_day() -> None:
    waiver = Waiver("rds-not-public", "*::it", "a test", "ada", date(2027, 3, 31))
    [waived] = [
        one for one in results(findings([broken(publiclyAccessible=True)], waivers=[waiver])) if "suppressions" in one
    ]
    [suppression] = waived["suppressions"]
    assert waived["ruleId"] == "rds-not-public"
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == "a test (by ada, until 2027-03-31)"
    assert suppression["properties"]["expires"] == "2027-03-31"


def test_the_least_important_of_too_many_are_left_out_and_the_run_says_so() -> None:
    [worst, *_] = findings([broken(publiclyAccessible=True)])
    minor = [replace(worst, level="advisory", urn=f"{worst.urn}-{at}") for at in range(MOST + 4)]
    run = log([worst, *minor])["runs"][0]
    assert (len(run["results"]), run["results"][0]["level"], run["properties"]["found"]) == (MOST, "error", MOST + 5)
    [note] = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith(f"5 of {MOST + 5} findings are left out")
    assert log(minor[:MOST])["runs"][0]["invocations"][0]["toolExecutionNotifications"] == []


def test_a_rule_that_broke_makes_the_run_unsuccessful() -> None:
    [found, *_] = findings([broken(publiclyAccessible=True)])
    runs = [log([one])["runs"][0] for one in (found, replace(found, kind=Kind.BROKEN))]
    assert [run["invocations"][0]["executionSuccessful"] for run in runs] == [True, False]


@pytest.mark.parametrize(
    ("path", "value", "rule", "input_"),
    [
        ("backupRetentionPeriod", 3, "rds-backup-retention", "backupRetentionPeriod"),
        ("backupRetentionPeriod", UNKNOWN, "rds-backup-retention", "backupRetentionPeriod"),
        ("storageEncrypted", None, "rds-storage-encrypted", "storageEncrypted"),
    ],
)
def test_the_input_of_a_finding_is_the_one_that_was_changed(path: str, value: object, rule: str, input_: str) -> None:
    found = findings([replace(DATABASE, inputs=altered(DATABASE.inputs, path, value))])
    assert [input_of(one) for one in found if one.rule.name == rule] == [input_]


def test_a_rule_that_is_about_no_input_names_none() -> None:
    [one] = [one for one in findings(CASES["vpc-no-default-vpc"].failing) if one.rule.name == "vpc-no-default-vpc"]
    assert input_of(one) == ""
