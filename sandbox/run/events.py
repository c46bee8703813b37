"""The engine's event log: what is being done now, what has been done, what went wrong, what the pack says."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERBS = {
    "create": "creating",
    "update": "updating",
    "delete": "deleting",
    "replace": "replacing",
    "create-replacement": "creating",
    "delete-replaced": "deleting",
    "read": "reading",
    "refresh": "reading",
    "discard": "discarding",
}
"""Engine operation -> what is being done; operations that do nothing are missing."""

STACK = "pulumi:pulumi:Stack"
"""Type of the stack itself, whose outputs are what it publishes."""

AMBIENT = "from $PATH at"
"""In the engine's remark about every plugin of ours, which are on PATH on purpose."""


@dataclass(frozen=True)
class Finding:
    """Something the policy pack said about a resource (or, with an empty URN, about the stack)."""

    rule: str
    urn: str
    level: str
    message: str


@dataclass(frozen=True)
class Problem:
    """An error or a warning; the URN is empty where it is about no resource."""

    severity: str
    urn: str
    message: str


@dataclass
class Events:
    """Everything of one engine command that its user may want to know, as far as it has been read.

    Attributes:
        under_way: URN -> what a provider does to it, and since when (monotonic seconds).
        checked: Number of resources the provider and the pack have looked at.
        finished: Number of operations done.
        planned: Operation -> number of resources, once the engine has summed up.
        changes: URN -> operation, of every resource that is not left as it is.
        findings: What the pack said.
        rules: Names of the rules of the pack that judged something.
        problems: Errors and warnings.
        ended: Whether the engine has summed up.
        outputs: Whether the stack would publish, or has published, something else than before.
    """

    under_way: dict[str, tuple[str, float]] = field(default_factory=dict)
    checked: int = 0
    finished: int = 0
    planned: Counter[str] = field(default_factory=Counter)
    changes: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    rules: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    ended: bool = False
    outputs: bool = False

    def take(self, event: dict[str, Any]) -> None:
        """Read one event."""
        for name in ("resourcePreEvent", "resOutputsEvent", "resOpFailedEvent"):
            if name in event:
                self._resource(name, event[name]["metadata"])
        if "diagnosticEvent" in event:
            self._diagnostic(event["diagnosticEvent"])
        if "policyEvent" in event:
            said = event["policyEvent"]
            message = " ".join(said["message"].split())
            urn = said.get("resourceUrn", "")
            self.findings.append(Finding(said["policyName"], urn, said["enforcementLevel"], message))
        for name in ("policyAnalyzeSummaryEvent", "policyAnalyzeStackSummaryEvent"):
            if name in event:
                self.rules.update(event[name].get("passed", ()), event[name].get("failed", ()))
        if "summaryEvent" in event:
            self.planned = Counter(event["summaryEvent"].get("resourceChanges", {}))
            self.ended = True

    def _resource(self, kind: str, metadata: dict[str, Any]) -> None:
        urn, operation = metadata["urn"], metadata["op"]
        if kind == "resOutputsEvent" and metadata.get("type") == STACK:
            old, new = ((metadata.get(side) or {}).get("outputs") for side in ("old", "new"))
            self.outputs = (old or {}) != (new or {})
        self.checked += kind == "resourcePreEvent"
        if operation not in VERBS:
            return
        if kind == "resourcePreEvent":
            self.changes.setdefault(urn, operation)
            if (metadata.get("new") or metadata.get("old") or {}).get("custom"):
                self.under_way[urn] = (VERBS[operation], time.monotonic())
        else:
            self.under_way.pop(urn, None)
            self.finished += 1

    def _diagnostic(self, said: dict[str, Any]) -> None:
        message = said["message"].strip()
        if said["severity"] in ("error", "warning") and not said.get("ephemeral") and AMBIENT not in message:
            self.problems.append(Problem(said["severity"], said.get("urn", ""), message))

    def errors(self) -> list[Problem]:
        """Return the errors."""
        return [problem for problem in self.problems if problem.severity == "error"]

    def longest(self) -> str:
        """Return what has been under way for longest, with its time; empty when nothing is."""
        if not self.under_way:
            return ""
        urn, (verb, begun) = min(self.under_way.items(), key=lambda item: item[1][1])
        others = len(self.under_way) - 1
        more = f", and {others} more" if others else ""
        return f"{label(urn)} {verb} {time.monotonic() - begun:.0f} s{more}"


class Log:
    """Reads an event log while the engine writes it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self.events = Events()

    def update(self) -> Events:
        """Read what has been written since the last time; a line that is not complete yet waits."""
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._read)
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self._read += len(line)
                    self.events.take(json.loads(line))
        return self.events


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the events of a log that is complete."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def token(urn: str) -> str:
    """Return the type of the resource that an URN names."""
    return urn.split("::")[2].rpartition("$")[2]


def label(urn: str) -> str:
    """Return a resource's service, kind and name as one reads them aloud: `rds Instance data-postgres`."""
    parts = urn.split("::")
    if len(parts) < 4:  # noqa: PLR2004 stack, project, types, name
        return urn
    package, module, kind = [*token(urn).split(":"), "", ""][:3]
    service = module.split("/")[0] if package in ("aws", "kubernetes") else package
    return " ".join(filter(None, (service, kind, parts[3])))
