"""A test run that is cut off leaves nothing running, not even what it had let go of."""

# ruff: noqa: S603 - our own interpreter and modules
from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sandbox.paths import CHECKOUT
from standins.tests.toolchain.waiting import ended
from tests import reaper

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.emulator

CONFTEST = "from tests.conftest import pytest_configure\n"
SESSION = """
import os
import sys
import time
from pathlib import Path

from sandbox.emulator import client

def test_is_cut_off():
    held, let_go = (client.start(Path(name)) for name in ("held", "let-go"))
    let_go.keep()
    print("pids", os.getpid(), held.pid, let_go.pid, file=sys.__stderr__, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("whole", [True, False], ids=["the group", "the process alone"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_a_cut_off_run_has_started_ends_with_it(number: signal.Signals, *, whole: bool, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_session.py").write_text(SESSION)
    env = {name: value for name, value in os.environ.items() if name != reaper.MARK} | {"PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", "--rootdir", ".", "test_session.py"]
    run = subprocess.Popen(
        command, cwd=tmp_path, env=env, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    assert run.stderr is not None
    words = next((line for line in run.stderr if line.startswith("pids ")), "").split()
    assert len(words) == 4, "the session is in the middle of its test"
    (os.killpg if whole else os.kill)(run.pid, number)
    assert run.wait(timeout=30) != 0, "it was cut off"
    assert [pid for pid in words[1:] if not ended(int(pid))] == [], "both emulators end, the one it let go of as well"
