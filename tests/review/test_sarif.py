"""The verdict of every stack as SARIF: what the standard and services ask, at the lines that gave the values."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from components.stack import deploy
from config.files import ROOT, valid_file
from policy import catalog
from policy.evaluate import PackConfig, evaluate
from policy.evidence.sarif import Run, sarif
from policy.judging import Kind
from policy.testing.values import altered
from policy.values import UNKNOWN_STRING
from policy.waivers import Waiver
from review.__main__ import main
from review.places import Places
from review.record import record
from tests.policy.sarif_form import faults
from tests.review.test_places import TODAY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from policy.evaluate import Finding
    from policy.evidence.place import Place

STACKS = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))
LAX = {"backup_retention_days: 7": "backup_retention_days: 2", "multi_az: true": "multi_az: false"}
"""Settings of the small stack, and what the pack refuses of them."""
UNKNOWN = {
    ("aws:rds/instance:Instance", "storageEncrypted"): "rds-storage-encrypted",
    ("aws:kms/key:Key", "policy"): "kms-policy-no-public",
}
"""Inputs that are made unknown: one that a rule refuses then, one that it leaves to the update."""
WAIVER = Waiver("rds-multi-az", "*::data-postgres-primary", "one zone does {here}", "ada", TODAY)


@pytest.mark.parametrize(
    "stack", [pytest.param(one, marks=() if one == "small" else pytest.mark.slow) for one in STACKS]
)
def test_the_verdict_on_a_stack_has_the_form_that_services_take(
    stack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([stack, "--sarif", str(tmp_path / "it.sarif"), "--json"]) == 0
    written = json.loads((tmp_path / "it.sarif").read_text(encoding="utf-8"))
    assert faults(written) == []
    said = json.loads(capsys.readouterr().out)["policy"]["findings"]
    results = written["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == [one["rule"] for one in said]
    assert ["suppressions" in one for one in results] == [bool(one.get("waiver")) for one in said]


def judged(directory: Path, text: str) -> tuple[list[str], dict[str, Any]]:
    """The lines of a stack file, and its verdict as SARIF with two inputs unknown, a waiver and a rule that broke."""
    directory.mkdir()
    (directory / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    path = directory / "Pulumi.small.yaml"
    path.write_text(text, encoding="utf-8")
    file = valid_file(path)
    graph = record(lambda: deploy(file.settings).publish(), "small")
    stack = list(graph.resources)
    for type_, input_ in UNKNOWN:
        at, victim = next((at, one) for at, one in enumerate(stack) if one.type == type_)
        stack[at] = replace(victim, inputs=altered(victim.inputs, input_, UNKNOWN_STRING))
    found = evaluate(stack, PackConfig(today=TODAY, waivers=(WAIVER, replace(WAIVER, expires=TODAY.replace(day=1)))))
    found.append(replace(found[0], kind=Kind.BROKEN, rule=catalog.rules()[0]))
    places = Places(file, graph)

    def place(finding: Finding) -> Place:
        return replace(places.of(finding), file=path.name)

    run = Run(stack="small", rules=catalog.rules(), findings=found, place=place)
    return text.splitlines(), json.loads(json.dumps(sarif([run])))


@cache
def lax_text() -> str:
    text = (ROOT / "Pulumi.small.yaml").read_text(encoding="utf-8")
    for old, new in LAX.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def results(log: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(log["runs"][0]["results"])


def line(result: Mapping[str, Any]) -> int:
    return int(result["locations"][0]["physicalLocation"]["region"]["startLine"])


def test_findings_of_every_kind_stand_at_the_line_that_gave_the_value(tmp_path: Path) -> None:
    lines, log = judged(tmp_path / "lax", lax_text())
    assert faults(log) == []
    assert {one["properties"]["kind"] for one in results(log)} == {kind.value for kind in Kind}
    by_rule = {one["ruleId"]: one for one in results(log)}
    for rule, said in {"rds-backup-retention": "backup_retention_days: 2", "rds-multi-az": "multi_az: false"}.items():
        assert said in lines[line(by_rule[rule]) - 1]
    assert {rule: by_rule[rule]["level"] for rule in UNKNOWN.values()} == {
        "rds-storage-encrypted": "error",
        "kms-policy-no-public": "warning",
    }
    assert (
        by_rule["rds-multi-az"]["suppressions"][0]["justification"] == f"one zone does {{here}} (by ada, until {TODAY})"
    )
    assert "waiver-not-expired" in by_rule
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is False, "a rule broke"


def test_fingerprints_stay_when_lines_move(tmp_path: Path) -> None:
    _, log = judged(tmp_path / "before", lax_text())
    _, moved = judged(tmp_path / "after", f"# moved\n\n# down\n{lax_text()}")
    before, after = (
        Counter((*one["partialFingerprints"].values(), one["ruleId"]) for one in results(each)) for each in (log, moved)
    )
    assert before == after
    assert {new - old for old, new in zip(map(line, results(log)), map(line, results(moved)), strict=True)} == {3}
