"""The frameworks: their requirements, and what each is held by, with the source of every row.

`published.json` holds public mappings: the checks that somebody else has named for a requirement, and the controls of
AWS's catalogue and of CIS that a check is. `own.json` holds our own readings: of frameworks that nobody has mapped, and
of the rules that ask the same as a check that is no such control (`same`). A rule holds a check where it names one of
the check's controls.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policy.pack import RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from policy.rule import Rule

FSBP: Final = "AWS FSBP"
CIS: Final = "CIS AWS 5.0"
_HERE: Final = Path(__file__).resolve().parent
_PREFIXES: Final = {"ISO 27001:2022": "ISO-", "NIST 800-53 r5": "NIST-", CIS: "CIS-", FSBP: ""}
"""How rules spell requirements of a framework among their controls."""


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One requirement of a framework, with what bears on it."""

    id: str
    what: str
    """In a few words; empty where the framework's own are not ours to copy."""
    checks: Mapping[str, Sequence[Rule]]
    """What the source names for it, by name, and the rules that hold each; empty where there is no such source."""
    claims: Sequence[Rule]
    """Rules that name the requirement themselves, and those of our own reading."""
    whole: bool
    """Whether one rule that names it holds all of it."""
    by_hand: bool
    """Whether the framework itself has it assessed by people."""
    remains: str
    """What no rule can see of it, where that is known."""

    @cached_property
    def rules(self) -> Sequence[Rule]:
        """The rules that bear on it, once each, in the pack's order."""
        names = {rule.name for rules in (*self.checks.values(), self.claims) for rule in rules}
        return tuple(rule for rule in RULES if rule.name in names)


@dataclass(frozen=True, kw_only=True)
class Framework:
    """One catalogue of requirements."""

    name: str
    source: str
    """Where the rows come from."""
    date: str
    """Day on which the source was read."""
    note: str
    requirements: Sequence[Requirement]


@cache
def frameworks() -> Sequence[Framework]:
    """Return every framework, in the order of the page."""
    published, own = (json.loads((_HERE / name).read_text(encoding="utf-8")) for name in ("published.json", "own.json"))
    return (
        *(_published(name, each, published, own["same"]) for name, each in published["frameworks"].items()),
        *(_own(name, each, own["date"]) for name, each in own["frameworks"].items()),
    )


def ids_of(rule: str) -> Mapping[str, Sequence[str]]:
    """Return the requirements that a rule bears on, by framework; AWS's own ids stand among its controls."""
    return _by_rule().get(rule, {})


@cache
def _by_rule() -> Mapping[str, Mapping[str, Sequence[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for framework in (each for each in frameworks() if each.name != FSBP):
        for requirement in framework.requirements:
            for rule in requirement.rules:
                found.setdefault(rule.name, {}).setdefault(framework.name, []).append(requirement.id)
    return found


def _published(
    name: str, said: Mapping[str, Any], published: Mapping[str, Any], same: Mapping[str, Sequence[str]]
) -> Framework:
    whole = name in (FSBP, CIS)
    by_hand: Collection[str] = said.get("by_hand", ())
    named: dict[str, dict[str, Sequence[Rule]]] = {}
    for check, ids in {} if whole else published["checks"].items():
        for one in ids.get(name, ()):
            named.setdefault(one, {})[check] = _holding(ids, same.get(check, ()))
    requirements = tuple(
        Requirement(
            id=one, what="", checks=named.get(one, {}), claims=_claiming(name, one), whole=whole,
            by_hand=one in by_hand, remains="",
        )
        for one in said["requirements"]
    )  # fmt: skip
    return Framework(
        name=name, source=said["source"], date=published["date"], note=said["note"], requirements=requirements
    )


def _own(name: str, said: Mapping[str, Any], date: str) -> Framework:
    requirements = tuple(
        Requirement(
            id=one, what=row["what"], checks={}, whole=False, by_hand=not row["rules"], remains=row.get("remains", ""),
            claims=tuple(rule for rule in RULES if any(fnmatchcase(rule.name, glob) for glob in row["rules"])),
        )
        for one, row in said["requirements"].items()
    )  # fmt: skip
    return Framework(name=name, source=said["source"], date=date, note=said["note"], requirements=requirements)


def _holding(ids: Mapping[str, Sequence[str]], same: Sequence[str]) -> Sequence[Rule]:
    """Return the rules that hold a check: those that name its control of AWS's, else its recommendation of CIS's."""
    controls = set(ids.get(FSBP) or [f"CIS-{one}" for one in ids.get(CIS, ())])
    return tuple(rule for rule in RULES if controls & set(rule.controls) or rule.name in same)


def _claiming(framework: str, id_: str) -> Sequence[Rule]:
    prefix = _PREFIXES.get(framework)
    return () if prefix is None else tuple(rule for rule in RULES if f"{prefix}{id_}" in rule.controls)
