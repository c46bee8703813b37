"""Run a command with the engine and the plugins of this package: `python -m standins --port 4566 pulumi up`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from standins.paths import RunDirectory
from standins.toolchain import chain, launchers, tables
from standins.toolchain.errors import ToolchainError

if TYPE_CHECKING:
    from standins.toolchain.chain import Toolchain


def arguments(argv: list[str]) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m standins", description=__doc__)
    parser.add_argument("--directory", type=Path, default=Path(".standins"), help="run directory (default: .standins)")
    parser.add_argument("--port", type=int, help="port of the embedded AWS on the loopback interface, if one runs")
    parser.add_argument("--account", default="000000000000", help="its account, twelve digits (default: zeros)")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what to run (default: a shell)")
    return parser.parse_args(argv)


class Words:
    """What is said on standard error, apart from the command's own output."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, line: str) -> None:
        """Say a line, unless it was the last one: progress is reported twice a second."""
        if line != self._last:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
        self._last = line


def prepare(run: RunDirectory, say: Words) -> Toolchain:
    """Bring the toolchain together for a run directory, saying what was chosen.

    Raises:
        ToolchainError: A part cannot be had.
    """
    toolchain = chain.provide(say)
    for choice in toolchain.choices:
        say(f"{choice.part}: {choice.chosen} ({choice.why})")
    launchers.write(run, toolchain)
    for directory in (run.home, run.state):
        directory.mkdir(parents=True, exist_ok=True)
    tables.derive(run, toolchain, say)
    return toolchain


def main(argv: list[str]) -> int:
    """Become the command; returns only when that is impossible."""
    options, say = arguments(argv), Words()
    run = RunDirectory(options.directory.resolve())
    try:
        toolchain = prepare(run, say)
    except ToolchainError as error:
        say(str(error))
        return 1
    world = None if options.port is None else launchers.World(options.port, options.account)
    env = launchers.environment(run, toolchain, world)
    command = options.command or [env.get("SHELL", "/bin/sh")]
    try:
        os.execvpe(command[0], command, env)  # noqa: S606 becoming the command is the purpose
    except OSError as error:
        say(f"{command[0]}: {error.strerror}")
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
