"""A pair of engine state and emulator state is put back whole, whatever happened while it was taken."""

from pathlib import Path

import pytest

from sandbox.paths import RunDirectory
from sandbox.run.checkpoints import PARTS, Checkpoints


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path)


def fill(run: RunDirectory, text: str) -> None:
    for part in PARTS:
        (run.root / part / "deep").mkdir(parents=True, exist_ok=True)
        (run.root / part / "deep" / "file").write_text(text)


def content(run: RunDirectory) -> set[str]:
    return {path.read_text() for part in PARTS for path in (run.root / part).rglob("file")}


def test_every_part_of_the_last_pair_comes_back(run: RunDirectory) -> None:
    pairs = Checkpoints(run)
    for text in ("first", "second"):
        fill(run, text)
        pairs.take()
    fill(run, "half-made")
    (run.emulator / "stray").touch()
    assert pairs.restore(), "there is a pair"
    assert content(run) == {"second"}, "all four parts are of the last pair"
    assert not (run.emulator / "stray").exists(), "and nothing else is there"


def test_before_the_first_pair_the_world_is_empty(run: RunDirectory) -> None:
    fill(run, "half-made")
    assert not Checkpoints(run).restore(), "there is none"
    assert content(run) == set(), "what a first command left is gone"
    assert run.state.is_dir(), "the engine finds its directory"


def test_an_interrupted_taking_leaves_the_pair_before_it(run: RunDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = Checkpoints(run)
    fill(run, "whole")
    pairs.take()
    fill(run, "newer")

    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pairs, "_point", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pairs.take()
    assert Checkpoints(run).restore(), "there is a pair"
    assert content(run) == {"whole"}, "a pair counts when all of it is there"


def test_only_the_last_pair_takes_space(run: RunDirectory) -> None:
    pairs = Checkpoints(run)
    for text in ("first", "second", "third"):
        fill(run, text)
        pairs.take()
    assert [path.name for path in run.checkpoints.iterdir() if path.is_dir()] == ["3"], "older ones are of no use"


def test_what_tells_of_processes_is_no_part_of_a_pair(run: RunDirectory) -> None:
    fill(run, "whole")
    (run.emulator / "running.json").touch()
    locks = run.state / ".pulumi" / "locks"
    locks.mkdir(parents=True)
    (locks / "one.json").touch()
    objects = run.emulator / "objects"
    objects.mkdir()
    (objects / "emulator.log").write_text("an object of the user's")
    pairs = Checkpoints(run)
    pairs.take()
    pairs.restore()
    assert not (run.emulator / "running.json").exists(), "its process is gone"
    assert not locks.exists(), "and nobody holds the lock"
    assert (objects / "emulator.log").exists(), "objects are kept, whatever their name"


def test_a_forgotten_pair_does_not_come_back(run: RunDirectory) -> None:
    pairs = Checkpoints(run)
    fill(run, "whole")
    pairs.take()
    pairs.forget()
    assert not pairs.restore(), "the world after a `down` is an empty one"
