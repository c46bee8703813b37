"""What every command shares: where it works, how it speaks, and how a transaction of it ends."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from sandbox.paths import RunDirectory, run_directory
from sandbox.run.engine import Engine
from sandbox.run.failure import DestroyError, NoToolchainError, RefusedError, SandboxError
from sandbox.run.lifetime import undisturbed
from sandbox.run.world import PUT_BACK, World
from standins.toolchain import chain, launchers, tables
from standins.toolchain.errors import ToolchainError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.run.progress import Progress
    from standins.toolchain.chain import Toolchain

SHELL_MARK = "PLATFORM_SANDBOX_SHELL"
"""Set in the sandbox's own shell, which keeps the world standing that another command would stop."""

POLICY_PACK = "policy"
"""Folder of the policy pack, below the project."""


@dataclass
class Session:
    """One command at work.

    Attributes:
        project: Directory of the project file.
        progress: How it speaks.
        command: What the user typed.
    """

    project: Path
    progress: Progress
    command: str

    @property
    def run(self) -> RunDirectory:
        """The project's run directory."""
        return run_directory(self.project)

    @property
    def pack(self) -> Path | None:
        """The policy pack, where the project has one."""
        pack = self.project / POLICY_PACK
        return pack if (pack / "PulumiPolicy.yaml").is_file() else None

    @property
    def project_name(self) -> str:
        """Name in the project file.

        Raises:
            SandboxError: There is no project file with a name.
        """
        path = self.project / "Pulumi.yaml"
        try:
            return str(yaml.safe_load(path.read_text(encoding="utf-8"))["name"])
        except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
            raise SandboxError(str(path), f"no project name: {error!r}", "run it in a Pulumi project") from None

    @contextlib.contextmanager
    def phase(self, name: str, world: World | None = None) -> Iterator[None]:
        """Name what happens now, beside what happens already, to the user and to the journal."""
        if world is not None:
            world.phase(" and ".join(filter(None, (self.progress.phase_name, name))))
        with self.progress.phase(name):
            yield
        if world is not None and self.progress.phase_name:
            world.phase(self.progress.phase_name)

    def world(self) -> World:
        """Return the world of the run directory."""
        return World(self.run, self.command, self.progress.note)

    def toolchain(self) -> Toolchain:
        """Bring the toolchain together and write the launchers.

        Raises:
            NoToolchainError: A part cannot be had on this machine.
        """
        try:
            found = chain.provide(self.progress.status)
        except ToolchainError as error:
            fix = "get the part and run it again; what the offline review can say without it follows"
            raise NoToolchainError("toolchain", str(error), fix) from None
        for choice in found.choices:
            self.progress.note(f"{choice.part}: {choice.chosen} ({choice.why})")
        launchers.write(self.run, found)
        shutil.rmtree(self.run.home / "logs", ignore_errors=True)  # the engine keeps one of every command
        try:
            tables.derive(self.run, found, self.progress.status)
        except ToolchainError as error:
            raise SandboxError("aws plugin", str(error), "run it again; `make review` works without it") from None
        return found

    def environment(self, toolchain: Toolchain, port: int, account_id: str) -> dict[str, str]:
        """Return the environment of engine commands that work for an account on the running emulator."""
        return launchers.environment(self.run, toolchain, launchers.World(port, account_id))

    def engine(self, toolchain: Toolchain, world: World, account_id: str) -> Engine:
        """Return the engine for an account on the running emulator."""
        self.run.state.mkdir(parents=True, exist_ok=True)
        env = self.environment(toolchain, world.port, account_id)
        return Engine(self.project, self.run, env, self.progress)


@contextlib.contextmanager
def transaction(world: World) -> Iterator[None]:
    """End a command that did not end well so that engine and emulator agree.

    Refused: nothing was changed, the world is left as it was found. Failed to destroy: what is gone stays gone.
    Anything else, an interruption or a failed deployment: the last consistent pair is put back. (On AWS a failed
    deployment stays as it is. Here it may have left things that the state does not know of, and nothing is worth it.)
    """
    try:
        yield
    except RefusedError:
        with undisturbed():
            world.leave()
        raise
    except DestroyError:
        with undisturbed():
            keep_what_was_done(world)
        raise
    except SandboxError as error:
        with undisturbed():
            if world.roll_back():
                error.add(PUT_BACK)
        raise
    except BaseException:
        with undisturbed():
            world.roll_back()
        raise


def keep_what_was_done(world: World) -> None:
    """Commit a partial destruction; one that cannot even be saved is rolled back."""
    try:
        world.commit(keep=world.stood)
    except SandboxError:
        world.roll_back()


def outside_shell() -> None:
    """Refuse to work inside the sandbox's own shell.

    Raises:
        RefusedError: We are in it.
    """
    if SHELL_MARK in os.environ:
        raise RefusedError("shell", "this is the sandbox's own shell", "leave it first, or type pulumi commands in it")
