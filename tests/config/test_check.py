"""`python -m config.check`: stack files judged without engine, network or credentials."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from config import check
from config.files import ROOT, stack_files
from tests.config.stackfile import PROD, changed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.broken.yaml"
    path.write_text(changed(("shards: 3", "shards: -3"), ("cache.r6g.large", "cache.r6g.huge")), encoding="utf-8")
    return path


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "config.check", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - ours


@pytest.mark.slow
def test_all_errors_of_all_files_are_reported_with_status_one_and_no_traceback(broken: Path, tmp_path: Path) -> None:
    worse = tmp_path / "worse.yaml"
    worse.write_text("config: [", encoding="utf-8")
    done = run("prod", str(broken), str(worse), "prd")
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert done.stderr == ""
    lines = lines[lines.index("prod: valid") :]
    assert [line.split(": ")[1] for line in lines[1:3]] == ["data.redis.node_type", "data.redis.shards"]
    assert lines[3] == f"{broken}: 2 problems"
    assert "not valid YAML" in lines[4]
    assert "stack file is missing" in lines[6]
    assert lines[7] == "prd: 1 problem"


def test_without_arguments_every_stack_of_the_project_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main([]) == 0
    assert {f"{name}: valid" for name in stack_files()} <= set(capsys.readouterr().out.splitlines())


def test_a_project_without_a_stack_is_not_called_valid(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for every in ("stack_files", "alternatives"):
        monkeypatch.setattr(check, every, dict)
    with pytest.raises(SystemExit) as ended:
        check.main([])
    assert ended.value.code == 2
    assert "no stack file" in capsys.readouterr().err


def test_machines_get_one_document(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--json", "prod", str(broken)]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["valid"] is False
    prod, other = document["files"]
    assert (prod["name"], prod["problems"]) == ("prod", [])
    assert {"network.zones", "data.postgres.replicas"} <= {note["path"] for note in prod["notes"]}
    assert other["notes"] == [], "what is wrong comes first"
    node_type, shards = other["problems"]
    assert shards["path"] == "data.redis.shards"
    assert PROD.splitlines()[shards["line"] - 1].strip() == "shards: 3"
    assert set(shards) == {"path", "what", "got", "allowed", "fix", "file", "line"}
    assert node_type["got"] == '"cache.r6g.huge"'


def test_a_valid_project_is_reported_as_valid_to_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["prod", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["valid"] is True
