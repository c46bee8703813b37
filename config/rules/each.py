"""Rules on one of many: what is not known of one hides no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from config.problems import Path, Problem
from config.rules.until_incomplete import until_incomplete
from config.stack import StackConfig

if TYPE_CHECKING:
    from config.base import Section

One = TypeVar("One", bound="Section")
Judge = Callable[[StackConfig, Path, One], Iterator[Problem]]
Rule = Callable[[StackConfig], Iterator[Problem]]


def of_each(path: Path, found: Callable[[StackConfig], Mapping[str, One]]) -> Callable[[Judge[One]], Rule]:
    """Return what makes a rule on one entry of a mapping one on all of them.

    Args:
        path: Path of the mapping.
        found: The mapping of a stack.
    """

    def made(judge: Judge[One]) -> Rule:
        def rule(config: StackConfig) -> Iterator[Problem]:
            for name, one in found(config).items():
                yield from until_incomplete(judge(config, (*path, name), one))

        rule.__doc__, rule.__name__ = judge.__doc__, judge.__name__
        return rule

    return made
