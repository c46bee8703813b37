"""State survives: every service the stacks use comes back as it was, whatever ended the emulator."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from tests.sandbox.emulator import portrait, world
from tests.sandbox.emulator.conftest import session

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.emulator


def _portrait(emulator: client.Emulator) -> dict[str, object]:
    return portrait.draw(session(emulator))


def _differences(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    return {question: (before[question], after[question]) for question in before if before[question] != after[question]}


def test_everything_comes_back_after_a_clean_end(tmp_path: Path) -> None:
    first = client.start(tmp_path)
    world.create(session(first))
    before = _portrait(first)
    first.stop()
    second = client.start(tmp_path)
    after = _portrait(second)
    second.stop()
    assert _differences(before, after) == {}, "a restart changes no answer"


def test_everything_saved_comes_back_after_a_kill(tmp_path: Path) -> None:
    first = client.start(tmp_path)
    world.create(session(first))
    before = _portrait(first)
    saved = first.save()
    session(first)("iam").create_user(UserName="after-the-save")
    os.kill(first.pid, signal.SIGKILL)
    assert first.process is not None
    first.process.wait()
    second = client.start(tmp_path)
    after = _portrait(second)
    users = session(second)("iam").list_users()["Users"]
    second.stop()
    assert saved["services"], "a save says how much it wrote"
    assert _differences(before, after) == {}, "what was saved while running is what comes back"
    assert users == [], "what came after the save does not"


def test_a_save_that_fails_leaves_the_last_one(tmp_path: Path) -> None:
    emulator = client.start(tmp_path)
    session(emulator)("iam").create_user(UserName="saved")
    emulator.save()
    before = (tmp_path / "snapshot.json").read_bytes()
    (tmp_path / "snapshot.json.new").mkdir()  # stands in the way of the next save
    with pytest.raises(client.EmulatorError, match=r"snapshot\.json\.new"):
        emulator.save()
    assert (tmp_path / "snapshot.json").read_bytes() == before, "the last good snapshot stays"
    (tmp_path / "snapshot.json.new").rmdir()
    emulator.stop()


def test_only_the_owner_can_read_the_state(tmp_path: Path) -> None:
    state = tmp_path / "state"
    emulator = client.start(state)
    emulator.stop()
    modes = {path.name: path.stat().st_mode & 0o077 for path in (state, state / "snapshot.json")}
    assert modes == {"state": 0, "snapshot.json": 0}, "state holds generated passwords and is the owner's alone"
