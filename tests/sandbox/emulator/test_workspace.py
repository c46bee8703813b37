"""The directory of an emulator's temporary files is empty when it begins, whoever was there before."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator.workspace import workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_what_a_killed_one_left_is_gone(tmp_path: Path) -> None:
    with workspace(tmp_path / "state") as before:
        place = before
    (place / "code").mkdir(parents=True)
    with workspace(tmp_path / "state") as after:
        assert (after, list(after.iterdir())) == (place, [])


def test_a_process_that_ends_a_moment_later_is_waited_for(tmp_path: Path) -> None:
    with workspace(tmp_path / "state") as before:
        place = before

    def write() -> None:
        number = 0
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                (place / "code").mkdir(exist_ok=True)
                (place / "code" / str(number)).touch()
            number += 1

    writing = threading.Thread(target=write)
    (place / "code").mkdir(parents=True)
    for number in range(2000):  # so that removing them takes longer than writing another one
        (place / "code" / f"before-{number}").touch()
    until = time.monotonic() + 0.4
    writing.start()
    with workspace(tmp_path / "state") as after:
        writing.join()
        assert after == place


def test_what_cannot_be_cleared_is_refused(tmp_path: Path) -> None:
    with workspace(tmp_path / "state") as before:
        place = before
    place.symlink_to(tmp_path)
    with pytest.raises(OSError, match="symbolic link"), workspace(tmp_path / "state"):
        pass
