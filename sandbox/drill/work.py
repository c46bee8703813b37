"""A drill's tools: steps that are timed, limited and written down, and plans that are judged before they are made."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.drill import limits, plans, spans
from sandbox.drill.checks import failed
from sandbox.drill.evidence import Step
from sandbox.drill.settings import changed
from sandbox.emulator import tally
from sandbox.emulator.client import EmulatorError
from sandbox.run import gate, state
from sandbox.run.events import records
from sandbox.run.failure import SandboxError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sandbox.drill.checks import Check
    from sandbox.drill.evidence import Evidence
    from sandbox.drill.sides import Side
    from sandbox.drill.watchdog import Watchdog
    from sandbox.run.engine import Engine
    from sandbox.run.gate import Plan
    from sandbox.run.session import Session
    from sandbox.run.world import World


AFTERWARDS: Final = "mend it and drill again; the world is put back to what it was before"


class FailedError(SandboxError):
    """Something was not as expected; the drill ends here and the world is put back.

    Never a `RefusedError`, after which the world would be left as it is.
    """


class Work:
    """What every step of a drill uses.

    Args:
        session: The command.
        world: The world; begun.
        engines: Stack -> engine.
        evidence: What is written down.
        dog: What cuts off a step that takes too long.
    """

    def __init__(
        self, session: Session, world: World, engines: Mapping[str, Engine], evidence: Evidence, dog: Watchdog
    ) -> None:
        self.session = session
        self.evidence = evidence
        self._world = world
        self._engines = engines
        self._dog = dog
        self._begun = time.monotonic()

    @property
    def endpoint(self) -> str:
        """Address of the embedded AWS."""
        return f"http://127.0.0.1:{self._world.port}"

    @contextlib.contextmanager
    def step(self, name: str, limit_seconds: float) -> Iterator[Step]:
        """Do one step: timed, limited, written down, and over when one of its checks has failed.

        Raises:
            SandboxError: It failed, or took too long.
        """
        step = Step(name, time.monotonic() - self._begun)
        self.evidence.steps.append(step)
        before = tally.read(self.endpoint)
        try:
            with self.session.phase(name, self._world), self._dog.limit(name, limit_seconds):
                yield step
        except SandboxError as error:
            step.error = str(error)
            raise FailedError(error.where, error.what, error.fix) from None
        except (EmulatorError, BotoCoreError, ClientError, LookupError, ValueError) as error:
            step.error = f"{type(error).__name__}: {error}"
            raise FailedError(f"drill: {name}", step.error, AFTERWARDS) from error
        finally:
            step.seconds = time.monotonic() - self._begun - step.begun
            with contextlib.suppress(EmulatorError):
                step.calls = tally.read(self.endpoint) - before
        self._judge(step)

    def mark(self, name: str, at: float | None = None) -> None:
        """Note a moment for the timeline; now, unless another monotonic time is given."""
        self.evidence.marks[name] = (time.monotonic() if at is None else at) - self._begun

    def plan(self, side: Side, step: Step) -> Plan:
        """Plan an update of a stack with the drill's copy of its file; nothing that holds data may be lost by it.

        Raises:
            SandboxError: It would be, the pack refuses the plan, or the preview failed.
        """
        run, project = self.session.run, self.session.project_name
        held = plans.holding(state.read(run, project, side.stack))
        outcome = self._engines[side.stack].preview(side.stack, self.session.pack)
        check = plans.keeps_data(side.stack, outcome.events.changes, held)
        step.checks.append(check)
        if not check.ok:
            raise FailedError(f"drill: {step.name}", listed([check]), AFTERWARDS)
        plan = gate.planned(side.stack, outcome, gated=self.session.pack is not None)
        step.plan = {operation: number for operation, number in plan.counts.items() if operation != "same"}
        return plan

    def update(self, side: Side, changes: Mapping[str, object], name: str) -> Side:
        """Change a stack's settings, plan the update, judge the plan, make it; returns the stack as it is then.

        Raises:
            SandboxError: The plan was refused, or the update failed.
        """
        text = changed(side.file.read_text(encoding="utf-8"), changes)
        side.file.write_text(text, encoding="utf-8")
        with self.step(f"{name}: plan", limits.PLAN) as step:
            step.notes["settings"] = dict(changes)
            plan = self.plan(side, step)
        with self.step(f"{name}: update", limits.UPDATE) as step:
            step.plan = {operation: number for operation, number in plan.counts.items() if operation != "same"}
            if not plan.empty:
                outcome = self._engines[side.stack].up(side.stack, self.session.pack, sum(step.plan.values()))
                step.notes["ready"] = spans.ready(records(outcome.event_log))
                gate.deployed(side.stack, outcome, gated=self.session.pack is not None)
        return self.again(side)

    def again(self, side: Side) -> Side:
        """Return a stack with what it publishes now."""
        found = state.outputs(state.read(self.session.run, self.session.project_name, side.stack))
        return replace(side, outputs=found)

    def _judge(self, step: Step) -> None:
        bad = failed(step.checks)
        for check in step.checks:
            self.session.progress.note(f"  {'ok' if check.ok else 'FAILED'} {check}")
        if bad:
            raise FailedError(f"drill: {step.name}", listed(bad), AFTERWARDS)


def listed(checks: Sequence[Check]) -> str:
    """Return failed checks in words."""
    return f"{len(checks)} of the checks failed" + "".join(f"\n  - {check}" for check in checks)
