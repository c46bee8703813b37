"""The gate behind a preview or an update: reads the engine's events and says whether it may go on.

    python -m policy.gate EVENTS [--update-follows]

EVENTS is the engine's event log, a JSON object per line. The engine itself stops at mandatory violations only: it lets
a preview pass when a rule could not run, and cannot notice that the pack was never asked. The gate counts both.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from policy.pack import PACK, RULE_NAMES, RULES
from policy.rule import WhenUnknown
from policy.waivers import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from policy.waivers import Waiver

_CANNOT_RUN: Final = re.compile(r"^can't run (?:policy|remediation) '")
_DEFERRABLE: Final = frozenset(rule.name for rule in RULES if rule.judge and rule.when_unknown is WhenUnknown.DEFER)
_TITLES: Final = MappingProxyType({rule.name: rule.title for rule in RULES})
"""The SDK puts a rule's title on a line above what is wrong."""
WAIVERS: Final = Path(__file__).resolve().parent / "waivers.yaml"
"""The exceptions granted in this repository."""


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


@dataclass(frozen=True)
class Verdict:
    """What the gate makes of a run."""

    blocking: Sequence[Note]
    """Mandatory violations, rules that could not run, or a pack that was not asked."""
    pending: Sequence[Note]
    """Left to the update that follows, which judges them before it makes the resource."""
    waived: Sequence[Note]
    """Could not run, and a waiver of kind `unknown` names it."""
    advice: Sequence[Note]
    """Advisory violations."""

    @property
    def passed(self) -> bool:
        """Whether the deployment may go on."""
        return not self.blocking


def judge(
    events: Iterable[Mapping[str, object]], waivers: Sequence[Waiver], today: date, *, update_follows: bool = False
) -> Verdict:
    """Judge a run by its events.

    Args:
        events: engine events as the event log has them, one object each.
        waivers: exceptions; only those that cover `unknown` count here, the pack itself has applied the others.
        today: day on which waivers are judged.
        update_follows: true for a preview that an update under the same pack follows at once. Rules that wait for the
            update are then pending, not blocking. False for a preview that is the only gate, and for an update.
    """
    blocking: list[Note] = []
    pending: list[Note] = []
    waived: list[Note] = []
    advice: list[Note] = []
    asked = False
    for event in events:
        asked = asked or _names_pack(event)
        note = _note(event)
        if note is None:
            continue
        if not note.cannot_run:
            (blocking if note.level == "mandatory" else advice).append(note)
        elif any(waiver.matches(note.rule, note.urn, "unknown", today) for waiver in waivers):
            waived.append(note)
        else:
            (pending if update_follows and note.rule in _DEFERRABLE else blocking).append(note)
    if not asked:
        blocking.append(
            Note("pack", "", "mandatory", f"the pack {PACK!r} judged nothing; run with --policy-pack policy")
        )
    return Verdict(blocking, pending, waived, advice)


def _note(event: Mapping[str, object]) -> Note | None:
    said = event.get("policyEvent")
    if not isinstance(said, dict):
        return None
    level = str(said.get("enforcementLevel", "mandatory"))
    rule = str(said.get("policyName", ""))
    return Note(
        rule=rule,
        urn=str(said.get("resourceUrn", "")),
        level="advisory" if level in ("advisory", "warning") else "mandatory",
        message=str(said.get("message", "")).removeprefix(f"{_TITLES.get(rule)}\n").strip(),
    )


def _names_pack(event: Mapping[str, object]) -> bool:
    """Tell whether the event shows that the pack judged the whole stack."""
    summary = event.get("policyAnalyzeStackSummaryEvent")
    return isinstance(summary, dict) and summary.get("policyPackName") == PACK


def main(arguments: Sequence[str]) -> int:
    """Print what the gate found; return 0 when the deployment may go on, else 1."""
    parser = argparse.ArgumentParser(prog="python -m policy.gate", description="Judge a run by the engine's event log.")
    parser.add_argument("events", type=Path)
    parser.add_argument("--update-follows", action="store_true", help="an update under the same pack follows at once")
    parser.add_argument("--waivers", type=Path, default=WAIVERS)
    options = parser.parse_args(arguments)
    today = datetime.now(tz=UTC).date()
    lines = options.events.read_text(encoding="utf-8").splitlines()
    waivers = load(options.waivers, RULE_NAMES, today)
    verdict = judge(map(json.loads, filter(None, lines)), waivers, today, update_follows=options.update_follows)
    for heading, notes in vars(verdict).items():
        for note in notes:
            sys.stdout.write(f"{heading}: {note}\n")
    sys.stdout.write(f"{'pass' if verdict.passed else 'stop'}: {len(verdict.blocking)} blocking\n")
    return 0 if verdict.passed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
