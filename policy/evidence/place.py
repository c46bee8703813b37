"""What is shown of a finding: its input, its document, and the line of a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from policy.evaluate import Finding

_FIRST_WORD: Final = re.compile(r"^[A-Za-z][\w-]*(?:\[\d+\]|\.[\w-]+)*(?=[ :,]|$)")
_HEAD: Final = re.compile(r"^[\w-]+")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A line of a file."""

    file: str
    """Path from the root of the repository, with slashes."""
    line: int
    """From 1."""
    setting: str = ""
    """Dotted path of the setting that stands there; empty where the file has no settings."""

    def __str__(self) -> str:
        """Return `file:line`, as error messages begin."""
        return f"{self.file}:{self.line}"


def described(finding: Finding) -> dict[str, Any]:
    """Return a finding as the JSON document of a verdict has it."""
    return {
        "rule": finding.rule.name,
        "severity": finding.rule.severity.value,
        "level": finding.level,
        "kind": finding.kind.value,
        "blocking": finding.blocking,
        "urn": finding.urn,
        "input": input_of(finding),
        "problem": finding.problem,
        "remediation": finding.rule.remediation,
    }


def input_of(finding: Finding) -> str:
    """Return the input that a finding is about, as a dotted path; empty where it is about the resource as a whole.

    A rule says so where a value is not known. Otherwise the problem begins with the input, if the rule guards it; a
    rule that guards one input is about that one.
    """
    if finding.path:
        return finding.path
    guarded = tuple(
        dict.fromkeys(head for each in (*finding.rule.guards, *finding.rule.reads) if (head := _head(each)))
    )
    said = _FIRST_WORD.match(finding.problem)
    if said and _head(said[0]) in guarded:
        return said[0]
    return guarded[0] if len(guarded) == 1 else ""


def _head(path: str) -> str:
    found = _HEAD.match(path)
    return found[0] if found else ""
