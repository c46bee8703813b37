"""`python -m config.new`: what it asks, what it refuses, and that it writes a whole file or none."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from config.check import check
from config.files import ROOT
from config.load import load_file
from config.new import __main__ as command
from config.new.__main__ import main, write
from config.problems import ConfigError
from tests.config.new.made import ANSWERS, flags, made, project, said
from tests.config.stackfile import PROD, changed

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.slow


def test_every_missing_answer_is_reported_at_once_by_its_flag(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["shop", "--like", "prod"], project(tmp_path)) == 1
    lines = said(capsys)
    assert {line.partition(":")[0] for line in lines} == {*ANSWERS, "nothing was written"}


def test_every_wrong_answer_is_reported_at_once_by_its_flag(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {"account": "12", "owner": "ops", "region": "eu-west-9", "system": "A", "cost_center": "-", "domain": "x"}
    assert made(project(tmp_path), "shop", **wrong, environment="Prod") is None
    lines = {line.partition(":")[0] for line in said(capsys)}
    assert lines == {*ANSWERS, "--region", "--environment", "nothing was written"}


def test_a_day_that_the_facts_do_not_know_is_refused_at_its_flag(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made(project(tmp_path), "shop", as_of="2020-01-01") is None
    assert said(capsys)[0].startswith("--as-of: as_of: ")


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_a_file_that_is_there_is_never_touched(stack: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in project(tmp_path).rglob("*.yaml")}
    assert main([stack, "--like", "prod", *flags()], tmp_path) == 1
    assert "is there already" in said(capsys)[0]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")} == before


def test_a_file_that_comes_while_it_is_made_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "Pulumi.shop.yaml"
    target.write_text("theirs", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be written"):
        write(target, "ours")
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_text(encoding="utf-8") == "theirs"


@pytest.mark.parametrize("step", ["fsync", "link"])
@pytest.mark.parametrize("blow", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_who_is_interrupted_leaves_no_file(
    step: str, blow: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise blow

    project(tmp_path)
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(command.os, step, broken)
    assert main(["shop", "--like", "prod", *flags()], tmp_path) == 1
    assert sorted(tmp_path.iterdir()) == before
    assert said(capsys)[-1].startswith("nothing was written")


@pytest.mark.parametrize("name", ["../x", "", ".x", "a/b", "a b", "x" * 101, "-"])
def test_a_name_that_no_stack_can_have_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--like", "prod", *flags(), "--", name], project(tmp_path)) == 1
    assert said(capsys)[0].startswith("no name of a stack")


def test_a_standby_is_no_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shop", "--like", "dr", *flags()], project(tmp_path)) == 1
    assert "identity.role: a standby has names, blocks and sizes of its primary" in said(capsys)[0]


def test_a_model_that_is_wrong_is_reported_by_its_own_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = changed(("deletion_window_days: 30", "deletion_window_days: 3"))
    (tmp_path / "Pulumi.prod.yaml").write_text(text, encoding="utf-8")
    assert made(tmp_path, "shop") is None
    assert "keys.deletion_window_days" in said(capsys)[0]


def test_a_model_with_aliases_is_refused_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = changed(
        ("      zones: [a, b, c]", "      zones: &zones [a, b, c]"), ("      zones: [a, b]\n", "      zones: *zones\n")
    )
    text = changed(
        ("cidrs: [10.1.1.0/24, 10.1.2.0/24]", "cidrs: [10.1.1.0/24, 10.1.2.0/24, 10.1.3.0/24]"),
        ("cidrs: [10.1.11.0/24, 10.1.12.0/24]", "cidrs: [10.1.11.0/24, 10.1.12.0/24, 10.1.13.0/24]"),
        text=text,
    )
    (tmp_path / "Pulumi.prod.yaml").write_text(text, encoding="utf-8")
    assert made(tmp_path, "shop") is None
    line = text[: text.index("&zones")].count("\n") + 1
    assert f"Pulumi.prod.yaml:{line}: an alias" in said(capsys)[0]


def test_answers_are_asked_until_they_are_right(tmp_path: Path) -> None:
    answers = iter(["", "", "12", '"123456789012"', "eu-west-1", "ops@shop.example", "shop-1", "shop.example"])
    asked: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    assert main(["staging-eu", "--like", "prod"], project(tmp_path), ask) == 0
    settings = load_file(tmp_path / "Pulumi.staging-eu.yaml")
    assert settings.identity.system == "phoenix", "an empty answer takes what is offered"
    assert settings.identity.environment == "staging", "the name says it"
    assert settings.identity.account_id == "123456789012"
    assert "12" in asked[3]
    assert "12 digits" in asked[3]


def test_who_ends_the_questions_gets_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(_: str) -> str:
        raise EOFError

    assert main(["shop", "--like", "prod"], project(tmp_path), ask) == 1
    assert said(capsys)[-1] == "nothing was written"
    assert not (tmp_path / "Pulumi.shop.yaml").exists()


@pytest.mark.slow  # starts an interpreter
def test_a_terminal_is_asked(tmp_path: Path) -> None:
    """The command itself, on a terminal of its own: the first question comes, and its end writes nothing."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "config.new", f"new-{tmp_path.name}", "--like", "prod"]
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT) as process:  # noqa: S603 - our own
        os.close(theirs)
        seen = b""
        while b"system [phoenix]: " not in seen:
            seen += os.read(ours, 1000)
        os.write(ours, b"\x04")
        assert process.wait(30) == 1
    os.close(ours)
    assert not (ROOT / f"Pulumi.new-{tmp_path.name}.yaml").exists()


def test_the_domain_is_asked_only_where_there_is_an_edge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = PROD.splitlines(keepends=True)
    edge = next(at for at, line in enumerate(lines) if line.startswith("    edge:"))
    end = next(at for at, line in enumerate(lines) if at > edge and line[:5].strip() and line.startswith("    "))
    assert edge < end
    (tmp_path / "Pulumi.plain.yaml").write_text("".join(lines[:edge] + lines[end:]), encoding="utf-8")
    main(["shop", "--like", "plain", *flags()], tmp_path)
    lines = said(capsys)
    assert not [line for line in lines if line.startswith("--domain: edge.domain: not given")]


def test_json_says_what_the_terminal_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shop", "--like", "prod", "--json", *flags(region="eu-west-1")], project(tmp_path)) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["file"] == "Pulumi.shop.yaml"
    by_path = {one["path"]: one for one in document["changes"]}
    assert by_path["data.redis.in_global_datastore"]["left_out"]
    block = by_path["network.cidr"]
    line = (tmp_path / "Pulumi.shop.yaml").read_text(encoding="utf-8").splitlines()[block["line"] - 1]
    assert block["value"] in line
    assert block["why"] in line, "the reason stands beside the value"


@pytest.mark.parametrize(
    "arguments",
    [["prod", "--like", "prod"], ["a b"], ["shop", "--like", "dr"], ["shop", "--like", "prod", "--region", "x"]],
    ids=["there already", "no name", "a standby", "answers missing or wrong"],
)
def test_json_says_why_nothing_was_written(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, project(tmp_path)) == 1
    lines = [line for line in said(capsys) if not line.startswith("nothing was written")]
    assert main([*arguments, "--json"], tmp_path) == 1
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert (document["file"], document["changes"]) == (f"Pulumi.{arguments[0]}.yaml", [])
    assert len(document["problems"]) == len(lines) > 0
    assert all(one["what"] in line for one, line in zip(document["problems"], lines, strict=True))
    assert err.startswith("nothing was written"), "and no problem a second time"


def test_a_second_stack_keeps_apart_from_the_first(tmp_path: Path) -> None:
    project(tmp_path)
    first = made(tmp_path, "one", account="111111111111", domain="one.example")
    second = made(tmp_path, "two", account="222222222222", domain="two.example")
    assert first is not None
    assert second is not None
    blocks = [load_file(path).network.cidr for path in (first, second)]
    assert not blocks[0].overlaps(blocks[1])
    assert not check(str(second)).problems


def test_where_no_block_is_free_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever another file holds, valid or not."""
    taken = "config: {platform:settings: {x: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10]}}"
    (project(tmp_path) / "Pulumi.greedy.yaml").write_text(taken, encoding="utf-8")
    assert made(tmp_path, "shop") is None
    assert "network.cidr: no private block is free" in said(capsys)[0]


def test_a_neighbour_that_cannot_be_read_may_have_any_block(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project(tmp_path) / "Pulumi.torn.yaml").write_text("config: {", encoding="utf-8")
    assert made(tmp_path, "shop") is None
    assert "Pulumi.torn.yaml:1: not valid YAML" in said(capsys)[0]


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"domain": "phoenix.example"}, "--domain"),
        ({"system": "phoenix", "account": "100000000004", "region": "eu-west-1"}, "--environment"),
        ({"account": "100000000004", "region": "us-east-1"}, "--region"),
    ],
)
def test_what_aws_gives_once_is_refused_at_its_flag(
    changes: dict[str, str], flag: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made(project(tmp_path), "shop", **changes) is None
    assert [line for line in said(capsys) if line.startswith(f"{flag}: ") and "Pulumi.prod.yaml" in line]
