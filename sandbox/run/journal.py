"""What is going on in a run directory, on disk, so that the next command knows how the last one ended."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sandbox.run.failure import SandboxError
from standins.toolchain.process import ProcessName

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.paths import RunDirectory


class Status(StrEnum):
    """How a world is."""

    IDLE = "idle"
    """Nothing runs; what is on disk is consistent."""
    CHANGING = "changing"
    """A command is changing the world; if its process is gone, it was cut off."""
    STANDING = "standing"
    """The emulator runs and agrees with the engine's state."""


@dataclass(frozen=True)
class Entry:
    """The journal's only entry.

    Attributes:
        status: How the world is.
        command: The command that wrote this.
        phase: Its phase at the time.
        since: Unix time of writing, in seconds.
        process: The command's own process.
        emulator: The emulator's process, if one was started or found.
        port: Its port on the loopback interface; 0 without one.
        stacks: Stacks the command worked on.
        times: Phase -> seconds of the last finished deployment.
    """

    status: Status = Status.IDLE
    command: str = ""
    phase: str = ""
    since: float = 0.0
    process: ProcessName | None = None
    emulator: ProcessName | None = None
    port: int = 0
    stacks: tuple[str, ...] = ()
    times: dict[str, float] = field(default_factory=dict)


def read(path: Path) -> Entry:
    """Return the entry; an idle one where there is none."""
    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Entry()
    except ValueError:
        return Entry(status=Status.CHANGING, command="a command", phase="an unknown phase")
    processes = {key: said[key] and ProcessName(**said[key]) for key in ("process", "emulator")}
    return Entry(**said | processes | {"status": Status(said["status"]), "stacks": tuple(said["stacks"])})


def write(path: Path, entry: Entry) -> None:
    """Replace the entry in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(asdict(entry) | {"since": time.time()}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


@contextlib.contextmanager
def exclusive(run: RunDirectory) -> Iterator[None]:
    """Hold the run directory; the lock is the kernel's and goes with its holder, however that ends.

    Raises:
        SandboxError: Another command holds it.
    """
    run.root.mkdir(parents=True, exist_ok=True)
    with run.lock.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SandboxError(str(run.lock), busy(read(run.journal)), "wait for it, or end it with Ctrl-C") from None
        yield


def busy(entry: Entry) -> str:
    """Return who is at work, as far as the journal knows."""
    if entry.status is Status.CHANGING and entry.process:
        return f"`{entry.command}` is at work here (process {entry.process.pid}, phase {entry.phase or 'begin'})"
    return "another command is at work here"
