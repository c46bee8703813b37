"""`pulumi` of a run directory: the real engine, kept from writing into the project's stack files.

The passphrase provider notes the stack's `encryptionsalt` in the stack file as soon as any command runs, also when the
state knows it (v3.250.0: the fallback to the state's provider still saves). The salt belongs to the run directory's
random passphrase and must not reach the repository. So commands that run the program get a fresh copy of the stack file
in the run directory by `--config-file`; everything else, `pulumi config set` included, is passed on as it was typed.

A preview is told to take no checkpoints. It keeps no state, yet engine 3.276 serializes all of it before and after each
resource: 15 of its 17 s of processor for 600 resources (docs/upstream of this repository). Every command collects less
garbage.

    python -I -S cli.py ENGINE ARGUMENT ...
"""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROGRAM_COMMANDS = {"destroy", "down", "import", "pre", "preview", "refresh", "up", "update"}
"""Commands that read the stack file, save the secrets provider into it, and write nothing else there."""

PREVIEWS = {"pre", "preview"}
"""Commands that keep no state."""

NO_CHECKPOINTS = {"PULUMI_SKIP_CHECKPOINTS": "true"}

VALUED = {"-C", "--cwd", "--color", "--tracing", "--profiling", "--memprofilerate", "-v", "--verbose", "--otel-traces"}
"""Global flags that take the next word as their value, and so hide the command word."""

OWN_FILE = "--config-file"

RUN_VARIABLE = "STANDINS_RUN_DIR"
"""As in `standins.paths`, which this script cannot import: it runs by path, without site packages."""

HEAD = "#!/bin/sh\n# standins: starts the engine for one run directory\n"
"""First lines of a launcher of the engine, by which it is told from an installed engine."""


def is_launcher(path: Path) -> bool:
    """Whether a file is a launcher of ours, in whatever run directory."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(len(HEAD)) == HEAD.encode()
    return False


def command_index(arguments: list[str]) -> int | None:
    """Return where the command word stands."""
    skip = False
    for index, word in enumerate(arguments):
        if skip:
            skip = False
        elif word in VALUED:
            skip = True
        elif not word.startswith("-"):
            return index
    return None


def value(arguments: list[str], short: str, long: str) -> str | None:
    """Return the value of a flag in any of its four spellings."""
    for index, word in enumerate(arguments):
        if word in (short, long):
            return arguments[index + 1] if index + 1 < len(arguments) else None
        if word.startswith(f"{long}="):
            return word.partition("=")[2]
        if word.startswith(short) and not word.startswith("--"):
            return word[len(short) :].removeprefix("=")
    return None


def project(directory: Path) -> Path | None:
    """Return the nearest folder above that holds a project file."""
    return next((folder for folder in (directory, *directory.parents) if (folder / "Pulumi.yaml").is_file()), None)


def selected(engine: str, directory: Path) -> str | None:
    """Return the stack selected in the workspace."""
    shown = subprocess.run(  # noqa: S603 the engine itself
        [engine, "stack", "--show-name", "--non-interactive"],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout.strip() or None


def rewritten(engine: str, arguments: list[str], run_directory: Path) -> list[str]:
    """Return the arguments to run the engine with."""
    index = command_index(arguments)
    if index is None or arguments[index] not in PROGRAM_COMMANDS:
        return arguments
    if any(word == OWN_FILE or word.startswith(f"{OWN_FILE}=") for word in arguments):
        return arguments
    root = project(Path(value(arguments, "-C", "--cwd") or ".").resolve())
    stack = root and (value(arguments, "-s", "--stack") or os.environ.get("PULUMI_STACK") or selected(engine, root))
    if not root or not stack:
        return arguments
    name = f"Pulumi.{stack.rpartition('/')[2]}.yaml"
    if not (root / name).is_file():
        return arguments
    copy = run_directory / "config" / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(root / name, copy)
    return [*arguments[: index + 1], OWN_FILE, str(copy), *arguments[index + 1 :]]


def environment(arguments: list[str]) -> dict[str, str]:
    """Return the environment to run the engine in; what the caller says of checkpoints holds."""
    index = command_index(arguments)
    checkpoints = NO_CHECKPOINTS if index is not None and arguments[index] in PREVIEWS else {}
    return checkpoints | dict(os.environ)


if __name__ == "__main__":
    command = sys.argv[1:]
    own = os.environ.get(RUN_VARIABLE)
    if own:
        command[1:] = rewritten(command[0], command[1:], Path(own))
    os.execve(command[0], ["pulumi", *command[1:]], environment(command[1:]))  # noqa: S606 becoming the engine is the purpose
