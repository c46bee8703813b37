"""`preview`: what an `up` would change and what the policy pack says to it; the world is left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.changes import HOLD_DATA
from review.engine_json import LOSES
from sandbox.run import journal, stacks, state
from sandbox.run.commands.up import planned, previews
from sandbox.run.events import label, token
from sandbox.run.report import Report, StackReport
from sandbox.run.session import Session, outside_shell, transaction

if TYPE_CHECKING:
    from sandbox.run.gate import Plan
    from sandbox.run.stacks import StackFile


def run(session: Session, names: list[str]) -> Report:
    """Plan; an emulator that had to be started for it is stopped again.

    Raises:
        SandboxError: The plan cannot be made, or the pack refuses it.
    """
    outside_shell()
    with session.phase("checks"):
        files = stacks.ordered(session.project, names)
    world = session.world()
    with journal.exclusive(session.run), transaction(world):
        world.recover()
        with session.phase("toolchain"):
            toolchain = session.toolchain()
        with session.phase("emulator"):
            world.start()
        meant = [file for file in files if names or can_be_planned(session, file)]
        engines = {file.name: session.engine(toolchain, world, file.account_id) for file in meant}
        with session.phase("preview"):
            ended = previews(session, meant, engines)
            plans = [planned(session, file, ended[file.name]) for file in meant]
        world.leave()
    reports = [StackReport(plan.stack, plan) for plan in plans]
    lines = [line for plan in plans for line in (*changes(plan), *unjudged(plan))]
    return Report("preview", reports, session.progress.phases, lines=lines)


def can_be_planned(session: Session, file: StackFile) -> bool:
    """Tell whether the stack that this one follows is there to be read; says so where it is not."""
    if file.follows is None or file.follows in state.stacks(session.run, session.project_name):
        return True
    session.progress.note(f"{file.name}: left out; it follows {file.follows}, which is not deployed")
    return False


def unjudged(plan: Plan) -> list[str]:
    """Return one line per rule that waits for the update: a document that names what is yet to be made."""
    waiting: dict[str, list[str]] = {}
    for finding in plan.pending:
        rule, name, _ = finding.split(": ", 2)
        waiting.setdefault(rule, []).append(name)
    return [
        f"  not judged before the update of {plan.stack}: {rule} on {', '.join(names)}"
        for rule, names in sorted(waiting.items())
    ]


def changes(plan: Plan) -> list[str]:
    """Return one line per change; what holds data and would be replaced or deleted comes first, and says so."""
    lost = [urn for urn, operation in plan.changes.items() if operation in LOSES and token(urn) in HOLD_DATA]
    others = [urn for urn in plan.changes if urn not in lost]
    return [
        *(f"  {plan.changes[urn]:>8} {label(urn)}: HOLDS DATA, which would be lost" for urn in lost),
        *(f"  {plan.changes[urn]:>8} {label(urn)}" for urn in others),
    ]
