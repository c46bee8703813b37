"""Containers that run: a process each, which ends with the emulator whatever ends it, and whose lines are logged.

Each stands behind a guard (`standins.toolchain.guard`), which kills it and all it started as soon as the emulator is
gone. Its memory is bounded by RLIMIT_DATA.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import contextlib
import logging
import os
import resource
import signal
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import ecs

from sandbox.emulator.tasks.images import CHECKOUT
from standins.toolchain import process

if TYPE_CHECKING:
    from sandbox.emulator.tasks.commands import Program
    from sandbox.emulator.tasks.placement import Record

_LONGEST_LINE: Final = 16 * 1024
"""Characters of a line that are logged: awslogs cuts there, too."""
_MIB: Final = 1024 * 1024
KILLED: Final = 128 + signal.SIGKILL

log = logging.getLogger(__name__)


class Container:
    """A container that runs.

    Args:
        program: What it runs.
        task_id: Id of its task, part of its log stream's name.
        definition: Its definition, for its log.
    """

    def __init__(self, program: Program, task_id: str, definition: Record) -> None:
        self.program = program
        self.signalled = False
        self.killed = False
        self._guarded = process.start(
            program.command, env=dict(program.environment), cwd=CHECKOUT, output=subprocess.PIPE
        )
        _bound(self._guarded.name.pid, program.memory_mib)
        self._child: int | None = None
        self._logs = threading.Thread(
            target=_forward,
            args=(self._guarded, ecs._awslogs_config(definition, task_id, task_id), get_account_id(), get_region()),
            name=f"ecs-logs-{task_id[:8]}",
            daemon=True,
        )
        self._logs.start()

    @property
    def pid(self) -> int | None:
        """Its process, None before it is there."""
        if self._child is None:
            guard = self._guarded.name.pid
            with contextlib.suppress(OSError, IndexError):
                self._child = int(Path(f"/proc/{guard}/task/{guard}/children").read_text().split()[0])
        return self._child

    def exit_code(self) -> int | None:
        """Return its exit status, 128 + n where signal n ended it; None while it runs."""
        return self._guarded.poll()

    def terminate(self) -> bool:
        """Send it SIGTERM, as ECS does to the first process of a container; False where it is not there yet."""
        pid = self.pid
        if pid is None:
            return self.exit_code() is not None
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        self.signalled = True
        return True

    def kill(self) -> None:
        """Kill it and everything it started; its guard ends with status 137."""
        self.killed = True
        self._guarded.kill()


def _bound(guard: int, memory_mib: int | None) -> None:
    """Bound the memory of a process that a guard is about to start: it inherits the guard's limit."""
    if memory_mib is not None:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(guard, resource.RLIMIT_DATA, (memory_mib * _MIB, memory_mib * _MIB))


def _forward(guarded: process.Guarded, config: dict[str, object] | None, account: str, region: str) -> None:
    """Put each line of a container into the log stream that its definition names."""
    with request_scope(account, str((config and config["region"]) or region)):
        wanted = config is not None and ecs._ensure_awslogs_stream(config)
        with contextlib.suppress(ValueError):  # closed with the emulator
            for line in guarded.stdout:
                if wanted:
                    ecs._emit_awslogs_event(config, line.rstrip("\n")[:_LONGEST_LINE])
        guarded.stdout.close()


class Check:
    """One run of a container's health check.

    Args:
        program: The container's.
    """

    def __init__(self, program: Program) -> None:
        self._guarded = process.start(
            program.health, env=dict(program.environment), cwd=CHECKOUT, output=subprocess.DEVNULL
        )

    def passed(self) -> bool | None:
        """Return whether it succeeded; None while it runs."""
        status = self._guarded.poll()
        return None if status is None else status == 0

    def kill(self) -> None:
        """End it."""
        self._guarded.kill()
