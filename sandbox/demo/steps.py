"""A step of a demonstration: what was asked, so that somebody else can ask it again, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.drill.checks import failed
from sandbox.run.failure import SandboxError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.drill.checks import Check


@dataclass
class Step:
    """One step.

    Attributes:
        name: What it shows.
        asked: Each request in the words of a shell: `curl` for the system's own names, `aws` for AWS's APIs.
        checks: What was found, judged.
        seconds: How long it took.
    """

    name: str
    asked: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def held(self) -> bool:
        """Whether something was found, all of it as it should be."""
        return bool(self.checks) and not failed(self.checks)

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {
            "name": self.name,
            "held": self.held,
            "asked": self.asked,
            "checks": [check.document() for check in self.checks],
            "seconds": round(self.seconds, 2),
        }

    def say(self, note: Callable[[str], None]) -> None:
        """Say it in lines."""
        for line in self.asked:
            note(f"  asked: {line}")
        for check in self.checks:
            note(f"  {'found' if check.ok else 'WRONG'}: {check}")


class StepError(SandboxError):
    """A step does not hold.

    Attributes:
        steps: All steps by then as plain data, the last one being the one that does not.
    """

    def __init__(self, steps: list[Step], fix: str) -> None:
        wrong = failed(steps[-1].checks)
        super().__init__(f"demo: {steps[-1].name}", "; ".join(map(str, wrong)) or "nothing was found", fix)
        self.steps = [step.document() for step in steps]
