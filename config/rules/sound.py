"""How a rule that meets a missing part ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.base import IncompleteError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem


def sound(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Yield what a rule finds until it asks for a part that the stack file lacks; what it found so far stands."""
    try:
        yield from problems
    except IncompleteError:
        return
