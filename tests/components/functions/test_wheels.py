"""Wheels are fetched where archives need them and the machine lacks them, held by the lock, and never otherwise."""

from __future__ import annotations

import json
import subprocess
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest

from components.functions import wheels
from components.functions.distributions import LOCK, WHEELS, Target, locked
from components.functions.wheels import fetch, main, missing
from tests.components.functions.test_archive import wheel
from tests.config.functionsfile import SETTINGS, accepted

if TYPE_CHECKING:
    from pathlib import Path

    from config.functions import Function

ARM, INTEL = Target("python3.13", "arm64"), Target("python3.12", "x86_64")
TAGS = {ARM: "cp313-cp313-manylinux_2_17_aarch64", INTEL: "cp312-cp312-manylinux_2_28_x86_64"}


def function(target: Target, *distributions: str) -> Function:
    """A function that needs distributions."""
    about: dict[str, Any] = {"runtime": target.runtime, "architecture": target.architecture}
    return accepted().functions["answer"].model_copy(update={**about, "distributions": distributions})


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that pip takes for the index."""
    place = tmp_path / "index"
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(place))
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    return place


@pytest.fixture
def project(tmp_path: Path, index: Path) -> Path:
    """A project whose lock has `fast`, compiled for two machines, and h11, which is installed."""
    hashes = [wheel(index, "fast", {"fast.so": tag.encode()}, tag)[1] for tag in TAGS.values()]
    root = tmp_path / "project"
    (root / WHEELS).mkdir(parents=True)
    h11 = f"h11=={metadata.version('h11')} \\\n --hash=sha256:{'0' * 64}\n    # via x\n"
    text = "".join(f" --hash=sha256:{one} \\\n" for one in hashes)
    (root / LOCK).write_text(f"fast==1.0 \\\n{text}    # via x\n{h11}", encoding="utf-8")
    return root


def test_what_is_missing_is_fetched_for_each_machine_once(project: Path) -> None:
    lock = locked((project / LOCK).read_text(encoding="utf-8"))
    functions = [function(ARM, "fast", "h11"), function(INTEL, "fast"), function(ARM, "fast"), function(INTEL)]
    assert missing(functions, lock, project) == {ARM: {"fast"}, INTEL: {"fast"}}, "h11 is installed"
    fetch(ARM, {"fast"}, lock, project)
    assert [file.name for file in (project / WHEELS).iterdir()] == [f"fast-1.0-{TAGS[ARM]}.whl"]
    assert missing(functions, lock, project) == {INTEL: {"fast"}}
    fetch(INTEL, {"fast"}, lock, project)
    assert missing(functions, lock, project) == {}


def test_a_file_that_the_lock_does_not_know_is_not_kept(project: Path, index: Path) -> None:
    lock = locked((project / LOCK).read_text(encoding="utf-8"))
    wheel(index, "fast", {"fast.so": b"another"}, TAGS[ARM])
    with pytest.raises(ValueError, match=r"fast: not fetched for python3\.13 on arm64"):
        fetch(ARM, {"fast"}, lock, project)
    assert not list((project / WHEELS).iterdir())


def test_stack_files_are_read_and_nothing_is_asked_for_where_nothing_is_missing(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needed = [function(ARM, "fast")]
    monkeypatch.setattr(wheels, "_functions", lambda _: needed)
    assert main(project) == 0
    assert capsys.readouterr().out == "wheels: fetching fast for python3.13, aarch64\n"
    monkeypatch.setattr(subprocess, "run", None)
    assert main(project) == 0, "pip is not asked"
    needed.append(function(ARM, "letters"))
    assert main(project) == 1
    assert "letters is not in" in capsys.readouterr().err


def test_the_functions_of_every_valid_stack_file_count(tmp_path: Path) -> None:
    ours = {"config": {"platform:settings": SETTINGS}}
    (tmp_path / "Pulumi.yaml").write_text("{name: clerk, runtime: python}", encoding="utf-8")
    (tmp_path / "Pulumi.clerk.yaml").write_text(json.dumps(ours), encoding="utf-8")
    (tmp_path / "Pulumi.broken.yaml").write_text("config: [", encoding="utf-8")
    assert [one.distributions for one in wheels._functions(tmp_path)] == [("h11",), ()]
