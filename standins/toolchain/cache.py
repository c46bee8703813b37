"""What the toolchain keeps outside the repository: binaries, and what was found out about this machine's network."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from typing import TYPE_CHECKING

from standins.paths import cache_directory, machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

REMEMBER_SECONDS = 24 * 3600.0
"""How long an unreachable download site is not asked again: a day, so that a network that opens is noticed."""

WAIT_SECONDS = 0.5


def binary(part: str, version: str, digest: str, name: str) -> Path:
    """Return where a built binary is kept: its path changes with version, machine and locked sources."""
    return cache_directory() / f"{part}-{version}-{machine()}-{digest[:12]}" / name


@contextlib.contextmanager
def exclusive(waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the cache's lock; `waiting` is called twice a second while another run holds it.

    The lock is the kernel's (flock): it goes with its holder, however that ends.
    """
    root = cache_directory()
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("a", encoding="utf-8") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waiting()
                time.sleep(WAIT_SECONDS)
        yield


def remembered(site: str) -> str | None:
    """Return why a download site could not be used lately, or None when it is worth a try."""
    entry = notes().get(site)
    if isinstance(entry, dict) and time.time() - float(entry.get("at", 0)) < REMEMBER_SECONDS:
        return str(entry.get("reason"))
    return None


def remember(site: str, reason: str) -> None:
    """Note that a download site cannot be used, and why."""
    known = notes() | {site: {"at": time.time(), "reason": reason}}
    path = cache_directory() / "network.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".network.{os.getpid()}.new")
    new.write_text(json.dumps(known, indent=1), encoding="utf-8")
    new.replace(path)


def notes() -> dict[str, object]:
    """Return everything noted; an unreadable file counts as empty."""
    with contextlib.suppress(OSError, ValueError):
        known = json.loads((cache_directory() / "network.json").read_text(encoding="utf-8"))
        if isinstance(known, dict):
            return known
    return {}
