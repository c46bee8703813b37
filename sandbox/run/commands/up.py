"""`up`: deploy stacks to the embedded AWS one after the other, each of them whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.run import gate, inventory, journal, stacks, state, verify
from sandbox.run.failure import RefusedError
from sandbox.run.report import Report, StackReport
from sandbox.run.session import Session, outside_shell, transaction

if TYPE_CHECKING:
    from sandbox.run.engine import Engine
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
        made: list[tuple[StackReport, str]] = []
        for file in files:
            if made:
                world.checkpoint()
            of = f" {file.name}" if len(files) > 1 else ""
            made.append(make(session, session.engine(toolchain, world, file.account_id), world, file, of))
        with session.phase("checkpoint", world):
            world.commit(keep=True, times={phase.name: phase.seconds for phase in session.progress.phases})
    reports, notes = [report for report, _ in made], [note for _, note in made]
    return Report("up", reports, session.progress.phases, f"http://127.0.0.1:{world.port}", notes)


def make(session: Session, engine: Engine, world: World, file: StackFile, of: str) -> tuple[StackReport, str]:
    """Plan, deploy and verify one stack; returns its report, and what the emulator says.

    Raises:
        RefusedError: The pack or the engine refuses the plan.
        DeployError: The engine or the pack stopped on the way, or the emulator lacks what the state lists.
    """
    with session.phase(f"preview{of}", world):
        plan = preview(session, engine, file, update_follows=True)
    with session.phase(f"deploy{of}", world):
        deploy(session, engine, plan)
    with session.phase(f"verify{of}", world):
        report = account(session, plan)
        note = verify.present(world.port, file.account_id, report.resources)
    return report, note


def preview(session: Session, engine: Engine, file: StackFile, *, update_follows: bool) -> Plan:
    """Plan one stack and let the pack judge the plan.

    Raises:
        RefusedError: It does, the preview failed, or the stack that this one follows is not deployed.
    """
    if file.follows and file.follows not in state.stacks(session.run, session.project_name):
        what = f"it follows stack {file.follows}, which is not deployed, and lacks its outputs"
        raise RefusedError(f"stack {file.name}", what, f"deploy {file.follows} first, or both: `make up`")
    engine.init(file.name)
    outcome = engine.preview(file.name, session.pack)
    return gate.planned(file.name, outcome, gated=session.pack is not None, update_follows=update_follows)


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
