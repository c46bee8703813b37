"""The world of a run directory as one transaction: begun, then committed or rolled back.

Engine state and emulator state are one thing: a stack whose state lists a database that the emulator does not have is
worse than none. A command that changes the world notes so in the journal, and afterwards either makes the new pair the
one that counts or puts the old one back. A command that was killed does neither; the next one finds its note.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.emulator import client
from sandbox.run import journal, locks
from sandbox.run.checkpoints import Checkpoints
from sandbox.run.failure import SandboxError
from sandbox.run.journal import Entry, Status
from standins.toolchain.process import ProcessName, Warden

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.paths import RunDirectory

GRACE_SECONDS = 2.0
"""Patience with a leftover process whose state is about to be replaced anyway."""

SAVE_SECONDS = 10.0
"""Patience with an emulator that is ending by itself and saves before it goes."""

NO_ACCOUNT = "000000000000"

PUT_BACK = "the last consistent state is put back"
"""Said whenever a command ends, or begins, with the last consistent pair instead of what was half done."""


class World:
    """The emulator and the engine state of a run directory; the caller holds it (`journal.exclusive`).

    Args:
        run: The run directory.
        command: What the user typed, for the journal.
        note: Takes a line for the user.
    """

    def __init__(self, run: RunDirectory, command: str, note: Callable[[str], None]) -> None:
        self._run = run
        self._note = note
        self._entry = Entry(command=command, process=ProcessName.of(os.getpid()))
        self._checkpoints = Checkpoints(run)
        self._emulator: client.Emulator | None = None
        self._warden: Warden | None = None
        self._stood = False

    @property
    def port(self) -> int:
        """Port of the emulator.

        Raises:
            ValueError: It has not been started.
        """
        if self._emulator is None:
            raise ValueError("the emulator has not been started")
        return self._emulator.port

    @property
    def emulator(self) -> ProcessName | None:
        """Process of the emulator."""
        return None if self._emulator is None else ProcessName.of(self._emulator.pid)

    @property
    def stood(self) -> bool:
        """Whether the emulator was found running, or something was made in it that stays."""
        return self._stood

    def recover(self) -> None:
        """Bring the run directory into a consistent state, whatever happened to the last command.

        Raises:
            SandboxError: An engine command that somebody typed is at work on a stack.
        """
        entry = journal.read(self._run.journal)
        found = client.find(self._run.emulator)
        reason = self._inconsistency(entry, found)
        if reason:
            self._restore(entry, found)
            self._note(reason)
        elif found is not None and entry.status is Status.STANDING:
            self._emulator, self._stood = found, True
            self._entry = replace(self._entry, times=entry.times)
        elif found is not None:
            ProcessName.of(found.pid).end(SAVE_SECONDS)

    def _inconsistency(self, entry: Entry, found: client.Emulator | None) -> str:
        """Return why the last consistent pair has to be put back; empty when the world is consistent as it is."""
        if entry.status is Status.CHANGING:
            return f"`{entry.command}` was cut off in phase {entry.phase or 'begin'}; {PUT_BACK}"
        held = [lock for lock in locks.find(self._run) if lock.held]
        if held:
            what = f"process {held[0].pid} is working on stack {held[0].stack}"
            raise SandboxError("engine", what, "wait until that pulumi command has ended")
        if locks.find(self._run):
            return f"a pulumi command was cut off while it changed a stack; {PUT_BACK}"
        if entry.status is Status.STANDING and found is None:
            return f"the embedded AWS has ended without us; {PUT_BACK}"
        return ""

    def _restore(self, entry: Entry, found: client.Emulator | None) -> None:
        """Stop what is left of a command that was cut off, and put the last pair back."""
        self._entry = replace(self._entry, phase=entry.phase)
        self._journal(Status.CHANGING)
        if entry.emulator is not None:
            entry.emulator.end(GRACE_SECONDS)
        if found is not None:
            ProcessName.of(found.pid).end(GRACE_SECONDS)
        self._checkpoints.restore()
        self._journal(Status.IDLE)

    def begin(self, stacks: tuple[str, ...]) -> None:
        """Start changing: a standing world is saved as the pair to come back to, a resting one is started.

        From here on the emulator ends with us.

        Raises:
            SandboxError: The emulator does not start or cannot save.
        """
        self._entry = replace(self._entry, stacks=stacks)
        if self._emulator is not None:
            self._save()
            self._checkpoints.take()
        self.start()
        self._warden = Warden(ProcessName.of(self._running().pid))
        self._journal(Status.CHANGING)

    def start(self) -> None:
        """Start the emulator from its saved state unless it runs; it ends with us until it is kept.

        Raises:
            SandboxError: It does not start.
        """
        if self._emulator is not None:
            return
        self._run.emulator.mkdir(parents=True, exist_ok=True)
        try:
            self._emulator = client.start(self._run.emulator, account=NO_ACCOUNT)
        except client.EmulatorError as error:
            fix = f"see {self._run.emulator / 'emulator.log'}; `make clean` starts from nothing"
            raise SandboxError("embedded AWS", str(error), fix) from error

    def stand(self) -> None:
        """Let the emulator outlive us; whoever calls sees to its end."""
        self._settle(keep=True)

    def phase(self, name: str) -> None:
        """Note the phase for whoever finds the journal."""
        self._entry = replace(self._entry, phase=name)
        if self._warden is not None:
            self._journal(Status.CHANGING)

    def commit(self, *, keep: bool, times: dict[str, float] | None = None) -> None:
        """Make the world as it is now the pair that counts.

        Args:
            keep: Let the emulator stand; otherwise it is stopped.
            times: Phase -> seconds, for `status`.
        """
        if times is not None:
            self._entry = replace(self._entry, times=times)
        self._save()
        self._checkpoints.take()
        self._settle(keep=keep)

    def checkpoint(self) -> None:
        """Make the world as it is now the pair to come back to, and go on changing it.

        Whatever ends the command from here on, what stands now is kept.
        """
        self._save()
        self._checkpoints.take()
        self._stood = True

    def leave(self) -> None:
        """End a command that changed nothing: the world is left standing or resting, as it was found."""
        if self._emulator is not None:
            self._settle(keep=self._stood)

    def _settle(self, *, keep: bool) -> None:
        emulator = self._running()
        if keep:
            if emulator.process is not None:
                emulator.keep()
            self._journal(Status.STANDING)
            self._let_go()
            return
        self._stop()
        self._let_go()
        self._journal(Status.IDLE)

    def roll_back(self) -> bool:
        """End a command that cannot go on: once begun, the last consistent pair is put back and nothing runs any more.

        Before `begin`, a world that stood is left standing, and one that was only started for a look is ended.
        Returns whether a pair was put back.
        """
        begun, process = self._warden is not None, self.emulator
        if process is None or (self._stood and not begun):
            return False
        process.end(GRACE_SECONDS)
        self._emulator = None
        if begun:
            self._journal(Status.CHANGING)
            self._checkpoints.restore()
        self._let_go()
        self._journal(Status.IDLE)
        return begun

    def clear(self) -> None:
        """Stop the emulator and forget its state and every pair: an empty world rests."""
        self._stop()
        self._let_go()
        self._checkpoints.forget()
        self._checkpoints.restore()
        self._entry = replace(self._entry, times={})
        self._journal(Status.IDLE)

    def _running(self) -> client.Emulator:
        if self._emulator is None:
            raise ValueError("the emulator has not been started")
        return self._emulator

    def _save(self) -> None:
        try:
            self._running().save()
        except client.EmulatorError as error:
            fix = "the world was left as it is; `make down` and `make up` build it anew"
            raise SandboxError("embedded AWS", f"its state cannot be saved: {error}", fix) from error

    def _stop(self) -> None:
        emulator, process = self._emulator, self.emulator
        if emulator is None:
            return
        with contextlib.suppress(client.EmulatorError):
            emulator.stop()
        if process is not None:
            process.end(GRACE_SECONDS)
        self._emulator = None

    def _let_go(self) -> None:
        if self._warden is not None:
            self._warden.let_go()
            self._warden = None

    def _journal(self, status: Status) -> None:
        port = self._emulator.port if self._emulator else 0
        self._entry = replace(self._entry, status=status, emulator=self.emulator, port=port)
        journal.write(self._run.journal, self._entry)
