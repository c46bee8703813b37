"""What a drill looks at, and what it found: each check says what was expected, what is there, and what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What it is about, the same in every drill: `postgres-follows`, `bucket-rule app-data`.
        expected: What should be there.
        found: What is there.
        fix: What to do where they differ.
        ok: Whether they agree.
    """

    name: str
    expected: str
    found: str
    fix: str
    ok: bool

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return asdict(self)

    def __str__(self) -> str:
        if self.ok:
            return f"{self.name}: {self.found}"
        return f"{self.name}: expected {self.expected}, found {self.found}\n    do: {self.fix}"


def same(name: str, expected: object, found: object, fix: str) -> Check:
    """Return a check that two values are equal."""
    return Check(name, str(expected), str(found), fix, expected == found)


def holds(name: str, expected: str, found: object, fix: str, *, ok: bool) -> Check:
    """Return a check whose verdict the caller knows."""
    return Check(name, expected, str(found), fix, ok)


def asked(name: str, fix: str, look: Callable[[], Iterable[Check]]) -> list[Check]:
    """Return the checks that looking brings; a refused call, or what a drill cannot follow, is a failed one."""
    try:
        return list(look())
    except (BotoCoreError, ClientError, LookupError, ValueError) as error:
        return [Check(name, "an answer", f"{type(error).__name__}: {error}", fix, ok=False)]


def failed(checks: Iterable[Check]) -> list[Check]:
    """Return the checks that found something else than expected."""
    return [check for check in checks if not check.ok]
