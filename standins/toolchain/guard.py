"""Run one command so that nothing of it outlives the process that asked for it.

Started as a script by `process.start` (standard library only, no site packages, so that it costs 30 ms):

    python -I -S guard.py LEASE_FD [--unlock DIR] [--session] [--watch PID:START] -- COMMAND ...

The asking process holds the write end of the pipe whose read end is LEASE_FD. When that end closes, by a clean close
as well as by `kill -9` of its holder, the guard kills the command with everything it started, however deep: orphans
come to the guard because it is their subreaper (an engine's plugins leave the engine's process group, and providers
survive killed plugins). When the command ends by itself, what it left behind is killed too. `--session` starts the
command in a session of its own. `--unlock` names a directory to remove after a kill: the engine's stack locks.
`--watch` names a process that is not a child of the guard (the emulator) and has to end with a kill as well; without a
command the guard does nothing but watch it, until the lease says something (it lets go) or ends (it kills).

Exit status: the command's own; 128 + signal when a signal ended it; 137 when the lease ran out.
"""

import contextlib
import ctypes
import itertools
import os
import select
import shutil
import signal
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
KILLED = 128 + signal.SIGKILL


def prctl(option: int, value: int) -> None:
    """Set a process attribute; Linux only, a no-op where there is no such call."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def parents() -> dict[int, int]:
    """Return pid -> parent pid of every process that can be seen."""
    found = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            found[int(entry.name)] = int((entry / "stat").read_bytes().rpartition(b")")[2].split()[1])
    return found


def start_time(pid: int) -> str:
    """Return the kernel's start tick of a process, empty when there is none (a zombie counts as none)."""
    with contextlib.suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return "" if fields[0] in (b"Z", b"X") else fields[19].decode()
    return ""


def descendants(root: int) -> list[int]:
    """Return every process below `root`."""
    below, table = [root], parents()
    for parent in below:
        below.extend(pid for pid, ppid in table.items() if ppid == parent and pid not in below)
    return below[1:]


def reap() -> dict[int, int]:
    """Collect every child that has ended: pid -> exit status."""
    ended: dict[int, int] = {}
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return ended
            ended[pid] = os.waitstatus_to_exitcode(status)
    return ended


def kill_descendants() -> None:
    """Kill until nothing is left; a process started meanwhile is found by the next round."""
    while True:
        below = descendants(os.getpid())
        if not below:
            return
        for pid in below:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        reap()
        time.sleep(0.01)


def kill_watched(watched: list[str]) -> None:
    """Kill processes given as PID:START, unless the pid belongs to another process by now."""
    for entry in watched:
        pid, _, start = entry.partition(":")
        if start and start_time(int(pid)) == start:
            os.kill(int(pid), signal.SIGKILL)


def unlock(directories: list[str]) -> None:
    """Remove lock files, keep the directories."""
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)


def spawn(command: list[str], *, session: bool, lease: int) -> int:
    """Start the command as a child that dies with the guard; returns its pid."""
    guard = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    os.close(lease)
    if session:
        os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != guard:
        os._exit(KILLED)
    try:
        os.execvp(command[0], command)  # noqa: S606 running a given command is what a guard is for
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        os._exit(127)


def watch(child: int, lease: int, wakeup: int) -> int | None:
    """Wait for the end of the child (its exit status) or of the lease (None).

    By poll(2): select(2) takes no descriptor above 1,023, and the lease has the number it has where it was opened.
    """
    both = select.poll()
    both.register(lease, select.POLLIN)
    both.register(wakeup, select.POLLIN)
    while True:
        status = reap().get(child)
        if status is not None:
            return status
        ready = {descriptor for descriptor, _ in both.poll(1000)}
        if wakeup in ready:
            os.read(wakeup, 512)
        if lease in ready:
            return None


def options(argv: list[str]) -> tuple[int, list[str], list[str], bool, list[str]]:
    """Parse the command line: lease, unlock directories, watched processes, session, command."""
    separator = argv.index("--")
    lease, words, command = int(argv[0]), argv[1:separator], argv[separator + 1 :]
    pairs = list(itertools.pairwise(words))
    values = {key: [value for word, value in pairs if word == key] for key in ("--unlock", "--watch")}
    return lease, values["--unlock"], values["--watch"], "--session" in words, command


def main(argv: list[str]) -> int:
    """Run the command under the lease; returns the exit status to end with."""
    lease, locks, watched, session, command = options(argv)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    wakeup, wakeup_write = os.pipe()
    os.set_blocking(wakeup_write, False)
    signal.set_wakeup_fd(wakeup_write, warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    if not command:
        if not os.read(lease, 64):
            kill_watched(watched)
        return 0
    child = spawn(command, session=session, lease=lease)
    status = watch(child, lease, wakeup)
    kill_descendants()
    if status is None:
        kill_watched(watched)
        unlock(locks)
        return KILLED
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
