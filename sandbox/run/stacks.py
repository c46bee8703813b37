"""Stack files: which there are, and what the sandbox has to know of one before anything is touched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.emulator import console
from sandbox.paths import CHECKOUT
from sandbox.run.failure import RefusedError
from sandbox.run.world import NO_ACCOUNT

if TYPE_CHECKING:
    from pathlib import Path

    from config.stack import StackConfig

PREFIX, SUFFIX = "Pulumi.", ".yaml"

DEFAULT = ("prod", "dr")
"""Stacks that are meant when none is named, as far as the project has them."""


@dataclass(frozen=True)
class ByHand:
    """What a person, or a day, does in an account that no deployment does.

    Attributes:
        slack_workspace: Workspace that somebody authorises in the console; empty for none.
        tag_keys: Tag keys that billing has seen.
    """

    slack_workspace: str = ""
    tag_keys: tuple[str, ...] = ()

    def done(self, port: int, account: str) -> None:
        """Do it in the embedded AWS; what was done before stays so.

        Raises:
            EmulatorError: The emulator does not answer.
        """
        url = f"http://127.0.0.1:{port}"
        if self.slack_workspace:
            console.authorise_slack(url, account, self.slack_workspace)
        if self.tag_keys:
            console.bill_tag_keys(url, account, self.tag_keys)


@dataclass(frozen=True)
class StackFile:
    """A stack file that was read and found good.

    Attributes:
        name: Name of the stack.
        path: The file.
        account_id: Account the stack may touch; the emulator answers for it.
        follows: Stack whose outputs it reads; it is deployed after it, and destroyed before it.
        region: Region that the stack is in; empty for another project's.
        by_hand: What the stack takes for done in its account; nothing for another project's.
    """

    name: str
    path: Path
    account_id: str
    follows: str | None = None
    region: str = ""
    by_hand: ByHand = field(default_factory=ByHand)


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
        own = settings.identity
        return StackFile(stack, path, own.account_id, follows, own.region, by_hand(settings))
    except ConfigError as error:
        fix = "correct the stack file; nothing was touched"
        count = len(error.problems)
        raise RefusedError(f"stack {stack}", f"{count} problem{'' if count == 1 else 's'}\n{error}", fix) from None


def by_hand(settings: StackConfig) -> ByHand:
    """Return what a stack takes for done in its account (docs/runbooks/first-account.md)."""
    slack = settings.observability.channels.slack if settings.observability else None
    keys = settings.cost.allocation_tags if settings.cost and settings.cost.billed else ()
    return ByHand(slack.workspace_id if slack else "", tuple(keys))
