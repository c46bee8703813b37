"""`up`: deploy stacks to the embedded AWS in their order, each of them whole or not at all."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from sandbox.run import gate, inventory, journal, stacks, state, verify
from sandbox.run.commands.overlap import Pair
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
            for file in files:
                file.by_hand.done(world.port, file.account_id)
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
    that publishes something else by now; then it is planned again. One that follows a stack without outputs yet begins
    as soon as these are known, beside what is left of that one's deployment.

    Raises:
        RefusedError: The plan of one is refused; those before it stand.
        DeployError: One failed; those that had ended before it began stand.
    """
    made: list[tuple[StackReport, str]] = []
    early: dict[str, Outcome] = {}
    known = [file for file in files if file.follows is None or outputs(session, file.follows)]
    if len(known) > 1:
        with session.phase(f"preview {' and '.join(file.name for file in known)}", world):
            early = previews(session, known, engines)
    waiting = list(files)
    while waiting:
        if made:
            world.checkpoint()
        file = waiting.pop(0)
        before = outputs(session, file.name)
        beside = next((other for other in waiting if other.follows == file.name and other.name not in early), None)
        if beside is None:
            made.append(make(session, world, file, engines[file.name], early.get(file.name)))
        else:
            both = make_beside(session, world, (file, beside), engines, early.get(file.name))
            made += both
            waiting = waiting if len(both) == 1 else [other for other in waiting if other != beside]
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
    plan = plan_of(session, world, file, engine, early)
    with session.phase(f"deploy {file.name}", world):
        deploy(session, engine, plan)
    return verified(session, world, file, plan)


def make_beside(
    session: Session,
    world: World,
    files: tuple[StackFile, StackFile],
    engines: Mapping[str, Engine],
    early: Outcome | None,
) -> list[tuple[StackReport, str]]:
    """Do as `make` does with a stack, and beside it with its follower where that can be begun before its end.

    Raises:
        RefusedError: The plan of the first is refused, or that of its follower; then the first stands.
        DeployError: One of them failed.
    """
    first, second = files
    plan = plan_of(session, world, first, engines[first.name], early)
    pair = Pair(session, world, engines, plan, second.name)
    if plan.empty:
        deploy(session, engines[first.name], plan)
    else:
        pair.deploy()
    made = [verified(session, world, first, plan)]
    if pair.refusal:
        world.checkpoint()
        raise pair.refusal
    return made if pair.made is None else [*made, verified(session, world, second, pair.made)]


def plan_of(session: Session, world: World, file: StackFile, engine: Engine, early: Outcome | None) -> Plan:
    """Return the plan of one stack, of a preview that was made already or is made now.

    Raises:
        RefusedError: The pack or the engine refuses it.
    """
    if early is None:
        with session.phase(f"preview {file.name}", world):
            early = previews(session, [file], {file.name: engine})[file.name]
    return planned(session, file, early)


def verified(session: Session, world: World, file: StackFile, plan: Plan) -> tuple[StackReport, str]:
    """Return the report of one stack that was deployed, and what the emulator says of it.

    Raises:
        DeployError: The emulator lacks what the state lists.
    """
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


def planned(session: Session, file: StackFile, outcome: Outcome) -> Plan:
    """Let the pack judge the plan of one stack.

    Raises:
        RefusedError: It refuses the plan, or the preview failed.
    """
    return gate.planned(file.name, outcome, gated=session.pack is not None)


def outputs(session: Session, stack: str) -> dict[str, Any]:
    """Return what a stack publishes now; nothing where it is not deployed."""
    return state.outputs(state.read(session.run, session.project_name, stack))


def deploy(session: Session, engine: Engine, plan: Plan) -> None:
    """Make one stack as planned; nothing is done where nothing would change.

    Raises:
        DeployError: The engine or the pack stopped on the way.
    """
    total = plan.announced(session.progress)
    if plan.empty:
        return
    gate.deployed(plan.stack, engine.up(plan.stack, session.pack, total), gated=session.pack is not None)


def account(session: Session, plan: Plan) -> StackReport:
    """Return what the state holds after the deployment."""
    held = inventory.resources(state.read(session.run, session.project_name, plan.stack))
    dropped = inventory.dropped(session.run.root / inventory.DROPPED, held)
    return StackReport(plan.stack, plan, deployed=not plan.empty, resources=held, dropped=dropped)
