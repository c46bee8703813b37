"""`up`: deploy stacks to the embedded AWS one after the other, each of them whole or not at all."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from sandbox.run import gate, inventory, journal, stacks, state, verify
from sandbox.run.engine import finished
from sandbox.run.failure import RefusedError
from sandbox.run.report import Report, StackReport
from sandbox.run.session import Session, outside_shell, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.run.engine import Engine, Outcome
    from sandbox.run.gate import Plan
    from sandbox.run.stacks import StackFile
    from sandbox.run.world import World


def run(session: Session, names: list[str]) -> Report:
    """Deploy; the world stands afterwards.

    Raises:
        SandboxError: The stack it names was not changed; those before it stand.
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
            world.begin(tuple(file.name for file in files))
        (session.run.root / inventory.DROPPED).unlink(missing_ok=True)
        engines = {file.name: session.engine(toolchain, world, file.account_id) for file in files}
        made = make_all(session, world, files, engines)
        with session.phase("checkpoint", world):
            world.commit(keep=True, times={phase.name: phase.seconds for phase in session.progress.phases})
    reports, notes = [report for report, _ in made], [note for _, note in made]
    return Report("up", reports, session.progress.phases, f"http://127.0.0.1:{world.port}", notes)


def make_all(
    session: Session, world: World, files: list[StackFile], engines: Mapping[str, Engine]
) -> list[tuple[StackReport, str]]:
    """Plan, deploy and verify one stack after the other; what can be planned at once, is.

    A stack that follows another one reads what that published last, and nothing else of it. So its plan holds unless
    that publishes something else by now; then it is planned again.
    """
    made: list[tuple[StackReport, str]] = []
    early: dict[str, Outcome] = {}
    known = [file for file in files if file.follows is None or outputs(session, file.follows)]
    if len(known) > 1:
        with session.phase(f"preview {' and '.join(file.name for file in known)}", world):
            early = previews(session, known, engines)
    for file in files:
        if made:
            world.checkpoint()
        before = outputs(session, file.name)
        made.append(make(session, world, file, engines[file.name], early.get(file.name)))
        if outputs(session, file.name) != before:
            for follower in (other.name for other in files if other.follows == file.name):
                early.pop(follower, None)
    return made


def make(
    session: Session, world: World, file: StackFile, engine: Engine, early: Outcome | None = None
) -> tuple[StackReport, str]:
    """Plan, deploy and verify one stack; returns its report, and what the emulator says.

    Args:
        session: The command.
        world: The world; begun.
        file: The stack file.
        engine: The stack's engine.
        early: How its preview ended where it was made already; else it is made now.

    Raises:
        RefusedError: The pack or the engine refuses the plan.
        DeployError: The engine or the pack stopped on the way, or the emulator lacks what the state lists.
    """
    if early is None:
        with session.phase(f"preview {file.name}", world):
            early = previews(session, [file], {file.name: engine})[file.name]
    plan = planned(session, file, early, update_follows=True)
    with session.phase(f"deploy {file.name}", world):
        deploy(session, engine, plan)
    with session.phase(f"verify {file.name}", world):
        report = account(session, plan)
        note = verify.present(world.port, file.account_id, report.resources)
    return report, note


def previews(session: Session, files: list[StackFile], engines: Mapping[str, Engine]) -> dict[str, Outcome]:
    """Preview stacks at the same time; returns how each preview ended.

    Raises:
        RefusedError: The stack that one of them follows is not deployed.
    """
    for file in files:
        if file.follows and file.follows not in state.stacks(session.run, session.project_name):
            what = f"it follows stack {file.follows}, which is not deployed, and lacks its outputs"
            raise RefusedError(f"stack {file.name}", what, f"deploy {file.follows} first, or both: `make up`")
        engines[file.name].init(file.name)
    with contextlib.ExitStack() as ending:
        begun = [ending.enter_context(engines[file.name].previewing(file.name, session.pack)) for file in files]
        ended = finished(begun, session.progress)
    return {file.name: outcome for file, outcome in zip(files, ended, strict=True)}


def planned(session: Session, file: StackFile, outcome: Outcome, *, update_follows: bool) -> Plan:
    """Let the pack judge the plan of one stack.

    Raises:
        RefusedError: It refuses the plan, or the preview failed.
    """
    return gate.planned(file.name, outcome, gated=session.pack is not None, update_follows=update_follows)


def outputs(session: Session, stack: str) -> dict[str, Any]:
    """Return what a stack publishes now; nothing where it is not deployed."""
    return state.outputs(state.read(session.run, session.project_name, stack))


def deploy(session: Session, engine: Engine, plan: Plan) -> None:
    """Make one stack as planned; nothing is done where nothing would change.

    Raises:
        DeployError: The engine or the pack stopped on the way.
    """
    if plan.empty:
        session.progress.note(f"{plan.stack}: no changes")
        return
    total = sum(number for operation, number in plan.counts.items() if operation != "same")
    told = f"{total} {'change' if total == 1 else 'changes'}" if total else "nothing changes but its outputs"
    session.progress.note(f"{plan.stack}: {told}")
    gate.deployed(plan.stack, engine.up(plan.stack, session.pack, total), gated=session.pack is not None)


def account(session: Session, plan: Plan) -> StackReport:
    """Return what the state holds after the deployment."""
    held = inventory.resources(state.read(session.run, session.project_name, plan.stack))
    dropped = inventory.dropped(session.run.root / inventory.DROPPED, held)
    return StackReport(plan.stack, plan, deployed=not plan.empty, resources=held, dropped=dropped)
