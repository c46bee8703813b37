"""Child processes that die with us, and names for processes that survive the reuse of a pid."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from standins.toolchain import guard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

GUARD = Path(guard.__file__)
"""The script that stands between us and every command we start."""

POLL_SECONDS = 0.5
"""How often a waiting caller gets its turn to report progress; well below the 5 s promised to the user."""


@dataclass(frozen=True)
class ProcessName:
    """A process, told apart from a later one with the same pid by its start time in kernel ticks."""

    pid: int
    start: str

    @classmethod
    def of(cls, pid: int) -> Self:
        """Name a process that runs now; the start time is empty when it does not."""
        return cls(pid, guard.start_time(pid))

    def runs(self) -> bool:
        """Whether this very process still runs."""
        return bool(self.start) and guard.start_time(self.pid) == self.start

    def end(self, grace_seconds: float) -> None:
        """Ask it to end, wait up to `grace_seconds`, then kill it; nothing happens when it is gone."""
        for number, patience in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, 5.0)):
            if not self.runs():
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
            deadline = time.monotonic() + patience
            while self.runs() and time.monotonic() < deadline:
                time.sleep(0.02)

    def __str__(self) -> str:
        return f"{self.pid}:{self.start}"


@dataclass(frozen=True)
class Containment:
    """What else has to happen when a command is cut off.

    Attributes:
        unlock: Directories to remove after a kill (the engine's stack locks).
        watch: Processes outside the command that end with it when it is cut off (a standing emulator).
        foreground: Keep the command in our session, so that it can own the terminal (an interactive shell).
    """

    unlock: tuple[Path, ...] = ()
    watch: tuple[ProcessName, ...] = ()
    foreground: bool = False

    def arguments(self) -> list[str]:
        """Return the guard's options."""
        words = [] if self.foreground else ["--session"]
        for directory in self.unlock:
            words += ["--unlock", str(directory)]
        for process in self.watch:
            words += ["--watch", str(process)]
        return words


class Guarded:
    """A running command with its guard; leaving the `with` block kills whatever still runs of it."""

    def __init__(self, process: subprocess.Popen[str], lease: int) -> None:
        self._process = process
        self._lease = lease

    @property
    def name(self) -> ProcessName:
        """The guard's process."""
        return ProcessName.of(self._process.pid)

    @property
    def stdout(self) -> IO[str]:
        """Output of the command (only when it was started with `capture`)."""
        if self._process.stdout is None:
            raise ValueError("the command was started without capture")
        return self._process.stdout

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs."""
        status = self._process.poll()
        if status is not None:
            self._let_go()
        return status

    def wait(self, tick: Callable[[], None] | None = None, limit_seconds: float | None = None) -> int:
        """Wait for the end, calling `tick` twice a second; returns the exit status.

        Raises:
            TimeoutError: After `limit_seconds`; the command has been killed then.
        """
        deadline = None if limit_seconds is None else time.monotonic() + limit_seconds
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self._process.wait(POLL_SECONDS)
                self._let_go()
                return status
            if tick:
                tick()
            if deadline is not None and time.monotonic() > deadline:
                self.kill()
                raise TimeoutError(f"still running after {limit_seconds:.0f} s")

    def kill(self) -> None:
        """Kill the command and everything it started; returns when it is gone."""
        self._let_go()
        self._process.wait()

    def _let_go(self) -> None:
        """Close the lease: what still runs is killed, and a command that has ended keeps no descriptor of ours."""
        lease, self._lease = self._lease, -1
        if lease >= 0:
            os.close(lease)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


def start(  # noqa: PLR0913 what a process is given; all but the command has a default
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[str] | int | None = None,
    errors: IO[str] | int = subprocess.STDOUT,
    containment: Containment | None = None,
) -> Guarded:
    """Start `command` under a guard.

    Args:
        command: Program and arguments; no secret belongs here.
        env: The whole environment; default is ours.
        cwd: Working directory; default is ours.
        output: Where standard output and standard error go: a file, `subprocess.PIPE` (read `Guarded.stdout`), or
            ours when None. Standard input is ours for a foreground command and empty for any other.
        errors: Where standard error goes when `output` is given; default is the same place.
        containment: What else ends with it.
    """
    contained = containment or Containment()
    read, write = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 the guard is our own script and the command the caller's
            [sys.executable, "-I", "-S", GUARD, str(read), *contained.arguments(), "--", *map(str, command)],
            env=env,
            cwd=cwd,
            stdin=None if contained.foreground else subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else errors,
            text=True,
            pass_fds=(read,),
            start_new_session=not contained.foreground,
        )
    except BaseException:
        os.close(write)
        raise
    finally:
        os.close(read)
    return Guarded(process, write)


class Warden:
    """Kills a process that is not our child, unless we let go of it; our own death does not count as letting go."""

    def __init__(self, watched: ProcessName) -> None:
        read, self._lease = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 our own script
                [sys.executable, "-I", "-S", GUARD, str(read), "--watch", str(watched), "--"],
                stdin=subprocess.DEVNULL,
                pass_fds=(read,),
                start_new_session=True,
            )
        finally:
            os.close(read)

    def let_go(self) -> None:
        """Leave the process alone from now on."""
        os.write(self._lease, b"go")
        os.close(self._lease)
        self._process.wait()


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the thread that started it ends; at once if it has ended already."""
    before = os.getppid()
    guard.prctl(guard.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != before:
        os.kill(os.getpid(), signal.SIGKILL)


def end_with_engine() -> None:
    """End this plugin process when its engine is done with it, or gone; call it from the main thread.

    The engine starts a plugin in a process group of its own, so a terminal's Ctrl-C does not reach it: SIGINT is how
    the engine says that it is done, and it waits five seconds for each plugin that does not end at once. An engine that
    was killed says nothing, but our standard input, a pipe it holds, ends with it.
    """
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        return  # started by hand
    threading.Thread(target=exit_at_end_of_input, name="engine", daemon=True).start()


def exit_at_end_of_input() -> None:
    """Read standard input to its end, then end the process."""
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    os._exit(0)
