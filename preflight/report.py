"""What a person reads, and what a program reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from config.problems import dotted
from preflight.finding import Level, faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from preflight.finding import Finding


def as_text(stack: str, account_id: str, findings: Sequence[Finding], asked: str) -> Iterator[str]:
    """Yield a line for each finding, under its level, and one that sums up."""
    level = None
    for finding in findings:
        if finding.level != level:
            level = finding.level
            yield f"{level}:"
        yield f"  {finding}"
    counts = Counter(finding.level for finding in findings)
    verdict = ", ".join(f"{counts[level]} {level}" for level in Level if counts[level])
    if not faults(findings):
        verdict = "nothing stops or spoils a first `up`" + (f"; {verdict}" if verdict else "")
    yield f"{stack} in account {account_id}: {verdict} ({asked})"


def as_json(stack: str, account_id: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the same as one document."""
    return {
        "stack": stack,
        "account": account_id,
        "passed": not faults(findings),
        "findings": [{**asdict(finding), "path": dotted(finding.path)} for finding in findings],
    }
