"""The gate behind a preview or an update: reads the engine's events and says whether it may go on.

    python -m policy.gate EVENTS [--update-follows] [--config FILE] [--profile PROFILE]

EVENTS is the engine's event log, a JSON object per line; FILE is what the engine was given as `--policy-pack-config`.
The engine itself stops at mandatory violations only: it lets a preview pass when a rule could not run, when a config
switched it off, and when the pack was never asked. The gate knows the rules and their levels, and counts all three.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy import configuration, eventlog
from policy.eventlog import Note, Run
from policy.pack import PACK, RULE_NAMES, RULES, all_rules
from policy.rule import Profile, WhenUnknown
from policy.waivers import WaiverFileError, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from policy.configuration import Configured
    from policy.eventlog import Event
    from policy.waivers import Waiver

__all__ = ("WAIVERS", "Note", "Verdict", "judge", "levels")

_DEFERRABLE: Final = frozenset(rule.name for rule in RULES if rule.judge and rule.when_unknown is WhenUnknown.DEFER)
WAIVERS: Final = Path(__file__).resolve().parent / "waivers.yaml"
"""The exceptions granted in this repository."""


@dataclass(frozen=True)
class Verdict:
    """What the gate makes of a run."""

    blocking: Sequence[Note]
    """Mandatory violations, rules that could not run or did not judge, a pack that was not asked, a log cut off."""
    pending: Sequence[Note]
    """Left to the update that follows, which judges them before it makes the resource."""
    waived: Sequence[Note]
    """Could not run, and a waiver of kind `unknown` names it."""
    advice: Sequence[Note]
    """Advisory violations, and rules that the config disables."""

    @property
    def passed(self) -> bool:
        """Whether the deployment may go on."""
        return not self.blocking


def levels(given: Mapping[str, object] | None = None, profile: Profile = Profile.PROD) -> Mapping[str, Configured]:
    """Return the levels under which the pack has to judge.

    Args:
        given: the pack config.
        profile: for rules of which the config says nothing.

    Raises:
        ConfigError: the config is faulty.
    """
    today = datetime.now(tz=UTC).date()
    return configuration.resolve(all_rules((), today), given or {}, profile)


def judge(
    events: Iterable[Event],
    waivers: Sequence[Waiver],
    today: date,
    *,
    update_follows: bool = False,
    expected: Mapping[str, Configured] | None = None,
) -> Verdict:
    """Judge a run by its events.

    Args:
        events: engine events as the event log has them, one object each.
        waivers: exceptions; only those that cover `unknown` count here, the pack itself has applied the others.
        today: day on which waivers are judged.
        update_follows: true for a preview that an update under the same pack follows at once. Rules that wait for the
            update are then pending, not blocking. False for a preview that is the only gate, and for an update.
        expected: levels under which the pack has to judge, from `levels`; those of a production stack by default. An
            empty one is for a pack of which only the name is known: its rules are neither counted nor looked up.
    """
    wanted = levels() if expected is None else expected
    run = eventlog.read(events)
    blocking, pending, waived, advice = list(_faults(run)), list[Note](), list[Note](), list[Note]()
    for note in run.notes:
        if note.cannot_run:
            if any(waiver.matches(note.rule, note.urn, "unknown", today) for waiver in waivers):
                waived.append(note)
            else:
                (pending if update_follows and note.rule in _DEFERRABLE else blocking).append(note)
        elif note.level == "mandatory":
            blocking.append(note)
        elif note.rule in wanted and wanted[note.rule].stops:
            blocking.append(
                _note(f"{note.message} (the engine took it as advice: give the gate its pack config)", note)
            )
        else:
            advice.append(note)
    if run.asked and run.ended:
        blocking += _unjudged(run, wanted)
        off = {rule.name for rule in RULES if rule.level.enforcement(Profile.PROD) == "disabled"}
        disabled = sorted(name for name, own in wanted.items() if own.level == "disabled" and name not in off)
        advice += [Note(name, "", "advisory", "is disabled by the pack config") for name in disabled]
        advice += [Note("pack", urn, "advisory", "is imported: rules on it judge the next run") for urn in run.imported]
    return Verdict(blocking, pending, waived, advice)


def _note(message: str, about: Note | None = None) -> Note:
    return Note(about.rule if about else "pack", about.urn if about else "", "mandatory", message)


def _faults(run: Run) -> Iterator[Note]:
    """Yield why the events do not show that the pack judged."""
    yield from (_note(f"the event log has gaps: {fault}") for fault in run.faults)
    for name in run.slow:
        yield Note(name, "", "mandatory", "did not come to an end within the time of a message; the pack gave up")
    engine = f"; the engine says: {'; '.join(run.errors)}" if run.errors else ""
    if not run.asked:
        yield _note(f"the pack {PACK!r} judged nothing; run with --policy-pack policy{engine}")
    if not run.ended:
        yield _note(f"the event log ends before the engine summed up: the run was interrupted, or the log cut{engine}")


def _unjudged(run: Run, wanted: Mapping[str, Configured]) -> Iterator[Note]:
    """Yield the rules that did not judge what they cover, by the engine's own account of each resource."""
    said = {(note.rule, note.urn) for note in run.notes}
    by_type: dict[str, list[str]] = {}
    for urn, type_ in run.types.items():
        by_type.setdefault(type_, []).append(urn)
    for rule in RULES:
        own = wanted.get(rule.name)
        if own is None or own.level == "disabled":
            continue
        judged = run.judged.get(rule.name, set())
        if rule.judge_stack:
            if not judged:
                yield Note(rule.name, "", "mandatory", "did not judge the stack: the config that ran disabled it")
            continue
        covered = [urn for type_, urns in by_type.items() if rule.covers(type_) for urn in urns]
        left = [urn for urn in covered if urn not in judged and (rule.name, urn) not in said]
        if left:
            message = f"judged {len(covered) - len(left)} of the {len(covered)} resources that it covers"
            yield Note(rule.name, left[0], "mandatory", message)


def main(arguments: Sequence[str]) -> int:
    """Print what the gate found; return 0 when the deployment may go on, else 1."""
    parser = argparse.ArgumentParser(prog="python -m policy.gate", description="Judge a run by the engine's event log.")
    parser.add_argument("events", type=Path)
    parser.add_argument("--update-follows", action="store_true", help="an update under the same pack follows at once")
    parser.add_argument("--config", type=Path, help="what the engine was given as --policy-pack-config")
    parser.add_argument("--profile", type=Profile, choices=list(Profile), default=Profile.PROD)
    parser.add_argument("--waivers", type=Path, default=WAIVERS)
    options = parser.parse_args(arguments)
    today = datetime.now(tz=UTC).date()
    try:
        expected = levels(configuration.load(options.config) if options.config else None, options.profile)
        waivers = load(options.waivers, RULE_NAMES, today)
        log = list(eventlog.events(options.events))
    except (configuration.ConfigError, WaiverFileError, OSError) as error:
        sys.stdout.write(f"stop: {error}\n")
        return 1
    verdict = judge(log, waivers, today, update_follows=options.update_follows, expected=expected)
    for heading, notes in vars(verdict).items():
        for note in notes:
            sys.stdout.write(f"{heading}: {note}\n")
    run = eventlog.read(log)
    judged = sum(rule.name in run.judged for rule in RULES)
    sys.stdout.write(f"{judged} of {len(RULES)} rules judged {len(run.types)} resources\n")
    sys.stdout.write(f"{'pass' if verdict.passed else 'stop'}: {len(verdict.blocking)} blocking\n")
    return 0 if verdict.passed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
