"""No process of a task outlives its emulator, however that ends, and none begins unasked."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from standins.toolchain.guard import parents
from tests.sandbox.emulator.conftest import session
from tests.sandbox.emulator.tasks.conftest import SETTINGS
from tests.sandbox.emulator.tasks.fleet import Fleet, until
from tests.sandbox.emulator.tasks.test_runner import alive, container, noted, post

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.emulator


@pytest.fixture
def mortal() -> Iterator[client.Emulator]:
    """An emulator of the test's own, which it may kill."""
    emulator = client.start(None)
    yield emulator
    if emulator.alive():
        emulator.stop()


@pytest.mark.parametrize("end", ["stop", "kill", "reset"])
def test_nothing_outlives_the_emulator(mortal: client.Emulator, tmp_path: Path, end: str) -> None:
    client.control(mortal.port, "POST", f"tasks?{SETTINGS}")
    fleet = Fleet(session(mortal))
    fleet.serve(fleet.define(container=container(tmp_path, "children")), desired=2)
    until(lambda: len(noted(tmp_path, "environment")) == 2)
    pids = [int(path.name.rpartition("-")[2]) for path in noted(tmp_path, "environment")]
    children = until(lambda: found if len(found := [pid for one in pids for pid in below(one)]) == 2 else None)
    assert all(map(alive, pids + children))
    if end == "kill":
        os.kill(mortal.pid, signal.SIGKILL)
        mortal.process.wait() if mortal.process else None
    elif end == "stop":
        mortal.stop()
    else:
        post(f"{mortal.url}/_ministack/reset")
    until(lambda: not any(map(alive, pids + children)))


def below(pid: int) -> list[int]:
    return [child for child, parent in parents().items() if parent == pid]


def test_nothing_runs_unless_it_is_switched_on(mortal: client.Emulator, tmp_path: Path) -> None:
    fleet = Fleet(session(mortal))
    fleet.serve(fleet.define(container=container(tmp_path, "work")), desired=1)
    fleet.stable()
    assert noted(tmp_path, "environment") == []
    client.control(mortal.port, "POST", f"tasks?{SETTINGS}")
    until(lambda: noted(tmp_path, "environment"))
    fleet.stable()
