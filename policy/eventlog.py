"""The engine's event log: which resources there were, which rules judged them, what they said, whether it is whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from policy.pack import PACK, RULES

if TYPE_CHECKING:
    from pathlib import Path

Event = Mapping[str, object]

_CANNOT_RUN: Final = re.compile(r"^can't run (?:policy|remediation) '")
_TITLES: Final = MappingProxyType({rule.name: rule.title for rule in RULES})
"""The SDK puts a rule's title on a line above what is wrong."""
_CUT: Final = "cutOff"
"""Key of the event that stands for a line which is no event."""
_JUDGED: Final = frozenset({"same", "create", "update", "replace", "create-replacement"})
"""Operations before which the engine shows the resource to the pack."""
_IMPORTED: Final = frozenset({"import", "import-replacement"})
"""Operations before which it does not."""
_TIMEOUT: Final = "Timeout ("
"""What the pack's time bound prints above the places in which it found the rules."""
_FRAME: Final = re.compile(r'File ".*", line \d+ in ([a-z][a-z0-9]*(?:-[a-z0-9]+)+)$', re.MULTILINE)
"""A rule in such a traceback: no function but a rule's has a hyphen in its name."""


@dataclass(frozen=True)
class Note:
    """One thing that a policy said."""

    rule: str
    urn: str
    level: str
    """`mandatory` or `advisory`."""
    message: str

    @property
    def cannot_run(self) -> bool:
        """Whether the rule could not judge, for want of a value."""
        return _CANNOT_RUN.match(self.message) is not None

    def __str__(self) -> str:
        name = self.urn.rpartition("::")[2] or "stack"
        return f"{self.rule}: {name}: {self.message}"


@dataclass
class Run:
    """What the events of one preview or update say."""

    notes: list[Note] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    """URN -> type of the resources that the engine showed to the pack, had it one."""
    imported: set[str] = field(default_factory=set)
    """URNs of the resources that it did not show, since they were imported."""
    judged: dict[str, set[str]] = field(default_factory=dict)
    """Rule -> URNs that it judged; the stack as a whole is the empty URN."""
    asked: bool = False
    """Whether the pack judged the whole stack, which it does last."""
    ended: bool = False
    """Whether the engine summed up."""
    faults: list[str] = field(default_factory=list)
    """What of the log is missing."""
    errors: list[str] = field(default_factory=list)
    """Errors of the engine; where it has none, the last line of what its plugins printed."""
    slow: list[str] = field(default_factory=list)
    """Rules that had not come to an end when the pack's time was over."""


def events(path: Path) -> Iterator[Event]:
    """Yield the events of a log, an object per line; a line that is none yields what `read` reports as a fault."""
    text = path.read_text(encoding="utf-8", errors="replace")
    for at, line in enumerate(filter(None, text.split("\n")), start=1):
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        yield event if isinstance(event, dict) else {_CUT: f"line {at} is no event: it is cut off or damaged"}


def read(log: Iterable[Event]) -> Run:
    """Return what the events say."""
    run = Run()
    expected: int | None = None
    said: list[str] = []
    for event in log:
        if isinstance(event.get("sequence"), int):
            number = int(str(event["sequence"]))
            if expected is not None and number != expected:
                run.faults.append(f"event {number} follows event {expected - 1}: what was between is missing")
            expected = number + 1
        _take(run, event, said)
    text = "".join(said)
    if not run.errors and not run.ended:
        run.errors = [line for line in text.splitlines() if line.strip()][-1:]
    if _TIMEOUT in text:
        run.slow = sorted(set(_FRAME.findall(text.partition(_TIMEOUT)[2])))
    return run


def _take(run: Run, event: Event, said: list[str]) -> None:
    if _CUT in event:
        run.faults.append(str(event[_CUT]))
    run.ended = run.ended or "summaryEvent" in event
    metadata = _part(_part(event, "resourcePreEvent"), "metadata")
    urn, operation = str(metadata.get("urn", "")), metadata.get("op")
    if operation in _JUDGED:
        run.types[urn] = str(metadata.get("type", ""))
    elif operation in _IMPORTED:
        run.imported.add(urn)
    if diagnostic := _part(event, "diagnosticEvent"):
        said.append(f"{str(diagnostic.get('message', '')).rstrip()}\n")
        if diagnostic.get("severity") == "error":
            run.errors.append(" ".join(str(diagnostic.get("message", "")).split()))
    if policy := _part(event, "policyEvent"):
        run.notes.append(_note(policy))
    _count(run, event)


def _count(run: Run, event: Event) -> None:
    for key in ("policyAnalyzeSummaryEvent", "policyAnalyzeStackSummaryEvent"):
        summary = _part(event, key)
        if summary.get("policyPackName") == PACK:
            run.asked = run.asked or "Stack" in key
            for name in (*_texts(summary.get("passed")), *_texts(summary.get("failed"))):
                run.judged.setdefault(name, set()).add(str(summary.get("resourceUrn", "")))


def _note(said: Event) -> Note:
    level = str(said.get("enforcementLevel", "mandatory"))
    rule = str(said.get("policyName", ""))
    return Note(
        rule=rule,
        urn=str(said.get("resourceUrn", "")),
        level="advisory" if level in ("advisory", "warning") else "mandatory",
        message=str(said.get("message", "")).removeprefix(f"{_TITLES.get(rule)}\n").strip(),
    )


def _part(event: Event, key: str) -> Event:
    part = event.get(key)
    return part if isinstance(part, Mapping) else {}


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
