"""The matrix as a page of markdown, and as lines beside the review of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.compliance.frameworks import frameworks
from policy.compliance.matrix import Coverage, controls, count, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from policy.compliance.frameworks import Framework
    from policy.compliance.matrix import Judged, Row
    from policy.rule import Profile

_HEAD: Final = """# Compliance

How far the pack holds the requirements of eight frameworks, for stacks of profile {profile}. Written by
`python -m policy.compliance > docs/compliance.md`; a test holds it up to date. What a stack says of each requirement:
`python -m review prod --matrix`, with `--json` for programs.

- *enforced*: it is a check of resources, and a rule that holds it stops a deployment.
- *partly*: rules hold a part of it, or it is advice. Criteria of SOC 2, ISO 27001 and NIST, FIPS 140-3 and laws ask for
  more than any check of resources: this is the most for them, even where every check that the source names is held.
- *process*: it asks something of people: its source names nothing that a program could hold.
- *not covered*: the source names something, and no rule of the profile holds any of it.

A row is as good as its source, which stands above it. A rule holds what it names among its controls
([policies.md](policies.md)). The matrix says what the program is held to; it is no audit.

"""
_FEW: Final = 6
"""Rules and controls of a row that are named; the others are counted, and stand in the JSON."""


def page(profile: Profile) -> str:
    """Return the page of a profile."""
    return _HEAD.format(profile=profile.value) + "\n".join((*_summary(profile), *_sections(profile))) + "\n"


def lines(all_: Iterable[Judged]) -> Iterator[str]:
    """Yield a stack's rows: those that rules judge one by one, the others counted."""
    silent: dict[tuple[str, str], int] = {}
    for one in all_:
        name = one.row.framework.name
        if one.verdict == "no rule":
            key = (name, one.row.coverage.value)
            silent[key] = silent.get(key, 0) + 1
            continue
        rules = _some([rule.name for rule in one.row.requirement.rules])
        held = f"{one.verdict}, {one.resources} resources; {one.row.coverage.value}"
        yield f"{name} {one.row.requirement.id}: {held}: {rules}"
    for (name, coverage), number in silent.items():
        yield f"{name}: {number} requirements without a rule: {coverage}"


def _summary(profile: Profile) -> Iterator[str]:
    yield "| Framework | " + " | ".join(each.value for each in Coverage) + " |"
    yield "|---" * (len(Coverage) + 1) + "|"
    for framework in frameworks():
        counted = count(rows(profile, framework))
        yield f"| {framework.name} | " + " | ".join(str(counted[each]) for each in Coverage) + " |"


def _sections(profile: Profile) -> Iterator[str]:
    for framework in frameworks():
        all_ = list(rows(profile, framework))
        yield from ("", f"## {framework.name}", "", f"Source, {framework.date}: {framework.source}.")
        yield from ("", framework.note) if framework.note else ()
        yield from ("", *_table(framework, [row for row in all_ if row.requirement.rules]))
        for coverage in (Coverage.PROCESS, Coverage.NOT_COVERED):
            left = [row for row in all_ if row.coverage is coverage and not row.requirement.rules]
            if left:
                yield from ("", f"*{coverage.value}*: {', '.join(map(_named, left))}.")


def _table(framework: Framework, some: Sequence[Row]) -> Iterator[str]:
    checked = any(row.requirement.checks for row in some)
    yield "| Requirement | Coverage | " + ("Checks held | " if checked else "") + "Controls | Rules |"
    yield "|---" * (5 if checked else 4) + "|"
    for row in some:
        held = f"{len(row.held)} of {len(row.requirement.checks)} | " if checked else ""
        said = [] if framework.name == "AWS FSBP" else controls(row)
        rules = [rule.name for rule in row.requirement.rules]
        remains = f"; remains: {row.requirement.remains}" if row.requirement.remains else ""
        yield f"| {_named(row)} | {row.coverage.value} | {held}{_some(said) or '-'} | {_some(rules)}{remains} |"


def _named(row: Row) -> str:
    return f"{row.requirement.id} ({row.requirement.what})" if row.requirement.what else row.requirement.id


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more
