"""What runs in a subnet that is cut off stands still: it neither answers nor asks, as behind a network that is gone.

A process keeps what it has in memory, and goes on when its subnet is given back.
"""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ministack.services import ecs

from sandbox.emulator.tasks import placement
from sandbox.emulator.tasks.lock import LOCK
from sandbox.emulator.tasks.runs import RUNS

if TYPE_CHECKING:
    from collections.abc import Iterator

_FROZEN: Final[set[str]] = set()
"""ARNs of tasks whose processes stand still."""


def look() -> None:
    """Stop what runs in a subnet that is cut off, and let go on what does so no more."""
    if not placement.CUT and not _FROZEN:
        return
    with LOCK:
        cut = {
            arn
            for (_, _, arn), task in ecs._tasks.all_items()  # noqa: SLF001 - works on the emulator's own internals
            if arn in RUNS and placement.subnet_of(task) in placement.CUT
        }
        for arn in cut:
            _send(arn, signal.SIGSTOP)  # once more for what a process has started since
        for arn in _FROZEN - cut:
            _send(arn, signal.SIGCONT)
        _FROZEN.clear()
        _FROZEN.update(cut)


def _send(arn: str, number: signal.Signals) -> None:
    run = RUNS.get(arn)
    for container in run.containers if run is not None else ():
        if container.pid is not None:
            for pid in (container.pid, *_below(container.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)


def _below(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            yield int(child)
            yield from _below(int(child))
