"""What a drill leaves behind: steps with their times, checks, plans and calls, as a document."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.drill import spans
from sandbox.drill.checks import failed

if TYPE_CHECKING:
    from sandbox.drill.checks import Check

FAILOVER, MARKERS = "failover: update", "markers"
"""Names of the steps whose notes are measurements of services."""

SANDBOX_NOTE = (
    "Measured on an embedded AWS: engine and provider are real, so the steps, their order, their plans and the control "
    "planes they call are; durations are the provider's own waits, not AWS's. A bound is what AWS documents."
)


@dataclass
class Step:
    """One step.

    Attributes:
        name: What was done.
        begun: Seconds since the drill began.
        seconds: How long it took; 0 while it is at work.
        checks: What was looked at.
        plan: Operation -> number of resources, of the plan that was made in it.
        calls: Service and region -> number of calls to AWS, the drill's own looking included where there is no engine.
        error: Why it ended early; empty when it did not.
        notes: What else was measured, by name.
    """

    name: str
    begun: float
    seconds: float = 0.0
    checks: list[Check] = field(default_factory=list)
    plan: dict[str, int] = field(default_factory=dict)
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    error: str = ""
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it went well."""
        return not self.error and not failed(self.checks)

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {
            "step": self.name,
            "ok": self.ok,
            "begun": round(self.begun, 2),
            "seconds": round(self.seconds, 2),
            "checks": [check.document() for check in self.checks],
            "plan": self.plan,
            "calls": [{"service": s, "region": r, "count": n} for (s, r), n in self.calls.most_common()],
            "error": self.error,
            "notes": self.notes,
        }


@dataclass
class Evidence:
    """The whole drill.

    Attributes:
        primary: Stack and region that were lost.
        standby: Stack and region that took over.
        begun: When.
        steps: What was done, in order.
        marks: Moments worth a mark on the timeline: name -> seconds since the drill began.
        refused: Calls that the lost region refused while the failover ran.
        bounds: What the configuration promises, per service.
        world: What became of the world at the end.
        ended: Whether the drill came to its end.
    """

    primary: str
    standby: str
    begun: datetime = field(default_factory=lambda: datetime.now(tz=UTC))
    steps: list[Step] = field(default_factory=list)
    marks: dict[str, float] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)
    bounds: list[dict[str, Any]] = field(default_factory=list)
    world: str = ""
    ended: bool = False

    @property
    def ok(self) -> bool:
        """Whether it came to its end, and every check of every step passed."""
        return self.ended and all(step.ok for step in self.steps)

    @property
    def seconds(self) -> float:
        """Time from the beginning to the end of the last step."""
        return max((step.begun + step.seconds for step in self.steps), default=0.0)

    def measured(self) -> dict[str, float]:
        """Return the spans that recovery objectives speak of, in seconds, as far as the drill came."""
        spans = {
            "detection": ("lost", "detected"),
            "traffic": ("lost", "traffic"),
            "failover": ("decided", "serving"),
            "recovery": ("lost", "serving"),
        }
        there = {name: ends for name, ends in spans.items() if all(end in self.marks for end in ends)}
        return {name: round(self.marks[end] - self.marks[begin], 2) for name, (begin, end) in there.items()}

    def of_services(self) -> dict[str, dict[str, float]]:
        """Return service -> `rto` and `rpo` as measured, in seconds, where they could be."""
        steps = {step.name: step for step in self.steps}
        found: dict[str, dict[str, float]] = {}
        if update := steps.get(FAILOVER):
            recovered = spans.recovered(self.marks, update.begun, update.notes.get("ready", {}))
            found = {service: {"rto": seconds} for service, seconds in recovered.items()}
        copied = steps[MARKERS].notes.get("seconds", {}) if MARKERS in steps else {}
        for kind, service in (("bucket", "buckets"), ("secret", "secrets")):
            if seconds := [value for name, value in copied.items() if name.startswith(f"{kind} ")]:
                found.setdefault(service, {})["rpo"] = max(seconds)
        return found

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {
            "drill": self.begun.isoformat(timespec="seconds"),
            "ok": self.ok,
            "primary": self.primary,
            "standby": self.standby,
            "seconds": round(self.seconds, 2),
            "note": SANDBOX_NOTE,
            "measured": self.measured(),
            "marks": {name: round(at, 2) for name, at in self.marks.items()},
            "services": self.of_services(),
            "bounds": self.bounds,
            "refused": self.refused,
            "steps": [step.document() for step in self.steps],
            "world": self.world,
        }
