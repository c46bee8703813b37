"""Comments of the stack that a new one is made after: which of them are true of the new one."""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Final

from config.new.draft import Draft
from config.new.names import Who, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.new.draft import Values
    from config.problems import Path

_BLOCK: Final = re.compile(r"\d+\.\d+\.\d+\.\d+/\d+")
_WIDTH: Final = re.compile(r"(?<![\w.])/(\d\d)\b")
_CLAUSES: Final = re.compile(r"(?<=[\w)`\"][.;]) (?=\S)")
_COUNTS: Final = re.compile(r"(\d|\b(?:two|three|four|both|fewest)\b).*\b(zones?|AZ|nodes)\b|\bper (zone|AZ)\b")
"""Clauses that count zones, or what stands in each."""


class Comments:
    """What of a comment holds."""

    def __init__(self, values: tuple[Values, Values], who: tuple[Who, Who], stacks: Iterable[str]) -> None:
        """Compare two stacks.

        Args:
            values: Settings of the other stack, and of the new one.
            who: Names of the other stack, and of the new one.
            stacks: Names of the other stack and of those that follow it.
        """
        old, new = (dict(Draft(one).leaves()) for one in values)
        self._who = who
        self._blocks = {str(was): str(new[path]) for path, was in old.items() if path in new and _is_block(was)}
        self._widths = _widths(old) - _widths(new)
        self._fewer = len(_zones(values[0])) != len(_zones(values[1]))
        words = [r"Pulumi\.[\w-]+\.yaml", r"\bstandby", *(rf"\b{re.escape(stack)}\b" for stack in stacks)]
        regions = [re.escape(who[0].region)] * (who[0].region != who[1].region)
        self._stale = re.compile("|".join([*words, *regions]))

    def holds(self, comment: str) -> str | None:
        """Return a comment as it is true of the new stack, up to what only the other one has; None = nothing of it."""
        true: list[str] = []
        for clause in _CLAUSES.split(comment):
            if not self._true(clause):
                break
            true.append(clause)
        text = " ".join(true).removesuffix(";")
        return in_words(_BLOCK.sub(lambda found: self._blocks[found.group()], text), *self._who) or None

    def _true(self, clause: str) -> bool:
        if self._stale.search(clause) or (self._fewer and _COUNTS.search(clause)):
            return False
        known = all(block in self._blocks for block in _BLOCK.findall(clause))
        return known and not any(width in self._widths for width in _WIDTH.findall(clause))


def header(stack: str, like: str) -> list[str]:
    """Return the first comment of a new stack file."""
    return [
        f"# Stack {stack}, made after stack {like} by `python -m config.new`. Check it without an account by",
        f"# `python -m config.check {stack}`. Every field is explained in config/schema.json; an editor shows it and",
        f"# completes the keys. Comments are those of Pulumi.{like}.yaml where they hold here: where one names a",
        "# document, it is that stack's. Where a value was chosen for this stack, its comment says why.",
    ]


def _is_block(value: object) -> bool:
    return isinstance(value, str) and _BLOCK.fullmatch(value) is not None


def _widths(leaves: dict[Path, object]) -> set[str]:
    return {str(IPv4Network(str(value)).prefixlen) for path, value in leaves.items() if "cidrs" in path}


def _zones(values: Values) -> list[object]:
    found = Draft(values).get("network", "zones")
    return found if isinstance(found, list) else []
