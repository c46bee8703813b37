"""Waivers: named, reasoned and dated exceptions from rules. One that has expired is itself a violation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

import yaml

from policy.judging import Kind, Verdict
from policy.rule import Breach, Rule, Settings, Severity, stack_rule

if TYPE_CHECKING:
    from pathlib import Path

    from policy.resources import Stack

LONGEST: Final = timedelta(days=366)
"""No exception is granted for longer than a year; it is asked for again."""
_COVERS: Final = ("violation", "unknown")
_FIELDS: Final = ("rule", "urn", "reason", "owner", "expires")


class WaiverFileError(ValueError):
    """The waiver file is not what it should be; the message holds every fault."""


@dataclass(frozen=True)
class Waiver:
    """One exception."""

    rule: str
    """Name of the rule."""
    urn: str
    """Glob over URNs, `*` for any characters. The stack as a whole has an empty URN, which `*` covers."""
    reason: str
    owner: str
    """Who answers for it."""
    expires: date
    """Last day on which it holds."""
    covers: str = "violation"
    """`violation`, or `unknown` for the notes that a rule could not run in a preview."""

    def holds(self, today: date) -> bool:
        """Tell whether it is still in force."""
        return today <= self.expires

    def matches(self, rule: str, urn: str, covers: str, today: date) -> bool:
        """Tell whether it excuses this finding today."""
        return (self.rule, self.covers) == (rule, covers) and self.holds(today) and fnmatchcase(urn, self.urn)


def excuse(verdict: Verdict, waivers: Iterable[Waiver], today: date) -> Waiver | None:
    """Return the waiver that excuses a verdict, if any does."""
    covers = "unknown" if verdict.kind is Kind.DEFERRED else "violation"
    return next((w for w in waivers if w.matches(verdict.rule.name, verdict.urn, covers, today)), None)


def load(path: Path, rules: Iterable[str], today: date) -> tuple[Waiver, ...]:
    """Read a waiver file; a file that is not there grants nothing.

    Raises:
        WaiverFileError: with every fault of the file, among them names of rules that do not exist and expiries further
            off than `LONGEST`.
    """
    if not path.exists():
        return ()
    document = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    if not isinstance(document, list):
        raise WaiverFileError(f"{path.name}: a list of waivers is needed, got {type(document).__name__}")
    known = frozenset(rules)
    faults = [
        f"{path.name}[{at}]: {fault}" for at, entry in enumerate(document) for fault in _faults(entry, known, today)
    ]
    if faults:
        raise WaiverFileError("\n".join(faults))
    return tuple(Waiver(**entry) for entry in document)


def _faults(entry: object, rules: frozenset[str], today: date) -> Iterable[str]:
    if not isinstance(entry, Mapping):
        yield f"an object is needed, got {entry!r}"
        return
    for name in sorted(set(map(str, entry)) - {*_FIELDS, "covers"}):
        yield f"no such field: {name}; allowed: {', '.join(_FIELDS)}, covers"
    for name in _FIELDS[:-1]:
        if not isinstance(entry.get(name), str) or not str(entry[name]).strip():
            yield f"{name}: text is needed, got {entry.get(name)!r}"
    if isinstance(entry.get("rule"), str) and entry["rule"] not in rules:
        yield f"rule: there is no rule {entry['rule']!r}"
    if entry.get("covers", "violation") not in _COVERS:
        yield f"covers: {entry['covers']!r}; allowed: {' or '.join(_COVERS)}"
    expires = entry.get("expires")
    if type(expires) is not date:
        yield f"expires: a date such as 2027-03-31 is needed, got {expires!r}"
    elif expires - today > LONGEST:
        yield f"expires: {expires} is more than {LONGEST.days} days away; ask again when it runs out"


def expiry_rule(waivers: Sequence[Waiver], today: date) -> Rule:
    """Return the rule that reports expired waivers."""

    @stack_rule(
        "waiver-not-expired",
        on=("pulumi:pulumi:Stack",),
        severity=Severity.HIGH,
        controls=("ISO-A.5.36",),
        url="https://www.iso.org/standard/27001",
        remediation="fix what it excused and delete the waiver, or have its owner renew it with a new reason",
    )
    def judge(_stack: Stack, _settings: Settings) -> Iterable[Breach]:
        """No waiver has expired.

        An exception that nobody renews is a decision that nobody stands behind any more.
        """
        for waiver in waivers:
            if not waiver.holds(today):
                yield Breach(None, f"the waiver of {waiver.owner} for {waiver.rule} ended on {waiver.expires}")

    return judge
