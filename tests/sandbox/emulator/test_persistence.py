"""State survives: every service the stacks use comes back as it was, whatever ended the emulator."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from tests.sandbox.emulator import portrait, world
from tests.sandbox.emulator.conftest import session

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.emulator


@dataclass(frozen=True)
class Lives:
    """What one world answers through the lives of three emulators that serve it one after the other.

    Attributes:
        saved: What the first one says of its save, after which it is killed.
        before: Answers of the first one.
        killed: Answers of the second one, which comes after the kill.
        users: Users that the second one knows.
        ended: Answers of the third one, which comes after the clean end of the second.
    """

    saved: dict[str, object]
    before: dict[str, object]
    killed: dict[str, object]
    users: list[object]
    ended: dict[str, object]


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Lives:
    state = tmp_path_factory.mktemp("lives")
    first = client.start(state)
    world.create(session(first))
    before, saved = portrait.draw(session(first)), first.save()
    session(first)("iam").create_user(UserName="after-the-save")
    os.kill(first.pid, signal.SIGKILL)
    assert first.process is not None
    first.process.wait()
    second = client.start(state)
    killed, users = portrait.draw(session(second)), session(second)("iam").list_users()["Users"]
    second.stop()
    third = client.start(state)
    ended = portrait.draw(session(third))
    third.stop()
    return Lives(saved, before, killed, users, ended)


def _differences(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    return {question: (before[question], after[question]) for question in before if before[question] != after[question]}


def test_everything_comes_back_after_a_clean_end(lives: Lives) -> None:
    assert _differences(lives.killed, lives.ended) == {}, "a restart changes no answer"


def test_everything_saved_comes_back_after_a_kill(lives: Lives) -> None:
    assert lives.saved["services"], "a save says how much it wrote"
    assert _differences(lives.before, lives.killed) == {}, "what was saved while running is what comes back"
    assert lives.users == [], "what came after the save does not"


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


def test_what_patches_kept_under_their_name_of_before_comes_back(tmp_path: Path) -> None:
    first = client.start(tmp_path)
    session(first)("ec2").enable_ebs_encryption_by_default()
    first.stop()
    snapshot = tmp_path / "snapshot.json"
    written = json.loads(snapshot.read_text())
    written["services"]["cures"] = written["services"].pop("patches")
    snapshot.write_text(json.dumps(written))
    second = client.start(tmp_path)
    found = session(second)("ec2").get_ebs_encryption_by_default()["EbsEncryptionByDefault"]
    second.stop()
    assert found is True, "a world saved before December 2026 is still served"
