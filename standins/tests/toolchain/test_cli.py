"""The engine gets a copy of the stack file where it would write into it, and everything else as it was typed."""

from pathlib import Path

import pytest

from standins.toolchain import cli


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: trial\nruntime: python\n")
    (tmp_path / "Pulumi.prod.yaml").write_text("# as typed\nconfig: {}\n")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    return tmp_path


def rewritten(words: str, run: Path, engine: str = "/bin/false") -> str:
    return " ".join(cli.rewritten(engine, words.split(), run))


@pytest.mark.parametrize(
    "typed",
    [
        "preview -s prod --policy-pack policy",
        "up --stack prod --yes",
        "--color never destroy --stack=prod",
        "-C .. refresh -sprod",
        "pre --stack organization/trial/prod",
    ],
)
def test_a_command_that_runs_the_program_gets_a_copy_of_the_stack_file(
    typed: str, project: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    copy = run / "config" / "Pulumi.prod.yaml"
    command = next(word for word in typed.split() if word in cli.PROGRAM_COMMANDS)
    expected = typed.replace(command, f"{command} --config-file {copy}", 1)
    assert rewritten(typed, run) == expected, "the copy is named right behind the command, nothing else changes"
    assert copy.read_bytes() == (project / "Pulumi.prod.yaml").read_bytes(), "the copy is fresh"


@pytest.mark.parametrize(
    "typed",
    [
        "config set name value -s prod",
        "stack export -s prod",
        "up -s prod --config-file other.yaml",
        "up -s prod --config-file=other.yaml",
        "preview -s nosuch",
        "version",
        "",
    ],
)
def test_everything_else_is_passed_on_as_typed(typed: str, project: Path, tmp_path: Path) -> None:
    assert rewritten(typed, tmp_path / "run") == typed, f"{typed!r} below {project} needs no copy"


def test_a_copy_follows_the_stack_file(project: Path, tmp_path: Path) -> None:
    rewritten("up -s prod", tmp_path / "run")
    (project / "Pulumi.prod.yaml").write_text("config: {edited: yes}\n")
    rewritten("up -s prod", tmp_path / "run")
    assert "edited" in (tmp_path / "run/config/Pulumi.prod.yaml").read_text(), "an edit is seen by the next command"


def test_the_stack_selected_in_the_workspace_counts_where_none_is_named(project: Path, tmp_path: Path) -> None:
    engine = project / "engine"
    engine.write_text("#!/bin/sh\n[ \"$*\" = 'stack --show-name --non-interactive' ] && echo prod\n")
    engine.chmod(0o755)
    assert "Pulumi.prod.yaml" in rewritten("preview", tmp_path / "run", str(engine)), "the engine is asked for it"


def test_the_stack_of_the_environment_counts_before_the_selected_one(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_STACK", "prod")
    assert "Pulumi.prod.yaml" in rewritten("preview", tmp_path / "run"), f"as the engine itself takes it in {project}"


@pytest.mark.parametrize(
    ("typed", "skipped"), [("preview -s prod", True), ("-C .. pre", True), ("up -s preview", False)]
)
def test_a_preview_takes_no_checkpoints(typed: str, monkeypatch: pytest.MonkeyPatch, *, skipped: bool) -> None:
    monkeypatch.delenv("PULUMI_SKIP_CHECKPOINTS", raising=False)
    assert (cli.environment(typed.split()).get("PULUMI_SKIP_CHECKPOINTS") == "true") == skipped


def test_what_the_caller_says_of_checkpoints_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_SKIP_CHECKPOINTS", "false")
    assert cli.environment(["preview"])["PULUMI_SKIP_CHECKPOINTS"] == "false"
