"""A command stops when it is asked to, and when the `make` that started it is killed."""

# ruff: noqa: S603, S607 - our own interpreter, and make
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.paths import CHECKOUT

SCRIPT = """
import os, signal, sys
from sandbox.run import lifetime
from sandbox.run.failure import Interrupted
try:
    lifetime.interruptible()
    print(os.getpid(), flush=True)
    signal.pause()
except Interrupted as stop:
    with lifetime.undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
        with open(sys.argv[1], "w") as file:
            file.write(str(stop))
"""


def ended(pid: int) -> bool:
    """Whether a process ends within five seconds; one that is gone already has."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 5.0)[0])
    finally:
        os.close(handle)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_command_and_the_next_one_does_not_disturb_its_cleaning_up(
    number: signal.Signals, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "said")]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
    assert (tmp_path / "said").read_text() == number.name, "the interruption is reported by the signal's name"
    assert process.returncode == 0, "cleaning up came to its end"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
@pytest.mark.parametrize("between", ["", "true; "], ids=["started by make", "by a shell of make"])
def test_a_command_stops_when_its_make_is_killed(between: str, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    recipe = f"{between}PYTHONPATH={CHECKOUT} {sys.executable} script.py {tmp_path}/said"
    (tmp_path / "Makefile").write_text(f"up:\n\t@{recipe}\n")
    env = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    with subprocess.Popen(["make", "up"], cwd=tmp_path, stdout=subprocess.PIPE, env=env) as make:
        assert make.stdout is not None
        pid = int(make.stdout.readline())
        make.kill()
    assert ended(pid), "nobody would see its output any more"
    assert (tmp_path / "said").read_text() == "SIGTERM", "it has cleaned up after itself"
