"""The engine's stack locks: whose they are, and which nobody holds any more."""

from __future__ import annotations

import contextlib
import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standins.toolchain.process import ProcessName

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.paths import RunDirectory


@dataclass(frozen=True)
class Lock:
    """One lock file of the engine's file backend.

    Attributes:
        path: The file.
        stack: Name of the stack it locks.
        pid: Process that took it; 0 when the file does not say.
        held: Whether that process still runs on this machine.
    """

    path: Path
    stack: str
    pid: int
    held: bool


def directory(run: RunDirectory) -> Path:
    """Return where the engine keeps its locks."""
    return run.state / ".pulumi" / "locks"


def find(run: RunDirectory) -> list[Lock]:
    """Return every lock there is."""
    return [describe(path) for path in sorted(directory(run).glob("**/*.json")) if path.is_file()]


def describe(path: Path) -> Lock:
    """Read a lock file; one that cannot be read is held by nobody, since the engine writes them in one go."""
    pid, host = 0, socket.gethostname()
    with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
        said = json.loads(path.read_text(encoding="utf-8"))
        pid, host = int(said.get("pid", 0)), str(said.get("hostname", host))
    elsewhere = host != socket.gethostname()
    return Lock(path, path.parent.name, pid, elsewhere or (pid > 0 and ProcessName.of(pid).runs()))
