"""Waiting for processes to end, without sleeping: the kernel says when."""

import os
import select
from pathlib import Path


def ended(pid: int, seconds: float = 5.0) -> bool:
    """Whether a process ends within the time; one that is gone already has."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def lines(path: Path) -> list[str]:
    """Lines of a file, none where there is no file."""
    return path.read_text().split() if path.exists() else []
