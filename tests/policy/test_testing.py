"""The pack away from this repository: the harness for tests, another program's resources, a copy of the directory."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from policy.configuration import ConfigError
from policy.evaluate import PackConfig, evaluate
from policy.evidence.exported import ExportError, exported, positions
from policy.evidence.sarif import version
from policy.rule import Severity, resource_rule
from policy.servicer import WRITTEN_FOR
from policy.testing import UNKNOWN, Made, altered, judge
from review.record import record
from tests.policy.cases.database import DATABASE
from tests.policy.harness import TODAY
from tests.policy.sarif_form import faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings

_JSON = str | bool | int | float | list | dict
ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).parent / "foreign" / "__main__.py"
WRONG = {
    "s3-no-force-destroy",
    "rds-not-public",
    "sg-no-public-admin-ports",
    "tags-required",
    "rds-deletion-protection",
}
"""Rules that the other program breaks, of each kind some: a value, a flag, a block, tags, what is left out."""


@cache
def export() -> dict[str, Any]:
    """What the engine would export of the other program."""
    graph = record(lambda: runpy.run_path(str(PROGRAM)) and None, "test")
    resources = [
        {
            "urn": one.urn, "type": one.type, "custom": one.custom, "id": one.id, "parent": one.parent,
            "provider": f"{one.provider}::id" if one.provider else "", "protect": one.protect,
            "inputs": {key: value for key, value in one.inputs.items() if isinstance(value, _JSON)},
            "propertyDependencies": {key: list(urns) for key, urns in one.property_dependencies.items()},
            "sourcePosition": "project:///__main__.py#6,1" if one.name == "uploads" else "",
        }
        for one in graph.resources
    ]  # fmt: skip
    return {"version": 3, "deployment": {"resources": resources}}


def test_the_example_of_the_document_runs() -> None:
    [code] = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "policy-pack.md").read_text(encoding="utf-8"), re.DOTALL
    )
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 our own document
    tests = [one for name, one in names.items() if name.startswith("test_")]
    assert len(tests) == 3
    for one in tests:
        one()


def test_another_program_is_judged_alike_by_the_servicer_and_by_the_evaluator() -> None:
    stack = exported(export())
    heard = {(said.rule, said.urn) for said in judge(stack) if said.stops}
    found = evaluate(stack, PackConfig(today=TODAY))
    assert {rule for rule, _ in heard} >= WRONG
    assert {(one.rule.name, one.urn) for one in found if one.blocking and one.urn} == {one for one in heard if one[1]}


def test_a_config_a_waiver_and_rules_of_ones_own_count() -> None:
    @resource_rule(
        "own-rule",
        on=("aws:rds/instance:Instance",),
        severity=Severity.LOW,
        controls=(),
        url="https://x",
        remediation="y",
    )
    def own(database: Resource, _settings: Settings) -> Iterator[str]:
        """Databases are small."""
        if database.get("allocatedStorage") != 20.0 or not isinstance(database.get("allocatedStorage"), float):
            yield "is large, or its size is no float as the engine sends it"

    small = Made(type=DATABASE.type, inputs={"allocatedStorage": 20})
    assert judge([small], rules=[own]) == []
    [said] = judge([Made(type=DATABASE.type, inputs={"allocatedStorage": UNKNOWN})], rules=[own])
    assert (said.rule, said.stops, said.unknown) == ("own-rule", True, True)
    open_ = Made(type=DATABASE.type, inputs=altered(DATABASE.inputs, "backupRetentionPeriod", 3))
    assert "rds-backup-retention" in {one.rule for one in judge([open_]) if one.stops}
    advice = judge([open_], config={"rds-backup-retention": "advisory"})
    assert [one.stops for one in advice if one.rule == "rds-backup-retention"] == [False]
    assert "rds-backup-retention" not in {
        one.rule for one in judge([open_], config={"rds-backup-retention": {"minimumDays": 2}})
    }


@pytest.mark.parametrize("config", [{"no-such-rule": "advisory"}, {"rds-not-public": "sometimes"}])
def test_a_faulty_config_is_refused(config: dict[str, str]) -> None:
    with pytest.raises((ConfigError, ValueError), match=r"no such|no rule"):
        judge([DATABASE], config=config)


@pytest.mark.parametrize("document", [[], {}, {"deployment": {}}, {"deployment": {"resources": [{"urn": "it"}]}}])
def test_what_is_no_export_is_refused(document: object) -> None:
    with pytest.raises(ExportError, match="pulumi stack export"):
        exported(document)


def test_lines_of_a_program_are_those_that_the_engine_kept() -> None:
    found = positions(export())
    assert {str(place) for place in found.values()} == {"__main__.py:6"}
    assert {urn.rpartition("::")[2] for urn in found} == {"uploads"}


@pytest.fixture(scope="module", name="copy", params=["copied", pytest.param("installed", marks=pytest.mark.slow)])
def _copy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a copy of the pack, an export and nothing else of this repository."""
    home = tmp_path_factory.mktemp("elsewhere")
    aside = tmp_path_factory.mktemp("source") / "policy"
    shutil.copytree(ROOT / "policy", aside, ignore=shutil.ignore_patterns("__pycache__"))
    if request.param == "copied":
        shutil.move(aside, home / "policy")
    else:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-deps", "--no-index"]
        subprocess.run([*pip, "--target", str(home), str(aside)], check=True, capture_output=True)  # noqa: S603 our own package
    (home / "state.json").write_text(json.dumps(export()), encoding="utf-8")
    return home


def test_the_package_names_every_folder_and_the_versions_of_the_pack() -> None:
    project = tomllib.loads((ROOT / "policy" / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {each.parent.relative_to(ROOT).as_posix().replace("/", ".") for each in (ROOT / "policy").rglob("*.py")}
    assert set(project["tool"]["setuptools"]["packages"]) == folders | {"policy.profiles"}
    assert project["project"]["version"] == version()
    assert f"pulumi-policy=={WRITTEN_FOR}" in project["project"]["dependencies"]


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(home), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "policy.evidence", *words]
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 our own module


def test_a_copy_of_the_directory_judges_an_export_and_writes_evidence(copy: Path) -> None:
    done = run(copy, "state.json", "--json", "--matrix", "--sarif", "state.sarif")
    assert (done.returncode, done.stderr) == (1, "")
    said = json.loads(done.stdout)
    assert {one["rule"] for one in said["findings"] if one["blocking"]} >= WRONG
    assert "broken by 1" in {one["verdict"] for one in said["compliance"] if one["requirement"] == "RDS.2"}
    log = json.loads((copy / "state.sarif").read_text(encoding="utf-8"))
    assert faults(log) == []
    shown = {
        (at["artifactLocation"]["uri"], at["region"]["startLine"])
        for result in log["runs"][0]["results"]
        for at in (one["physicalLocation"] for one in result["locations"])
    }
    assert shown == {("__main__.py", 6), ("Pulumi.yaml", 1)}


def test_a_copy_says_in_words_what_it_found_and_refuses_what_it_cannot_read(copy: Path) -> None:
    done = run(copy, "state.json")
    assert "CRITICAL rds-not-public: ledger: publiclyAccessible is true" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("policy: BLOCKED, ")
    (copy / "none.json").write_text("{}", encoding="utf-8")
    done = run(copy, "none.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "no export of a stack: write it by `pulumi stack export`, or `pulumi preview --json`\n"
