"""What goes wrong is reported in a few lines with a status that is not zero, for people and for programs."""

import io
import json
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sandbox.paths import run_directory
from sandbox.run import cli, lifetime, progress
from sandbox.run.failure import Interrupted, NoToolchainError, SandboxError
from sandbox.run.progress import Progress
from sandbox.run.report import Report


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lifetime, "interruptible", lambda: None)
    monkeypatch.setattr(cli, "forget_accounts", lambda: None)
    (tmp_path / "Pulumi.yaml").write_text("name: trial\nruntime: python\n")
    return tmp_path


def command(monkeypatch: pytest.MonkeyPatch, cause: BaseException | None) -> None:
    def run(*_: object) -> Report:
        if cause:
            raise cause
        return Report("up", lines=["all is well"])

    monkeypatch.setitem(cli.COMMANDS, "up", (run, ""))


@pytest.mark.parametrize(
    ("cause", "end"),
    [
        (None, (0, "all is well")),
        (SandboxError("here", "no such zone", "name another"), (1, "here: no such zone\n  do: name another")),
        (Interrupted("SIGINT"), (130, "stopped by SIGINT; nothing of ours runs any more")),
        (ZeroDivisionError("ours"), (1, "internal error: ZeroDivisionError('ours'); the trace is in ")),
    ],
    ids=["done", "reported why not", "interrupted", "a fault of ours"],
)
def test_every_end_has_its_status_and_its_words(
    cause: BaseException | None, end: tuple[int, str], project: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    command(monkeypatch, cause)
    status, words = end
    assert cli.main(["up", "--project", str(project)]) == status, "the status tells a script"
    said = capsys.readouterr().out
    assert words in said, "the words tell a person"
    assert "Traceback" not in said, "no traceback"


@pytest.mark.parametrize(("words", "reviewed"), [(["up"], ["prod", "dr"]), (["preview", "dr"], ["dr"]), (["down"], [])])
def test_without_a_toolchain_the_offline_review_speaks_and_the_command_fails(
    words: list[str], reviewed: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*_: object) -> Report:
        raise NoToolchainError("toolchain", "go: not found on PATH", "get it")

    asked: list[str] = []
    monkeypatch.setitem(cli.COMMANDS, words[0], (run, ""))
    monkeypatch.setattr(subprocess, "run", lambda command, **_: asked.append(command[-1]))
    assert cli.main(words) == 1, "never a fake success"
    assert asked == reviewed, "what can be said without the engine is said"
    assert "go: not found on PATH" in capsys.readouterr().out, "and why it is no more"


def test_the_trace_of_a_fault_of_ours_is_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command(monkeypatch, ZeroDivisionError("ours"))
    cli.main(["up", "--project", str(project)])
    assert "ZeroDivisionError: ours" in (project / ".sandbox/logs/internal-error.log").read_text(), "to mend it"


@pytest.mark.parametrize(
    ("cause", "ok"),
    [
        (None, True),
        (SandboxError("here", "what", "fix"), False),
        (Interrupted("SIGTERM"), False),
        (ValueError("ours"), False),
    ],
)
def test_json_is_one_document_whatever_happens(
    cause: BaseException | None, *, ok: bool, project: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    command(monkeypatch, cause)
    cli.main(["up", "--json", "--project", str(project)])
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], "error" in document) == (ok, not ok), "a program asks for `ok` first"


def test_a_stack_without_a_file_is_refused_by_the_names_there_are(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "Pulumi.dr.yaml").touch()
    assert cli.main(["up", "prod", "--project", str(project)]) == 1, "nothing can be deployed"
    said = capsys.readouterr().out
    assert "Pulumi.prod.yaml: no stack file of this name; there are: dr" in said, "the user sees what there is"
    assert not (project / ".sandbox").exists(), "nothing is touched"


def test_status_of_a_checkout_that_was_never_used_starts_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["status", "--project", str(project)]) == 0, "it is a question"
    assert "nothing runs" in capsys.readouterr().out, "and this the answer"
    assert not (project / ".sandbox").exists(), "nothing is touched"


def test_inside_the_sandbox_s_own_shell_the_world_is_left_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLATFORM_SANDBOX_SHELL", "1")
    assert cli.main(["down", "--project", str(project)]) == 1, "it would end the world under the shell"
    assert "leave it first" in capsys.readouterr().out, "and how to go on"


def test_silence_is_broken_by_what_is_being_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SILENCE_SECONDS", 0.02)
    monkeypatch.setattr(progress, "TURN_SECONDS", 0.01)
    spoken = threading.Event()

    class Stream(io.StringIO):
        def write(self, text: str) -> int:
            if "deploy: rds Instance data-postgres creating 62 s" in text:
                spoken.set()
            return super().write(text)

    stream = Stream()
    with Progress(stream) as speaking, speaking.phase("deploy"):
        speaking.status("rds Instance data-postgres creating 62 s")
        assert spoken.wait(5), f"a sign of life within the time, got {stream.getvalue()}"
    assert re.search(r"^\[ +0\.\d s\] deploy done in 0\.\d s$", stream.getvalue(), re.MULTILINE), "phases have times"
    assert [phase.name for phase in speaking.phases] == ["deploy"], "for the table at the end"


@pytest.mark.parametrize("command", ["up", "preview", "down", "status", "setup", "shell", "drill"])
def test_another_system_than_linux_is_refused_in_one_line_before_anything_is_touched(
    command: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cli.main([command, "--project", str(project)]) == 1
    printed = capsys.readouterr()
    said = [line for line in (printed.out + printed.err).splitlines() if "Linux" in line]
    assert said[0] == "sandbox: needs Linux (/proc and prctl hold its processes); this is darwin"
    assert "review and config.check work here" in said[1]
    assert not run_directory(project).root.exists()
