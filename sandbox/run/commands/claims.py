"""`load --url`: users of locust against a system that serves, held to what its stack file claims."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.drill.checks import failed
from sandbox.load import claims, users
from sandbox.run import stacks
from sandbox.run.failure import RefusedError, SandboxError

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from config.claims import Claim
    from sandbox.load.claims import Judged
    from sandbox.run.session import Session


class ClaimError(SandboxError):
    """A claim does not hold.

    Attributes:
        report: All figures.
    """

    def __init__(self, report: ClaimsReport) -> None:
        said = "; ".join(str(check) for one in report.judged for check in failed(one.checks))
        super().__init__(f"load: {report.stack}", said, f"see {report.files[0]}")
        self.report = report.document()


@dataclass
class ClaimsReport:
    """What a run says at its end.

    Attributes:
        stack: Whose claims.
        host: Whom users asked.
        judged: Each claim.
        files: The figures, and locust's pages.
    """

    stack: str
    host: str
    judged: list[Judged]
    files: list[Path]

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {
            "command": "load",
            "ok": not any(failed(one.checks) for one in self.judged),
            "stack": self.stack,
            "host": self.host,
            "claims": [one.document() for one in self.judged],
            "files": [str(file) for file in self.files],
        }

    def show(self, console: Console) -> None:
        """Print this."""
        for line in self.lines():
            console.print(line, markup=False)

    def lines(self) -> list[str]:
        """Return it in lines."""
        said = [f"claims of {self.stack}, asked of {self.host}:"]
        for one in self.judged:
            of = "" if one.users == one.claim.users else f" of {one.claim.users} (ARGS=--full has all of them ask)"
            said.append(
                f"  {one.name}: {one.users} users{of}, {one.requests.count} requests, {one.requests.per_second:g}/s"
            )
            said += [f"    {'holds' if check.ok else 'DOES NOT HOLD'}: {check}" for check in one.checks]
        return [*said, *(f"  written: {file}" for file in self.files)]


def run(session: Session, names: list[str], url: str, *, full: bool) -> ClaimsReport:
    """Let users ask.

    Args:
        session: The command.
        names: The stack.
        url: Scheme and host of the system.
        full: All users of each claim, in place of a few.

    Raises:
        ClaimError: A claim does not hold.
        SandboxError: The stack claims nothing, the host is not its own, or locust is missing or failed.
    """
    from config.load import load_file  # noqa: PLC0415 not needed to refuse a command

    file = stacks.read(session.project, names[0] if names else "agents")
    settings = load_file(file.path)
    host = claims.host_of(url, settings)
    if not settings.claims:
        raise RefusedError(file.path.name, "no `claims` in its settings", "say there what the system has to carry")
    users.installed()
    stem = session.run.root / "load" / time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    report = ClaimsReport(file.name, host, [], [])
    for name, claim in settings.claims.items():
        with session.phase(f"claim {name}"):
            report.judged.append(asked(session, (name, claim), host, stem, full=full))
        report.files.append(stem.with_name(f"{stem.name}-{name}.html"))
    figures = stem.with_suffix(".json")
    report.files.insert(0, figures)
    figures.write_text(json.dumps(report.document(), indent=2) + "\n", encoding="utf-8")
    if any(failed(one.checks) for one in report.judged):
        for line in report.lines():
            session.progress.note(line)
        raise ClaimError(report)
    return report


def asked(session: Session, claim: tuple[str, Claim], host: str, stem: Path, *, full: bool) -> Judged:
    """Let users make the request of one claim."""

    def look(second: float) -> None:
        session.progress.status(f"{claim[0]}: {second:.0f} s of {claim[1].seconds}")

    return claims.measure(claim, host, stem.with_name(f"{stem.name}-{claim[0]}"), look, full=full)
