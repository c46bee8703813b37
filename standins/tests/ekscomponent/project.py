"""A trial project of its own: real engine, our plugins, a run directory that goes with the test."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from sandbox.paths import RunDirectory
from standins.toolchain import chain, launchers

if TYPE_CHECKING:
    from pathlib import Path

STACK = "test"
LIMIT_SECONDS = 240
"""For the slowest command; a first one may have to derive the AWS plugin's shape table."""


class Project:
    """One program and one stack; `port` is that of the embedded AWS, if the program needs any."""

    def __init__(self, place: Path, program: str, port: int | None = None) -> None:
        self.run_directory = RunDirectory(place / "run")
        self.directory = place / "program"
        self.directory.mkdir()
        (self.directory / "Pulumi.yaml").write_text("name: trial\nruntime: python\n")
        (self.directory / "__main__.py").write_text(program)
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
        """Run a command that must end well."""
        ended = self.run(*words, **variables)
        assert ended.returncode == 0, ended.stdout
        return ended.stdout

    def up(self, **variables: str) -> str:
        return self.succeed("up", "--yes", "--skip-preview", **variables)

    def destroy(self) -> str:
        return self.succeed("destroy", "--yes", "--skip-preview")

    def resources(self) -> list[dict[str, Any]]:
        """What the stack's state holds."""
        state = json.loads(self.succeed("stack", "export"))
        found: list[dict[str, Any]] = state["deployment"].get("resources", [])
        return found
