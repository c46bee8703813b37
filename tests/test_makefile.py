"""The stand-ins' own tests run when the stand-ins changed, and not again until they change.

Wheels of functions are looked for alike.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")


class Checkout:
    """The Makefile beside a stand-in of two files, and a Python that keeps a log of what it is asked to run."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.log = directory, directory / "log"
        shutil.copy(ROOT / "Makefile", directory)
        (directory / "requirements.lock").write_text("pytest==1\n")
        self.write("standins/tests/test_one.py", "one")
        self.write("standins/code.py", "code")
        self.write(f".venv/.ready-{hashlib.sha256(b'pytest==1' + bytes([10])).hexdigest()[:16]}", "")
        self.write("services/requirements.lock", "h11==1\n")
        self.write("services/wheels/.fetched", "")
        self.python(0)

    def write(self, name: str, text: str) -> Path:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def python(self, status: int) -> None:
        """Let the tests end with a status."""
        self.write(".venv/bin/python", f'#!/bin/sh\necho "$@" >> {self.log}\nexit {status}\n').chmod(0o755)

    def make(self, target: str) -> int:
        return subprocess.run(["make", target], cwd=self.directory, capture_output=True, check=False).returncode  # noqa: S603, S607

    def runs(self) -> int:
        """How often the tests ran."""
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        monkeypatch.delenv(name, raising=False)
    return Checkout(tmp_path)


def test_what_has_passed_is_not_run_again(checkout: Checkout) -> None:
    assert [checkout.make("standins-changed") for _ in range(2)] == [0, 0]
    assert checkout.runs() == 1


@pytest.mark.parametrize(
    "name", ["standins/code.py", "standins/tests/test_one.py", "standins/new.yaml", "requirements.lock"]
)
def test_a_change_runs_them(name: str, checkout: Checkout) -> None:
    checkout.make("standins-changed")
    text = checkout.write(name, "changed").read_bytes()
    if name == "requirements.lock":
        checkout.write(f".venv/.ready-{hashlib.sha256(text).hexdigest()[:16]}", "")
    assert checkout.make("standins-changed") == 0
    assert checkout.runs() == 2, f"{name} changed"


def test_what_python_and_pytest_leave_behind_is_no_change(checkout: Checkout) -> None:
    checkout.make("standins-changed")
    checkout.write("standins/__pycache__/code.cpython-311.pyc", "")
    checkout.write("standins/.pytest_cache/v/nodeids", "")
    checkout.make("standins-changed")
    assert checkout.runs() == 1


def test_what_failed_is_run_again(checkout: Checkout) -> None:
    checkout.python(1)
    assert [checkout.make("standins-changed") != 0 for _ in range(2)] == [True, True]
    assert checkout.runs() == 2


def test_asked_for_by_name_they_always_run(checkout: Checkout) -> None:
    assert [checkout.make("standins-test") for _ in range(2)] == [0, 0]
    assert checkout.runs() == 2
    checkout.make("standins-changed")
    assert checkout.runs() == 2, "what passed by name has passed"


@pytest.mark.parametrize("name", ["Pulumi.small.yaml", "bases/edge.yaml", "services/requirements.lock"])
def test_setup_looks_for_missing_wheels_after_a_change_of_what_functions_need(name: str, checkout: Checkout) -> None:
    assert checkout.make("setup") == 0
    assert checkout.runs() == 0, "nothing has changed"
    checkout.write(name, "changed")
    assert [checkout.make("setup") for _ in range(2)] == [0, 0]
    assert checkout.log.read_text() == "-m components.functions.wheels\n"


def test_setup_looks_again_for_wheels_that_could_not_be_fetched(checkout: Checkout) -> None:
    checkout.write("Pulumi.small.yaml", "changed")
    checkout.python(1)
    assert [checkout.make("setup") != 0 for _ in range(2)] == [True, True]
    checkout.python(0)
    assert checkout.make("setup") == 0
    assert checkout.runs() == 3
