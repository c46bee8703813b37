"""Run a Pulumi program as the official Python host does, inside this process."""

from __future__ import annotations

import os
import runpy
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pulumi
from pulumi import RunError

from standins.language import published

if TYPE_CHECKING:
    from types import TracebackType


def run(directory: Path, entry_point: str) -> None:
    """Run the program in `directory`; `entry_point` is its file, or `.` for `__main__.py`.

    Raises:
        RunError: The program failed; the message is what a user should read, with the frames of the program only.
    """
    pulumi.log.debug = silent
    published.tell()
    os.chdir(directory)
    script = directory / entry_point
    if script.is_dir():
        script /= "__main__.py"
    sys.path.insert(0, str(script.parent))
    sys.argv = [str(script)]
    try:
        runpy.run_path(str(script), run_name="__main__")
    except RunError:
        raise
    except SystemExit as stop:
        if stop.code not in (None, 0):
            raise RunError(exit_message(stop)) from None
    except Exception as error:  # noqa: BLE001 whatever a program raises is reported through the engine
        raise RunError(failure_message(error, script.parent)) from None


def silent(*_: object, **__: object) -> None:
    """Take the place of the SDK's debug log.

    It quotes every property, secrets in plain text, and the engine writes what it is told into its event log.
    """


def exit_message(stop: SystemExit) -> str:
    """Return what a program that called `sys.exit` has to say."""
    if isinstance(stop.code, str):
        return stop.code
    return f"the program exited with status {stop.code}"


def failure_message(error: BaseException, directory: Path) -> str:
    """Return the error with its trace from the first frame inside the program on."""
    trace = error.__traceback__
    while trace is not None and not inside(trace, directory):
        trace = trace.tb_next
    lines = traceback.format_exception(type(error), error, trace or error.__traceback__)
    return "Program failed with an unhandled exception:\n" + "".join(lines)


def inside(trace: TracebackType, directory: Path) -> bool:
    """Whether a frame belongs to a file below `directory` (and not to this host, which may lie there too)."""
    file = Path(trace.tb_frame.f_code.co_filename)
    return file.is_relative_to(directory) and not file.is_relative_to(Path(__file__).parent)
