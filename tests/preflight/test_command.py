"""The command: lines for people, JSON for programs, and an exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import preflight.__main__ as command
from preflight.finding import Finding, Level
from tests.preflight.fakes import FakeAccount
from tests.preflight.plans import unrecorded

ROOT = Path(__file__).resolve().parents[2]
STOPS = Finding(
    level=Level.STOPS,
    what="quota",
    found="5",
    needed="9",
    fix="ask",
    region="us-east-1",
    file="Pulumi.prod.yaml",
    line=3,
)
BY_HAND = Finding(level=Level.BY_HAND, what="mail", found="3", needed="confirmed", fix="confirm")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the account says in a test."""
    findings: list[Finding] = []
    monkeypatch.setattr(command, "_plan", lambda _stack, _settings: unrecorded("prod"))
    monkeypatch.setattr("preflight.account.connect", lambda _endpoint: FakeAccount({}))
    monkeypatch.setattr("preflight.run.run", lambda *_, **__: findings)
    return findings


@pytest.mark.parametrize(
    ("said", "status"),
    [([], 0), ([BY_HAND], 0), ([STOPS], 1), ([STOPS, BY_HAND], 1)],
    ids=["none", "hand", "stops", "both"],
)
def test_the_status_says_whether_something_is_wrong(answers: list[Finding], said: list[Finding], status: int) -> None:
    answers.extend(said)
    assert command.main(["prod"]) == status


def test_a_finding_is_a_line_under_its_level(answers: list[Finding], capsys: pytest.CaptureFixture[str]) -> None:
    answers.extend([STOPS, BY_HAND])
    command.main(["prod"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "stops:",
        "  Pulumi.prod.yaml:3: quota (us-east-1); found: 5; needed: 9; do: ask",
        "by hand:",
    ]
    assert lines[-1].startswith("prod in account 100000000004: 1 stops, 1 by hand (")


def test_a_clean_account_is_reported_in_one_line(answers: list[Finding], capsys: pytest.CaptureFixture[str]) -> None:
    assert answers == []
    command.main(["prod"])
    (line,) = capsys.readouterr().out.splitlines()
    assert "nothing stops or spoils a first `up`" in line


def test_json_has_every_field(answers: list[Finding], capsys: pytest.CaptureFixture[str]) -> None:
    answers.append(STOPS)
    assert command.main(["prod", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["stack"], document["passed"]) == ("prod", False)
    assert document["findings"][0] | {"level": "stops", "line": 3, "fix": "ask"} == document["findings"][0]


def test_a_stack_without_a_file_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["prodd"]) == 2
    said = capsys.readouterr().err
    assert "did you mean prod?" in said
    assert len(said.splitlines()) == 1


@pytest.mark.slow  # starts an interpreter
def test_without_credentials_it_is_two_and_one_line(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nothing = str(tmp_path / "none")
    env |= {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": nothing,
        "AWS_SHARED_CREDENTIALS_FILE": nothing,
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "preflight", "prod"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.splitlines() == [
        "AWS credentials: none that can be used; do: set AWS_PROFILE, or log in (`aws sso login`)"
    ]
