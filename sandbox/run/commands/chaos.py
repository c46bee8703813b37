"""`chaos`: run the experiments of a stack on the embedded AWS; afterwards the world is what it was."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.chaos import page, trial
from sandbox.chaos.subject import Place, subjects
from sandbox.run import journal, stacks
from sandbox.run.commands import up
from sandbox.run.commands.agents import deploy, put_back
from sandbox.run.failure import RefusedError, SandboxError
from sandbox.run.session import Session, outside_shell, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rich.console import Console

    from config.stack import StackConfig
    from sandbox.chaos.subject import Subject
    from sandbox.chaos.trial import Trial
    from sandbox.run.stacks import StackFile

PROCESSES = 8
"""Most tasks that run as processes; those of other images are objects, which end and start all the same."""
SPEED = 20
"""How many seconds of ECS's time-outs pass in one."""


class ChaosError(SandboxError):
    """A hypothesis does not hold, or an experiment was stopped.

    Attributes:
        report: All evidence.
    """

    def __init__(self, report: ChaosReport) -> None:
        said = "; ".join(f"{one.subject.name}: {one.verdict}: {one.why}" for one in report.trials if not _held(one))
        super().__init__(f"chaos: {report.stack}", said, f"see {report.files[-1]}")
        self.report = report.document()


@dataclass
class ChaosReport:
    """What experiments say at their end.

    Attributes:
        stack: Name of the stack.
        trials: What came of each.
        files: The evidence, as JSON and as a page.
        world: What became of the world.
    """

    stack: str
    trials: list[Trial]
    files: list[Path] = field(default_factory=list)
    world: str = ""

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {
            "command": "chaos",
            "ok": all(_held(one) for one in self.trials),
            "stack": self.stack,
            "note": page.NOTE,
            "experiments": [one.document() for one in self.trials],
            "files": [str(file) for file in self.files],
            "world": self.world,
        }

    def show(self, console: Console) -> None:
        """Print this."""
        for line in self.lines():
            console.print(line, markup=False)

    def lines(self) -> list[str]:
        """Return it in lines."""
        return [
            f"chaos of {self.stack}, on the embedded AWS of this machine:",
            *(f"  {one.verdict.upper()}: {one.subject.name}: {one.why}" for one in self.trials),
            *(f"  written: {file}" for file in self.files),
            *filter(None, [self.world]),
        ]


def _held(one: Trial) -> bool:
    return one.verdict == "held"


def run(session: Session, names: list[str], only: str | None) -> ChaosReport:
    """Run them.

    Args:
        session: The command.
        names: The stack.
        only: Name of the one experiment that is meant; None = all.

    Raises:
        ChaosError: A hypothesis does not hold.
        SandboxError: The stack has no such experiment, or cannot stand.
    """
    outside_shell()
    with session.phase("checks"):
        file, settings = _asked(session, names, only)
    world = session.world()
    with journal.exclusive(session.run), transaction(world):
        world.recover()
        deploy(session, world, file)
        outputs = up.outputs(session, file.name)
        place = Place.of(settings, outputs, f"http://127.0.0.1:{world.port}")
        place.control("POST", f"tasks?processes={PROCESSES}&speed={SPEED}")
        report = ChaosReport(file.name, [])
        for subject in _subjects(file, settings, outputs, only):
            with session.phase(f"experiment {subject.name}"):
                report.trials.append(trial.run(place, subject, session.progress.note))
        report.world = put_back(session, world)
    _write(session, report)
    if not report.document()["ok"]:
        for line in report.lines():
            session.progress.note(line)
        raise ChaosError(report)
    return report


def _asked(session: Session, names: list[str], only: str | None) -> tuple[StackFile, StackConfig]:
    from config.load import load_file  # noqa: PLC0415 half a second that `--help` does not need

    if len(names) != 1:
        raise RefusedError(
            "stack", f"one at a time; got: {', '.join(names) or 'none'}", "name one that has experiments"
        )
    file = stacks.read(session.project, names[0])
    settings = load_file(file.path)
    found = settings.experiments.templates if settings.experiments else {}
    if not found:
        raise RefusedError(file.path.name, "no section `experiments`", "add one (docs/runbooks/chaos.md)")
    if only is not None and only not in found:
        raise RefusedError("--only", f"no experiment of {file.path.name}; got: {only}", f"name one: {', '.join(found)}")
    return file, settings


def _subjects(file: StackFile, settings: StackConfig, outputs: Mapping[str, Any], only: str | None) -> list[Subject]:
    try:
        return subjects(settings, outputs, only)
    except LookupError as error:
        what, fix = f"stands without {error} of its file", f"make up STACKS={file.name}"
        raise RefusedError(file.name, what, fix) from None


def _write(session: Session, report: ChaosReport) -> None:
    stem = session.run.root / "chaos" / time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    stem.parent.mkdir(parents=True, exist_ok=True)
    report.files = [stem.with_suffix(".json"), stem.with_suffix(".md")]
    document = report.document()
    report.files[0].write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    report.files[1].write_text(page.markdown(document), encoding="utf-8")
