"""Consistent pairs of engine state and emulator state: taken when both agree, put back when a command was cut off.

A pair is a directory; the file `current` names the one that counts and is replaced in one step, so that there is a
whole pair at every moment.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.paths import RunDirectory

PARTS = ("state", "emulator", "held", "rendered")
"""Directories of the run directory that make up a world."""

TRANSIENT = {"emulator": {"running.json", "emulator.log"}, "state/.pulumi": {"locks"}}
"""What tells of processes and not of the world, by directory."""


class Checkpoints:
    """The pairs of one run directory. Whoever calls holds the run directory and has let no engine command run."""

    def __init__(self, run: RunDirectory) -> None:
        self._run = run
        self._pointer = run.checkpoints / "current"

    def current(self) -> Path | None:
        """Return the last consistent pair, or None before the first."""
        try:
            return self._run.checkpoints / self._pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None

    def take(self) -> None:
        """Make what is on disk the pair that counts; the emulator must have saved, the engine must have ended."""
        before = self.current()
        name = str(int(before.name) + 1) if before else "1"
        new = self._run.checkpoints / name
        shutil.rmtree(new, ignore_errors=True)
        for part in PARTS:
            live = self._run.root / part
            if live.is_dir():
                shutil.copytree(live, new / part, ignore=self._transient)
        new.mkdir(parents=True, exist_ok=True)
        self._point(name)
        for old in self._run.checkpoints.iterdir():
            if old.is_dir() and old != new:
                shutil.rmtree(old, ignore_errors=True)

    def restore(self) -> bool:
        """Put the last pair back, or an empty world before the first; returns whether there was one.

        Interrupted, it can be called again; the journal has to say that the world is changing until it returns.
        """
        pair = self.current()
        for part in PARTS:
            live = self._run.root / part
            shutil.rmtree(live, ignore_errors=True)
            if pair and (pair / part).is_dir():
                shutil.copytree(pair / part, live)
        self._run.state.mkdir(parents=True, exist_ok=True)
        return pair is not None

    def forget(self) -> None:
        """Drop every pair: the world that is put back from now on is an empty one."""
        self._pointer.unlink(missing_ok=True)
        shutil.rmtree(self._run.checkpoints, ignore_errors=True)

    def _transient(self, directory: str, _: list[str]) -> set[str]:
        return TRANSIENT.get(os.path.relpath(directory, self._run.root), set())

    def _point(self, name: str) -> None:
        new = self._pointer.with_name("current.new")
        with new.open("w", encoding="utf-8") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._pointer)
