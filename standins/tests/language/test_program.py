"""A program is run as the official host does, and its failures are told without a frame of ours."""

import sys
from pathlib import Path

import pytest
from pulumi import RunError

from standins.language import program


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "argv", [*sys.argv])


def write(directory: Path, text: str, name: str = "__main__.py") -> None:
    (directory / name).write_text(text)


def test_a_program_finds_its_modules_and_its_directory(tmp_path: Path) -> None:
    write(tmp_path, "VALUE = 1", "beside_the_program.py")
    write(tmp_path, "import beside_the_program, pathlib; pathlib.Path('ran').touch(); assert __name__ == '__main__'")
    program.run(tmp_path, ".")
    assert (tmp_path / "ran").exists(), "it runs in its own directory"


def test_the_project_may_name_its_file(tmp_path: Path) -> None:
    write(tmp_path, "open('ran', 'w').close()", "other.py")
    program.run(tmp_path, "other.py")
    assert (tmp_path / "ran").exists(), "`main:` of the project file counts"


def test_a_failure_shows_the_program_s_frames_only(tmp_path: Path) -> None:
    write(tmp_path, "def f():\n    1 / 0\nf()\n")
    with pytest.raises(RunError) as failed:
        program.run(tmp_path, ".")
    text = str(failed.value)
    assert "ZeroDivisionError: division by zero" in text, "the error"
    assert text.count("__main__.py") == 2, "its two frames"
    assert "runpy" not in text, "none of the machinery"


def test_an_error_meant_for_the_user_is_passed_on_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, "import pulumi\nraise pulumi.RunError('network.cidr: overlaps')\n")
    with pytest.raises(RunError, match=r"\Anetwork\.cidr: overlaps\Z"):
        program.run(tmp_path, ".")


@pytest.mark.parametrize(
    ("stop", "message"), [("'give it a name'", "give it a name"), ("3", "the program exited with status 3")]
)
def test_a_program_that_exits_has_failed(tmp_path: Path, stop: str, message: str) -> None:
    write(tmp_path, f"import sys\nsys.exit({stop})\n")
    with pytest.raises(RunError, match=message):
        program.run(tmp_path, ".")


@pytest.mark.parametrize("stop", ["0", "None"])
def test_a_program_that_exits_well_has_not_failed(tmp_path: Path, stop: str) -> None:
    write(tmp_path, f"import sys\nsys.exit({stop})\n")
    program.run(tmp_path, ".")
