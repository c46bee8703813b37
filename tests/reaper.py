"""Nothing outlives a test run, however it ends: its processes carry its mark, and a reaper kills those.

An embedded AWS that was let go of is in a session of its own, and what would stop it is the end of a fixture, which a
killed run never reaches. The reaper is in a session of its own, too. It waits for the end of a pipe that the run holds.
"""

# ruff: noqa: S603 - our own interpreter and module
from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

MARK = "PLATFORM_TEST_RUN"
"""Variable that every process of a test run inherits."""


def watch() -> None:
    """Mark this process and what it will start; workers, and runs inside of a test, belong to the run around them."""
    if MARK in os.environ:
        return
    os.environ[MARK] = uuid.uuid4().hex
    read, _ = os.pipe()  # the other end closes with this process
    subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, os.environ[MARK]],
        env={}, stdin=read, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    os.close(read)


def marked(mark: str) -> list[int]:
    """Return the processes that carry a mark; none where the system does not tell."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"{MARK}={mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def main(mark: str) -> None:
    """Wait for the end of the run, then kill what carries its mark until nothing does."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 4096):
        pass
    while left := marked(mark):
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1])
