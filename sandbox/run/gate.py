"""The gate before and behind a deployment: what the policy pack refuses, or could not judge, goes no further."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.run.events import VERBS, label
from sandbox.run.failure import DeployError, DestroyError, RefusedError, SandboxError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from policy.gate import Note, Verdict
    from sandbox.run.engine import Outcome
    from sandbox.run.events import Problem
    from sandbox.run.progress import Progress


@dataclass(frozen=True)
class Plan:
    """What a preview says an update would do.

    Attributes:
        stack: The stack.
        counts: Operation -> number of resources, those left as they are included (`same`).
        changes: URN -> operation, of the others.
        advice: Advisory findings of the pack.
        pending: Findings that the update will judge, because a value is known only then.
        rules: Number of rules of the pack that judge something, those left to the update included; 0 without a pack.
        of: Number of rules of the pack.
        outputs: Whether the stack would publish something else than before.
    """

    stack: str
    counts: dict[str, int]
    changes: dict[str, str]
    advice: tuple[str, ...]
    pending: tuple[str, ...]
    rules: int
    of: int = 0
    outputs: bool = False

    def announced(self, progress: Progress) -> int:
        """Say what is to be done; returns the number of changes."""
        total = sum(number for operation, number in self.counts.items() if operation != "same")
        changes = f"{total} {'change' if total == 1 else 'changes'}" if total else "nothing changes but its outputs"
        progress.note(f"{self.stack}: {'no changes' if self.empty else changes}")
        return total

    @property
    def empty(self) -> bool:
        """Whether an update has nothing to do and nothing to judge."""
        return (
            not self.pending
            and not self.outputs
            and not any(number for operation, number in self.counts.items() if operation in VERBS)
        )


def planned(stack: str, outcome: Outcome, *, gated: bool) -> Plan:
    """Return the plan of a preview that may go on.

    A rule that waits for the update does not refuse the plan; `deployed` does where the update could not judge it.

    Args:
        stack: The stack.
        outcome: How its preview ended.
        gated: Whether it ran with the policy pack.

    Raises:
        RefusedError: The pack refuses, or the preview failed; the text names rule, resource and fix of each refusal.
    """
    verdict = asked(outcome, update_follows=True) if gated else None
    if verdict and judged(verdict, outcome):
        fix = "fix each of them in the component or the stack file; nothing was changed"
        raise RefusedError(f"policy: {stack}", refusals("the plan", verdict.blocking) + engine_too(outcome), fix)
    if outcome.broken:
        raise RefusedError(f"preview: {stack}", reason(outcome), f"see {outcome.log} for all it said")
    return Plan(
        stack=stack,
        counts=dict(outcome.events.planned),
        changes=dict(outcome.events.changes),
        advice=lines(verdict.advice) if verdict else (),
        pending=lines(verdict.pending) if verdict else (),
        rules=len(outcome.events.rules.union(note.rule for note in verdict.pending)) if verdict else 0,
        of=pack_size() if verdict else 0,
        outputs=outcome.events.outputs,
    )


def deployed(stack: str, outcome: Outcome, *, gated: bool) -> None:
    """Accept an update.

    Raises:
        DeployError: It failed, or a mandatory rule refused or could not judge what was deployed.
    """
    verdict = asked(outcome, update_follows=False) if gated else None
    if verdict and judged(verdict, outcome):
        fix = "fix each of them and run it again; the world is as it was before"
        raise DeployError(f"policy: {stack}", refusals("the update", verdict.blocking), fix)
    if outcome.broken:
        fix = f"see {outcome.log} for all it said; the world is as it was before"
        raise DeployError(f"deploy: {stack}", reason(outcome), fix)


def destroyed(stack: str, outcome: Outcome, *, saved: bool) -> None:
    """Accept a destruction.

    Args:
        stack: The stack.
        outcome: How its destruction ended.
        saved: Whether the engine has written the state since it began, which it does once, at its end.

    Raises:
        DestroyError: It failed; the state says what is left.
        SandboxError: The engine ended before it wrote the state; only the world of before is known.
    """
    if not outcome.broken:
        return
    where, why = f"destroy: {stack}", reason(outcome)
    fix = f"see {outcome.log} for all it said; `make down` throws the embedded AWS away without the engine"
    if not saved:
        raise SandboxError(where, f"{why}; it did not write its state", fix)
    raise DestroyError(where, why, fix)


def asked(outcome: Outcome, *, update_follows: bool) -> Verdict:
    """Return what the pack's own gate makes of the engine's events."""
    from policy import eventlog, gate, pack, waivers  # noqa: PLC0415 the rules are not needed to refuse a stack file

    today = datetime.now(tz=UTC).date()
    granted = waivers.load(gate.WAIVERS, pack.RULE_NAMES, today)
    expected = gate.levels() if is_ours(outcome.pack) else {}  # the rules of another project's pack are not known here
    log = eventlog.events(outcome.event_log)
    return gate.judge(log, granted, today, update_follows=update_follows, expected=expected)


def is_ours(pack: Path | None) -> bool:
    """Tell whether a pack is the one of this repository, or a copy of it."""
    name = "PulumiPolicy.yaml"
    ours = Path(__file__).resolve().parents[2] / "policy" / name
    return pack is not None and (pack / name).is_file() and (pack / name).read_bytes() == ours.read_bytes()


def judged(verdict: Verdict, outcome: Outcome) -> bool:
    """Tell whether the pack has refused; where the engine failed before it was asked, its own words say more."""
    named = any(note.rule != "pack" for note in verdict.blocking)
    return bool(verdict.blocking) and (named or not outcome.broken)


def pack_size() -> int:
    """Return the number of rules of the pack, the one on waivers included."""
    from policy import gate, pack, waivers  # noqa: PLC0415 as above

    today = datetime.now(tz=UTC).date()
    return len(pack.all_rules(waivers.load(gate.WAIVERS, pack.RULE_NAMES, today), today))


def refusals(what: str, blocking: Sequence[Note]) -> str:
    """Return a heading with a line per refusal: rule, resource, what is wrong, fix (the rule's own words)."""
    heading = f"{len(blocking)} {'finding refuses' if len(blocking) == 1 else 'findings refuse'} {what}:"
    return heading + "".join(f"\n  - {line}" for line in lines(blocking))


def engine_too(outcome: Outcome) -> str:
    """Return what the engine refuses of its own accord, such as replacing what is protected; empty where it does not.

    What is to be replaced has values that no rule can know, so the pack's words alone would hide the reason.
    """
    errors = [error for error in outcome.events.errors() if error.urn] if outcome.broken else []
    return f"\nand the engine refuses it:\n{spoken(errors)}" if errors else ""


def lines(notes: Iterable[Note]) -> tuple[str, ...]:
    """Return findings in one line each."""
    return tuple(" ".join(str(note).split()) for note in notes)


def reason(outcome: Outcome) -> str:
    """Return the engine's errors; where its event log has none, as when the pack cannot start, those of its output."""
    errors = outcome.events.errors()
    if errors or not outcome.log.is_file():
        return spoken(errors)
    output = (line.strip() for line in outcome.log.read_text(encoding="utf-8", errors="replace").splitlines())
    reported = dict.fromkeys(line for line in output if re.match(r"error: |\w*(Error|Exception)\b", line))
    return "\n".join(list(reported)[-3:]) or spoken(errors)


def spoken(errors: Sequence[Problem]) -> str:
    """Return the engine's errors, each under the resource it is about, and none that only passes on another."""
    if not errors:
        return "the engine gave no reason"
    messages = {error.message for error in errors}
    own = [
        error for error in errors if not any(other != error.message and other in error.message for other in messages)
    ]
    return "\n".join(f"{label(error.urn)}: {error.message}" if error.urn else error.message for error in own)
