"""The journal says how the last command ended, in every way it can end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.paths import CHECKOUT, RunDirectory
from sandbox.run import journal
from sandbox.run.failure import SandboxError
from sandbox.run.journal import Entry, Status
from standins.toolchain.process import ProcessName

HOLDER = """
import sys
from pathlib import Path
from sandbox.paths import RunDirectory
from sandbox.run import journal
with journal.exclusive(RunDirectory(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_an_entry_comes_back_as_it_was_written(tmp_path: Path) -> None:
    entry = Entry(
        Status.STANDING,
        "up prod",
        "deploy",
        0.0,
        ProcessName(1, "2"),
        ProcessName(3, "4"),
        4566,
        ("prod",),
        {"deploy": 1.5},
    )
    journal.write(tmp_path / "journal.json", entry)
    back = journal.read(tmp_path / "journal.json")
    assert back.since > 0, "the time of writing is noted"
    assert (back.status, back.process, back.emulator, back.port) == (entry.status, entry.process, entry.emulator, 4566)
    assert (back.stacks, back.times) == (("prod",), {"deploy": 1.5}), "all of it"


def test_without_a_journal_nothing_is_going_on(tmp_path: Path) -> None:
    assert journal.read(tmp_path / "journal.json") == Entry(), "an idle world"


def test_a_journal_that_cannot_be_read_counts_as_a_command_cut_off(tmp_path: Path) -> None:
    (tmp_path / "journal.json").write_text('{"status": "sta')
    assert journal.read(tmp_path / "journal.json").status is Status.CHANGING, "the careful reading"


def test_a_held_run_directory_is_refused_by_the_name_of_its_holder(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    journal.write(run.journal, Entry(Status.CHANGING, "up prod", "deploy", process=ProcessName.of(os.getpid())))
    words = rf"`up prod` is at work here \(process {os.getpid()}, phase deploy\)"
    with journal.exclusive(run), pytest.raises(SandboxError, match=words):
        journal.exclusive(run).__enter__()
    with journal.exclusive(run):
        assert True, "it is free again"


def test_the_hold_goes_with_the_kill_9_of_its_holder(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 our own interpreter and script
        [sys.executable, "-c", HOLDER, str(tmp_path)], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(SandboxError, match="another command is at work here"):
            journal.exclusive(RunDirectory(tmp_path)).__enter__()
        holder.kill()
    with journal.exclusive(RunDirectory(tmp_path)):
        assert True, "nothing has to be cleaned up by hand"
