"""Nothing outlives the command that started it, nor the command the process that asked for it."""
# ruff: noqa: S603, S607 - our own interpreter, and `sleep`

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from standins.paths import IMPORT_ROOT
from standins.tests.toolchain.waiting import ended
from standins.toolchain import process
from standins.toolchain.process import Containment, ProcessName, Warden

SELECT_TAKES = 1024
"""Descriptors that select(2) can name (FD_SETSIZE)."""

FAMILY = """
import os, subprocess, sys
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
print(os.getpid(), child.pid, flush=True)
if "stay" in sys.argv: child.wait()
"""
"""A command with a child in a session of its own, as an engine's plugins are; prints both pids."""

HOLDER = """
import subprocess, sys
from standins.toolchain import process
with process.start([sys.executable, "-c", sys.argv[1], "stay"]) as running:
    running.wait()
"""


def pids(line: str) -> list[int]:
    return [int(word) for word in line.split()]


def test_a_command_s_output_and_exit_status_come_through() -> None:
    with process.start(["sh", "-c", "echo said; exit 3"], output=subprocess.PIPE) as running:
        assert running.stdout.read() == "said\n", "output is passed on"
        assert running.wait() == 3, "the exit status is the command's own"


def test_a_command_runs_where_its_asker_has_a_thousand_files_open() -> None:
    with contextlib.ExitStack() as held:
        for _ in range(SELECT_TAKES):
            held.enter_context(Path(os.devnull).open("rb"))
        with process.start(["sh", "-c", "sleep 0.1; echo said"], output=subprocess.PIPE) as running:
            assert running.stdout.read() == "said\n", "and its guard says nothing"
            assert running.wait() == 0, "it ends well"


@pytest.mark.parametrize("ask", [process.Guarded.wait, process.Guarded.poll])
def test_a_command_that_has_ended_keeps_no_descriptor(ask: Callable[[process.Guarded], int | None]) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    running = [process.start(["true"]) for _ in range(3)]
    for each in running:
        while ask(each) is None:
            time.sleep(0.01)
    assert len(list(Path("/proc/self/fd").iterdir())) == before, "nobody has killed it, and yet nothing is left open"


def test_a_command_that_does_not_exist_ends_with_status_127_and_its_name() -> None:
    with process.start(["/nowhere/pulumi"], output=subprocess.PIPE) as running:
        assert "/nowhere/pulumi" in running.stdout.read(), "the message names what was not found"
        assert running.wait() == 127, "as a shell says it"


def test_a_command_ended_by_a_signal_has_the_status_a_shell_gives_it() -> None:
    with process.start(["sh", "-c", "kill -TERM $$"]) as running:
        assert running.wait() == 128 + signal.SIGTERM, "128 and the signal's number"


def test_killing_a_command_kills_what_it_started_in_other_sessions() -> None:
    with process.start([sys.executable, "-c", FAMILY, "stay"], output=subprocess.PIPE) as running:
        family = pids(running.stdout.readline())
    assert all(ended(pid) for pid in family), "a kill reaches every descendant"


def test_what_a_command_leaves_behind_is_killed_when_it_ends_by_itself() -> None:
    with process.start([sys.executable, "-c", FAMILY], output=subprocess.PIPE) as running:
        _, orphan = pids(running.stdout.readline())
        assert running.wait() == 0, "the command ended well"
    assert ended(orphan), "an orphan ends with the command that left it"


def test_a_command_ends_with_the_kill_9_of_the_process_that_asked_for_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, FAMILY], stdout=subprocess.PIPE, text=True, cwd=IMPORT_ROOT
    ) as holder:
        assert holder.stdout is not None
        family = pids(holder.stdout.readline())
        holder.kill()
    assert all(ended(pid) for pid in family), "the death of the asker reaches every descendant"


def test_a_command_ends_with_the_kill_9_of_its_guard() -> None:
    with process.start([sys.executable, "-c", FAMILY, "stay"], output=subprocess.PIPE) as running:
        command, child = pids(running.stdout.readline())
        os.kill(running.name.pid, signal.SIGKILL)
        assert ended(command), "the kernel ends the command with its guard"
        os.kill(child, signal.SIGKILL)


def test_the_terminal_s_interrupt_does_not_reach_a_guarded_command() -> None:
    with process.start(["sleep", "600"]) as running:
        assert os.getsid(running.name.pid) != os.getsid(0), "a guard lives in a session of its own"


@pytest.mark.parametrize(("cut_off", "left"), [(True, False), (False, True)], ids=["killed", "ended by itself"])
def test_locks_are_removed_only_when_the_command_was_cut_off(tmp_path: Path, *, cut_off: bool, left: bool) -> None:
    locks = tmp_path / "locks" / "prod"
    locks.mkdir(parents=True)
    (locks / "one.json").touch()
    command = ["sh", "-c", "echo begun; read never" if cut_off else "true"]
    contained = Containment(unlock=(tmp_path / "locks",))
    with process.start(command, output=subprocess.PIPE, containment=contained) as running:
        if cut_off:
            running.kill()
        running.wait()
    assert (locks / "one.json").exists() is left, "a lock that nobody holds any more goes, and no other"


def test_a_process_that_took_over_the_pid_of_a_watched_one_is_spared() -> None:
    with subprocess.Popen(["sleep", "600"]) as other:
        earlier = ProcessName(other.pid, "1")
        with process.start(["sleep", "600"], containment=Containment(watch=(earlier,))) as running:
            running.kill()
        assert other.poll() is None, "a pid alone does not name a process"
        other.kill()


def test_a_process_is_named_by_its_start_too() -> None:
    mine = ProcessName.of(os.getpid())
    assert mine.runs(), "we run"
    assert not ProcessName(mine.pid, "1").runs(), "another process had our pid before"


def test_ending_a_process_kills_one_that_ignores_being_asked() -> None:
    script = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as stubborn:
        assert stubborn.stdout is not None
        stubborn.stdout.readline()
        ProcessName.of(stubborn.pid).end(grace_seconds=0.1)
        assert stubborn.wait() == -signal.SIGKILL, "asked first, then killed"


def test_a_time_limit_ends_a_command_and_says_so() -> None:
    with process.start(["sleep", "600"]) as running:
        with pytest.raises(TimeoutError, match="still running after 0 s"):
            running.wait(limit_seconds=0.0)
        assert running.poll() is not None, "it runs no more"


WARDEN = """
import sys
from standins.toolchain.process import ProcessName, Warden
warden = Warden(ProcessName.of(int(sys.argv[1])))
print("watching", flush=True)
sys.stdin.readline()
"""


def test_a_warden_kills_what_it_watches_when_its_holder_is_killed() -> None:
    with subprocess.Popen(["sleep", "600"]) as watched:
        command = [sys.executable, "-c", WARDEN, str(watched.pid)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=IMPORT_ROOT) as holder:
            assert holder.stdout is not None
            holder.stdout.readline()
            holder.kill()
        killed = ended(watched.pid)
        watched.kill()
    assert killed, "the watched process ends with the holder"


def test_a_warden_that_lets_go_spares_what_it_watched() -> None:
    with subprocess.Popen(["sleep", "600"]) as watched:
        Warden(ProcessName.of(watched.pid)).let_go()
        assert watched.poll() is None, "letting go is not killing"
        watched.kill()
