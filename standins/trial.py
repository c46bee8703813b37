"""A trial project of its own: the real engine, these plugins, and a run directory that goes with it. Made for tests."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from standins.paths import RunDirectory
from standins.toolchain import chain, launchers

if TYPE_CHECKING:
    from pathlib import Path

STACK = "test"
LIMIT_SECONDS = 240
"""For the slowest command; a first one may have to derive the AWS plugin's shape table."""


class TrialError(RuntimeError):
    """A command that had to end well did not; the text is all it said."""


class Project:
    """One program and one stack.

    Args:
        place: An existing directory to make project and run directory in.
        program: Text of `__main__.py`.
        port: Port of the embedded AWS on the loopback interface, if the program needs any.
    """

    def __init__(self, place: Path, program: str, port: int | None = None) -> None:
        self.run_directory = RunDirectory(place / "run")
        self.directory = place / "program"
        self.directory.mkdir()
        (self.directory / "Pulumi.yaml").write_text("name: trial\nruntime: python\n", encoding="utf-8")
        (self.directory / "__main__.py").write_text(program, encoding="utf-8")
        toolchain = chain.provide(lambda _: None)
        launchers.write(self.run_directory, toolchain)
        world = None if port is None else launchers.World(port, "123456789012")
        self.env = launchers.environment(self.run_directory, toolchain, world)
        for directory in (self.run_directory.home, self.run_directory.state):
            directory.mkdir(parents=True)
        self.succeed("stack", "init", STACK)

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run one engine command; its output is one text."""
        return subprocess.run(  # noqa: S603 the engine of the toolchain
            [str(self.run_directory.bin / "pulumi"), *words, "--non-interactive"],
            cwd=self.directory,
            env=self.env | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )

    def succeed(self, *words: str, **variables: str) -> str:
        """Run a command that must end well; returns its output.

        Raises:
            TrialError: It did not.
        """
        ended = self.run(*words, **variables)
        if ended.returncode:
            raise TrialError(ended.stdout)
        return ended.stdout

    def up(self, **variables: str) -> str:
        """Deploy; returns the output."""
        return self.succeed("up", "--yes", "--skip-preview", **variables)

    def destroy(self) -> str:
        """Destroy; returns the output."""
        return self.succeed("destroy", "--yes", "--skip-preview")

    def resources(self) -> list[dict[str, Any]]:
        """What the stack's state holds."""
        state = json.loads(self.succeed("stack", "export"))
        found: list[dict[str, Any]] = state["deployment"].get("resources", [])
        return found
