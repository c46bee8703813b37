"""Run a command with the engine and the plugins of this package: `python -m standins --port 4566 pulumi up`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from standins.paths import RunDirectory
from standins.toolchain import chain, launchers
from standins.toolchain.errors import ToolchainError


def arguments(argv: list[str]) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m standins", description=__doc__)
    parser.add_argument("--directory", type=Path, default=Path(".standins"), help="run directory (default: .standins)")
    parser.add_argument("--port", type=int, help="port of the embedded AWS on the loopback interface, if one runs")
    parser.add_argument("--account", default="000000000000", help="its account, twelve digits (default: zeros)")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what to run (default: a shell)")
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    """Bring the toolchain together and become the command; returns only when that is impossible."""
    options = arguments(argv)
    run = RunDirectory(options.directory.resolve())
    try:
        toolchain = chain.provide(lambda line: print(line, file=sys.stderr, flush=True))
    except ToolchainError as error:
        print(error, file=sys.stderr)
        return 1
    for choice in toolchain.choices:
        print(f"{choice.part}: {choice.chosen} ({choice.why})", file=sys.stderr, flush=True)
    launchers.write(run, toolchain)
    for directory in (run.home, run.state):
        directory.mkdir(parents=True, exist_ok=True)
    world = None if options.port is None else launchers.World(options.port, options.account)
    env = launchers.environment(run, toolchain, world)
    command = options.command or [env.get("SHELL", "/bin/sh")]
    try:
        os.execvpe(command[0], command, env)  # noqa: S606 becoming the command is the purpose
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
