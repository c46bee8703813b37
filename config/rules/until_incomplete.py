"""How a rule that meets a missing part ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from config.base import IncompleteError

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


def until_incomplete(problems: Iterator[T]) -> Iterator[T]:
    """Yield what a rule finds until it asks for a part that the stack file lacks; what it found so far stands."""
    try:
        yield from problems
    except IncompleteError:
        return
