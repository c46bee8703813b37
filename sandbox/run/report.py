"""The account a command gives at its end, as a table for people and as a document for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from rich.table import Table

from review.report import judged
from sandbox.run import inventory
from sandbox.run.events import label

if TYPE_CHECKING:
    from collections import Counter

    from rich.console import Console

    from sandbox.run.gate import Plan
    from sandbox.run.inventory import Dropped, Resource
    from sandbox.run.progress import Phase

KINDS_SHOWN = 6
"""Types named per area; the rest is counted."""


@dataclass
class StackReport:
    """What became of one stack.

    Attributes:
        stack: Its name.
        plan: What the preview said; None for a command without one.
        deployed: Whether the engine was run to change it.
        resources: What its state holds.
        dropped: Properties that were left out.
    """

    stack: str
    plan: Plan | None = None
    deployed: bool = False
    resources: list[Resource] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    @property
    def held(self) -> list[Resource]:
        """Resources that were checked and planned but not made."""
        return [resource for resource in self.resources if resource.held]

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        areas = inventory.by_area(self.resources)
        return {
            "stack": self.stack,
            "deployed": self.deployed,
            "changes": self.plan and {op: n for op, n in self.plan.counts.items() if op != "same"},
            "unchanged": self.plan and self.plan.counts.get("same", 0),
            "areas": {name: dict(sorted(areas[name].items())) for name in sorted(areas)},
            "endpoints": {resource.urn: resource.endpoint for resource in self.resources if resource.endpoint},
            "policy": self.plan and verdict(self.plan),
            "held": [{"urn": r.urn, "type": r.type, "name": r.name, "reason": r.held} for r in self.held],
            "dropped": [asdict(item) for item in self.dropped],
        }


@dataclass
class Report:
    """What a command did.

    Attributes:
        command: Its name.
        stacks: Per stack.
        phases: Finished phases, in order.
        emulator: Address of the emulator; empty when none stands.
        lines: What else there is to say.
    """

    command: str
    stacks: list[StackReport] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    emulator: str = ""
    lines: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {
            "command": self.command,
            "ok": True,
            "emulator": self.emulator or None,
            "stacks": [stack.document() for stack in self.stacks],
            "seconds": {phase.name: round(phase.seconds, 2) for phase in self.phases},
            "notes": self.lines,
        }

    def show(self, console: Console) -> None:
        """Print this."""
        for stack in self.stacks:
            show_stack(stack, console)
        for line in self.lines:
            console.print(line, markup=False)
        if self.emulator:
            console.print(f"embedded AWS: {self.emulator}", markup=False)
        if self.phases:
            times = ", ".join(f"{phase.name} {phase.seconds:.1f} s" for phase in self.phases)
            console.print(f"time: {times}; together {wall_seconds(self.phases):.0f} s", markup=False)


def wall_seconds(phases: list[Phase]) -> float:
    """Return the time from the first beginning to the last end; phases that overlap are not counted twice."""
    return max(phase.begun + phase.seconds for phase in phases) - min(phase.begun for phase in phases)


def verdict(plan: Plan) -> dict[str, Any]:
    """Return what the pack says of a plan that it let pass."""
    return {
        "rules": plan.rules,
        "of": plan.of,
        "refused": 0,
        "advice": list(plan.advice),
        "pending": list(plan.pending),
    }


def show_stack(report: StackReport, console: Console) -> None:
    """Print one stack."""
    areas = inventory.by_area(report.resources)
    if areas:
        console.print(counted(report), markup=False)
        table = Table()
        table.add_column("area")
        table.add_column("resources", justify="right")
        table.add_column("of which")
        for name in sorted(areas):
            table.add_row(name, str(sum(areas[name].values())), kinds(areas[name]))
        console.print(table)
    for resource in report.resources:
        if resource.endpoint:
            where = f"{resource.name} at {resource.endpoint} (an API object: nothing listens there)"
            console.print(f"  {resource.area}: {where}", markup=False)
    if report.plan:
        show_plan(report.plan, console)
    for resource in report.held:
        console.print(f"  held, not made: {label(resource.urn)}: {resource.held}", markup=False)
    for item in report.dropped:
        console.print(f"  left out: {item.property} of {item.resource}: {item.reason}", markup=False)


def counted(report: StackReport) -> str:
    """Return the stack with its resources, and what else the engine counts as changed."""
    made = sum(resource.custom for resource in report.resources)
    rest = len(report.resources) - made
    return f"stack {report.stack}: {made} resources; components, providers and the stack itself are {rest} more"


def show_plan(plan: Plan, console: Console) -> None:
    """Print what changed and what the pack says."""
    changes = ", ".join(f"{n} {op}" for op, n in sorted(plan.counts.items()) if n and op != "same")
    console.print(f"  {plan.stack}: {changes or 'no changes'}; {plan.counts.get('same', 0)} unchanged", markup=False)
    if plan.rules:
        waiting = f", {len(plan.pending)} left to the update" if plan.pending else ""
        passed = judged(plan.rules, plan.of)
        console.print(f"  policy: passed {passed} ({len(plan.advice)} advisory{waiting})", markup=False)
    for finding in plan.advice:
        console.print(f"    advice: {finding}", markup=False)


def kinds(counted: Counter[str]) -> str:
    """Return the most frequent types in words: `12 Subnet, 4 RouteTable, and 3 other types`."""
    common = counted.most_common(KINDS_SHOWN)
    named = ", ".join(f"{number} {token.rpartition(':')[2]}" for token, number in common)
    rest = len(counted) - len(common)
    return f"{named}, and {rest} other types" if rest else named
