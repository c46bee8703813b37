"""`demo`: show a system of agents from end to end, on the embedded AWS; afterwards the world is what it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.demo.walk import OTHER, TENANT, Walk
from sandbox.run.commands.agents import standing

if TYPE_CHECKING:
    from rich.console import Console

    from sandbox.demo.steps import Step
    from sandbox.run.commands.agents import Standing
    from sandbox.run.session import Session


@dataclass
class DemoReport:
    """What a demonstration says at its end.

    Attributes:
        place: The system, and what became of it.
        steps: What was shown.
        repeat: How to ask the same again; empty where the world was put back.
    """

    place: Standing
    steps: list[Step]
    repeat: list[str]

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {
            "command": "demo",
            "ok": all(step.held for step in self.steps),
            "stack": self.place.stack,
            "emulator": self.place.emulator,
            "steps": [step.document() for step in self.steps],
            "world": self.place.afterwards,
            "repeat": self.repeat,
        }

    def show(self, console: Console) -> None:
        """Print this."""
        checks = sum(len(step.checks) for step in self.steps)
        seconds = sum(step.seconds for step in self.steps)
        said = f"demo of {self.place.stack}: {len(self.steps)} steps, {checks} checks, all hold; {seconds:.0f} s"
        address = [f"embedded AWS: {self.place.emulator}"] if self.place.emulator else []
        for line in (said, *self.repeat, self.place.afterwards, *address):
            console.print(line, markup=False)


def run(session: Session, names: list[str], *, keep: bool) -> DemoReport:
    """Show it.

    Args:
        session: The command.
        names: The stack; none for `agents`.
        keep: Leave what was submitted, and say how to ask again.

    Raises:
        SandboxError: A step does not hold, or the system cannot be deployed. What stood before is put back.
    """
    with standing(session, names, keep=keep) as place:
        walk = Walk(place.system, session.progress.note)
        with session.phase("demo"):
            walk.run()
        repeat = tokens(place) if keep else ["to ask the same again by hand: `make demo STACK=agents KEEP=1`"]
    return DemoReport(place, walk.steps, repeat)


def tokens(place: Standing) -> list[str]:
    """Write tokens of both tenants to files; returns how a shell takes them."""
    lines = ["to ask the same again, in `.venv/bin/python -m sandbox shell " + place.stack + "`:"]
    for tenant, variable in ((TENANT, "TOKEN"), (OTHER, f"TOKEN_OF_{OTHER.upper()}")):
        path = place.directory / f"{tenant}.token"
        path.touch(mode=0o600)
        path.write_text(place.system.issuer.token(tenant), encoding="utf-8")
        lines.append(f"  export {variable}=$(cat {path})")
    return lines
