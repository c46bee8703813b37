"""What the pack asks for is proposed as a diff of settings, or named in the program; written only where it is asked."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from components.stack import deploy
from config import ConfigError
from config.files import ROOT, StackFile, valid_file
from policy import __main__ as entry
from review import fix
from review.fix import component, diff, main, proposed, rewritten, write
from review.places import Places
from review.record import record
from review.verdict import judge
from tests.review.test_places import TODAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy.evaluate import Finding
    from review.graph import Graph

SMALL = (ROOT / "Pulumi.small.yaml").read_text(encoding="utf-8")
LAX = (("backup_retention_days: 7", "backup_retention_days: 2"), ("multi_az: true", "multi_az: false"))


def stack(directory: Path, *swaps: tuple[str, str]) -> StackFile:
    text = SMALL
    for old, new in swaps:
        assert text.count(old) == 1
        text = text.replace(old, new)
    (directory / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    path = directory / "Pulumi.small.yaml"
    path.write_text(text, encoding="utf-8")
    return valid_file(path)


def judged(file: StackFile) -> tuple[Graph, Places, Sequence[Finding]]:
    graph = record(lambda: deploy(file.settings).publish(), "small")
    return graph, Places(file, graph), judge(graph, environment="prod", today=TODAY).blocking


def test_settings_get_the_values_that_the_pack_allows_and_pass_then(tmp_path: Path) -> None:
    file = stack(tmp_path, *LAX, ("    keys: {domains:", "    keys: {deletion_window_days: 7, domains:"))
    _, places, findings = judged(file)
    changes = proposed(file, places, findings)
    assert {one.rule.name for one in findings} == {"rds-backup-retention", "rds-multi-az", "kms-deletion-window"}
    assert [id(one) for one, _ in changes] == [id(one) for one in findings]
    texts = rewritten(
        [change for _, change in {change.setting: (0, change) for _, change in changes}.values()], tmp_path
    )
    changed = [line for line in diff(texts, tmp_path) if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert [line.strip("+- ") for line in changed if line[0] == "+"] == [
        "keys: {deletion_window_days: 30, domains: {data: {}, storage: {}, secrets: {}, cluster: {}, logs: {}}}",
        "multi_az: true",
        "backup_retention_days: 7",
    ]
    assert len(changed) == 6
    assert file.path.read_text(encoding="utf-8").count("multi_az: false") == 1, "nothing is written yet"
    write(texts, file.path)
    assert judged(valid_file(file.path))[2] == ()


def test_one_setting_behind_several_findings_is_changed_once(tmp_path: Path) -> None:
    file = stack(tmp_path, ("    data:\n      log_retention_days: 90", "    data:\n      log_retention_days: 7"))
    _, places, findings = judged(file)
    changes = proposed(file, places, findings)
    assert len(changes) == len(findings) > 1
    assert {(change.setting, change.old, change.new) for _, change in changes} == {
        ("data.log_retention_days", "7", "90")
    }


def test_a_change_that_makes_the_file_wrong_is_put_back(tmp_path: Path) -> None:
    file = stack(tmp_path)
    before = file.path.read_text(encoding="utf-8")
    with pytest.raises(ConfigError, match="backup_retention_days"):
        write({file.path: (before, before.replace("backup_retention_days: 7", "backup_retention_days: 99"))}, file.path)
    assert file.path.read_text(encoding="utf-8") == before


def test_a_line_that_does_not_hold_the_setting_once_is_left_to_a_person(tmp_path: Path) -> None:
    file = stack(tmp_path, *LAX)
    _, places, findings = judged(file)
    [(_, change), *_] = proposed(file, places, findings)
    moved = fix.Change(file=change.file, line=1, setting=change.setting, old=change.old, new=change.new)
    with pytest.raises(ValueError, match=r"Pulumi\.small\.yaml:1: .* by hand"):
        rewritten([moved], tmp_path)


def test_what_no_setting_decides_is_named_in_the_program(tmp_path: Path) -> None:
    graph, _, _ = judged(stack(tmp_path))
    primary = graph.named("data-postgres-primary", "aws:rds/instance:Instance")
    path, line = component(graph, primary).split(":")
    assert '"platform:data:Postgres"' in (ROOT / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert component(graph, None) == ""


def test_the_command_proposes_nothing_where_the_pack_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["small"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["none"]) == 2
    assert "stack file is missing" in capsys.readouterr().err


def test_the_command_prints_the_diff_and_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = stack(tmp_path, *LAX)
    graph, places, findings = judged(file)
    monkeypatch.setattr(fix, "stack_file", lambda _: file.path)
    monkeypatch.setattr(fix, "ROOT", tmp_path)
    monkeypatch.setattr(fix, "proposed", lambda *given: proposed(*given)[:1])
    monkeypatch.setattr(fix, "_judged", lambda *_: (graph, places, findings))
    monkeypatch.setattr(fix.rewritten, "__defaults__", (tmp_path,))
    monkeypatch.setattr(fix.diff, "__defaults__", (tmp_path,))
    assert main(["small", "--write"]) == 1
    printed = capsys.readouterr().out
    assert printed.count("\n+  ") == 1
    assert "components/data/postgres.py:" in printed
    assert json.dumps(printed).count("by hand") == 1
    assert SMALL.count("\n") == file.path.read_text(encoding="utf-8").count("\n")


def test_the_pack_hands_its_fix_over_to_the_review_of_its_own_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    became: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(os, "execv", lambda path, words: became.append((path, words)))
    monkeypatch.chdir(tmp_path)
    entry.fix(["prod", "--write"])
    assert became == [(sys.executable, [sys.executable, "-m", "review.fix", "prod", "--write"])]
    assert Path.cwd() == ROOT, "where the module is found, and the stack files"


def test_a_copy_of_the_pack_says_what_names_the_lines_of_another_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(entry, "HERE", tmp_path / "policy")
    with pytest.raises(SystemExit, match=r"python -m policy\.evidence EXPORT"):
        entry.fix(["prod"])
