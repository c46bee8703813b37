"""Waivers: named, reasoned and dated exceptions from rules. One that has expired is itself a violation."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

import yaml

from policy.judging import Kind, Verdict
from policy.rule import Breach, Level, Rule, Settings, Severity, stack_rule

if TYPE_CHECKING:
    from pathlib import Path

    from policy.resources import Stack

LONGEST: Final = timedelta(days=366)
"""No exception is granted for longer than a year; it is asked for again."""
_COVERS: Final = ("violation", "unknown")
_FIELDS: Final = ("rule", "urn", "reason", "owner", "expires")
_NAMED: Final = re.compile(r"::[^:*?\[\]]+$")
"""A glob that ends in a whole logical name."""
_TYPED: Final = re.compile(r"(?:^|[*$:])(?:[\w.-]+:)?[\w./-]*\w:[A-Z]\w*(?=\$|::)")
"""A glob that holds a whole type token, with or without its package: `s3/bucket:Bucket::`, `platform:data:Secret$`."""
_TYPES: Final = re.compile(r"(?<![\w.-])(?!urn:)([\w.-]+:[\w./-]+:\w+)(?=\$|::)")
"""Whole type tokens in a glob: of the resource, and of the components that it is in."""
_STACK: Final = re.compile(r"urn:pulumi:([^:]+)::")
_UNBOUND: Final = "a whole type (`*$aws:s3/bucket:Bucket::*`) or a whole name (`*::data-logs`)"


class WaiverFileError(ValueError):
    """The waiver file is not what it should be; the message holds every fault."""


@dataclass(frozen=True)
class Waiver:
    """One exception."""

    rule: str
    """Name of the rule."""
    urn: str
    """Glob over URNs, `*` for any characters; holds a whole type token or a whole logical name."""
    reason: str
    owner: str
    """Who answers for it."""
    expires: date
    """Last day on which it holds."""
    covers: str = "violation"
    """`violation`, or `unknown` for the notes that a rule could not run in a preview."""

    def __post_init__(self) -> None:
        """Refuse a waiver that is bound to nothing: it would switch its rule off."""
        if not is_bound(self.urn):
            raise ValueError(f"waiver for {self.rule}: urn {self.urn!r} names neither a type nor a name")

    def holds(self, today: date) -> bool:
        """Tell whether it is still in force."""
        return today <= self.expires

    def is_about(self, stack: Stack) -> bool:
        """Tell whether a resource of the stack may be meant: stack and types that its URN names are there."""
        stacks = _STACK.match(self.urn)
        ours = stacks is None or any(fnmatchcase(each.urn.split(":")[2], stacks[1]) for each in stack.resources[:1])
        return ours and all(named in stack.by_type for named in _TYPES.findall(self.urn))

    def matches(self, rule: str, urn: str, covers: str, today: date) -> bool:
        """Tell whether it excuses this finding today."""
        return (self.rule, self.covers) == (rule, covers) and self.holds(today) and fnmatchcase(urn, self.urn)


def is_bound(urn: str) -> bool:
    """Tell whether a glob over URNs is bound to a type or to a name, and so excuses what somebody has looked at."""
    return bool(_NAMED.search(urn) or _TYPED.search(urn))


class Excuses:
    """The waivers of a run on a day, and which of them have excused something."""

    def __init__(self, waivers: Iterable[Waiver], today: date) -> None:
        """Args: the waivers, those that have expired among them; the day on which they are judged."""
        self.waivers = tuple(waivers)
        self.today = today
        self._used: set[Waiver] = set()

    def cover(self, verdict: Verdict) -> Waiver | None:
        """Return the waiver that excuses a verdict, if any does."""
        found = excuse(verdict, self.waivers, self.today)
        if found is not None:
            self._used.add(found)
        return found

    def unused(self) -> list[Waiver]:
        """Return the waivers in force that have excused nothing so far; `unknown` ones do so in first previews only."""
        return [
            each
            for each in self.waivers
            if each.holds(self.today) and each.covers == "violation" and each not in self._used
        ]


def excuse(verdict: Verdict, waivers: Iterable[Waiver], today: date) -> Waiver | None:
    """Return the waiver that excuses a verdict, if any does; that a rule itself failed, none excuses."""
    if verdict.kind is Kind.BROKEN:
        return None
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
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), _OnceLoader) or []  # noqa: S506 a safe loader
    except (yaml.YAMLError, ValueError) as error:
        raise WaiverFileError(f"{path.name}: {' '.join(str(error).split())}") from error
    if not isinstance(document, list):
        raise WaiverFileError(f"{path.name}: a list of waivers is needed, got {type(document).__name__}")
    known = frozenset(rules)
    faults = [
        f"{path.name}[{at}]: {fault}" for at, entry in enumerate(document) for fault in _faults(entry, known, today)
    ]
    if faults:
        raise WaiverFileError("\n".join(faults))
    return tuple(Waiver(**entry) for entry in document)


class _OnceLoader(yaml.SafeLoader):
    """Reads plain values, and no object with a key twice: of two values one would be heeded, and nobody says which."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:  # noqa: FBT001, FBT002 shape set by PyYAML
        """Return an object, once each of its keys is there once."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"key {', '.join(twice)} twice", node.start_mark)
        return super().construct_mapping(node, deep)


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
    if isinstance(entry.get("urn"), str) and entry["urn"].strip() and not is_bound(entry["urn"]):
        yield f"urn: {entry['urn']!r} is bound to nothing; allowed: a glob with {_UNBOUND}"
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


def use_rule(excuses: Excuses, rules: Sequence[Rule]) -> Rule:
    """Return the rule that reports waivers in force that excuse nothing, of any of `rules`; it judges last."""
    known = {rule.name: rule for rule in rules}

    @stack_rule(
        "waiver-used",
        on=("pulumi:pulumi:Stack",),
        severity=Severity.LOW,
        level=Level.ADVISORY,
        controls=("ISO-A.5.36",),
        url="https://www.iso.org/standard/27001",
        remediation="delete the waiver, or correct its urn; one for another stack may begin with urn:pulumi:<stack>::",
    )
    def judge(stack: Stack, _settings: Settings) -> Iterable[Breach]:
        """Every waiver excuses something.

        What a waiver once excused is mended, or its URN matches nothing: left in place, it waits for a new fault.
        Waivers whose URN names another stack, or types that are not here, are not looked at. Nor are those of
        rules that have nothing to judge here.
        """
        for waiver in excuses.unused():
            rule = known.get(waiver.rule)
            if waiver.is_about(stack) and rule is not None and any(map(rule.covers, stack.by_type)):
                yield Breach(None, f"the waiver of {waiver.owner} for {waiver.rule} on {waiver.urn} matches nothing")

    return judge
