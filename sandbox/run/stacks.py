"""Stack files: which there are, and what the sandbox has to know of one before anything is touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.paths import CHECKOUT
from sandbox.run.failure import RefusedError
from sandbox.run.world import NO_ACCOUNT

if TYPE_CHECKING:
    from pathlib import Path

PREFIX, SUFFIX = "Pulumi.", ".yaml"

DEFAULT = ("prod", "dr")
"""Stacks that are meant when none is named, as far as the project has them."""


@dataclass(frozen=True)
class StackFile:
    """A stack file that was read and found good.

    Attributes:
        name: Name of the stack.
        path: The file.
        account_id: Account the stack may touch; the emulator answers for it.
        follows: Stack whose outputs it reads; it is deployed after it, and destroyed before it.
        region: Region that the stack is in; empty for another project's.
    """

    name: str
    path: Path
    account_id: str
    follows: str | None = None
    region: str = ""


def names(project: Path) -> list[str]:
    """Return the stacks that have a file."""
    found = (path.name.removeprefix(PREFIX).removesuffix(SUFFIX) for path in project.glob(f"{PREFIX}*{SUFFIX}"))
    return sorted(found)


def meant(project: Path, given: list[str]) -> list[str]:
    """Return the stacks that a command is about: those named, else the default ones."""
    there = names(project)
    return given or [name for name in DEFAULT if name in there] or [DEFAULT[0]]


def ordered(project: Path, given: list[str]) -> list[StackFile]:
    """Return the files of the stacks that a command is about, a stack after the one it follows.

    Raises:
        RefusedError: One is missing or wrong.
    """
    files = [read(project, name) for name in dict.fromkeys(meant(project, given))]
    return sorted(files, key=lambda file: file.follows is not None)


def read(project: Path, stack: str) -> StackFile:
    """Check a stack file whole; of another project's only that it is there.

    Raises:
        RefusedError: There is none, or it is wrong; the text holds all errors of the file.
    """
    if project == CHECKOUT:
        return checked(project, stack)
    path = project / f"{PREFIX}{stack}{SUFFIX}"
    if not path.is_file():
        there = ", ".join(names(project)) or "none"
        raise RefusedError(path.name, f"no stack file of this name; there are: {there}", "name one of them")
    return StackFile(stack, path, NO_ACCOUNT)


def checked(project: Path, stack: str) -> StackFile:
    """Check one of this repository's stack files, a standby's beside its primary's."""
    from config.load import ConfigError, stack_file  # noqa: PLC0415 half a second that `--help` does not need
    from config.pairs.files import load_beside_primary  # noqa: PLC0415

    try:
        path = stack_file(stack, project)
        settings = load_beside_primary(path)
        standby = settings.recovery.standby if settings.recovery else None
        follows = standby.primary if standby else None
        return StackFile(stack, path, settings.identity.account_id, follows, settings.identity.region)
    except ConfigError as error:
        fix = "correct the stack file; nothing was touched"
        count = len(error.problems)
        raise RefusedError(f"stack {stack}", f"{count} problem{'' if count == 1 else 's'}\n{error}", fix) from None
