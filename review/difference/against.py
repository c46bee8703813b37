"""Stacks of the working tree beside those of a commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import RunError

from config import ConfigError, stack_file
from config.pairs.files import file_beside_primary
from review.difference.compare import Difference, compare
from review.difference.revision import commit_of, recorded
from review.difference.stored import Stored
from review.graph import Graph
from review.recording import record_stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.files import StackFile


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One stack on both sides."""

    stack: str
    """Its name."""
    before: Stored
    """As of the commit; of nothing, where that does not have it."""
    file: StackFile
    """Its file as it stands."""
    difference: Difference
    """What differs."""


@dataclass(frozen=True, kw_only=True)
class NotRecorded:
    """A stack that cannot be recorded on one of the sides."""

    stack: str
    """Its name."""
    why: str
    """Which side, and why."""


def against(revision: str, stacks: Sequence[str]) -> Iterator[Beside | NotRecorded]:
    """Yield each stack with what differs from the commit.

    Raises:
        review.difference.revision.RevisionError: There is no such commit, or its program cannot be run at all.
    """
    before = recorded(commit_of(revision), stacks)
    for stack in stacks:
        nothing = Stored(graph=Graph(stack=stack, source="recording", resources=()), environment="prod", services=())
        old = before.get(stack, nothing)
        if isinstance(old, str):
            yield NotRecorded(stack=stack, why=f"cannot be recorded as of {revision}: {old}")
            continue
        try:
            file = file_beside_primary(stack_file(stack))
            new = record_stack(stack, file.settings)
        except (ConfigError, RunError, ValueError) as error:
            yield NotRecorded(stack=stack, why=f"cannot be recorded as it stands: {error}")
            continue
        yield Beside(stack=stack, before=old, file=file, difference=compare(old.graph, new))
