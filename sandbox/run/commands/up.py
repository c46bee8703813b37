"""`up`: deploy stacks to the embedded AWS, all of it or none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.run import gate, inventory, journal, stacks, state, verify
from sandbox.run.report import Report, StackReport
from sandbox.run.session import Session, outside_shell, transaction

if TYPE_CHECKING:
    from sandbox.run.engine import Engine
    from sandbox.run.gate import Plan
    from sandbox.run.stacks import StackFile


def run(session: Session, names: list[str]) -> Report:
    """Deploy; the world stands afterwards.

    Raises:
        SandboxError: Nothing was changed, or (DeployError) what the engine did before it failed is kept.
    """
    outside_shell()
    with session.phase("checks"):
        files = [stacks.read(session.project, name) for name in names or [stacks.DEFAULT]]
    world = session.world()
    with journal.exclusive(session.run), transaction(world):
        world.recover()
        with session.phase("toolchain"):
            toolchain = session.toolchain()
        with session.phase("emulator"):
            world.begin(tuple(file.name for file in files))
        engines = {file.name: session.engine(toolchain, world, file.account_id) for file in files}
        (session.run.root / inventory.DROPPED).unlink(missing_ok=True)
        with session.phase("preview", world):
            plans = {file.name: preview(session, engines[file.name], file, update_follows=True) for file in files}
        with session.phase("deploy", world):
            for file in files:
                deploy(session, engines[file.name], plans[file.name])
        with session.phase("verify", world):
            reports = [account(session, plans[file.name]) for file in files]
            pairs = zip(files, reports, strict=True)
            notes = [verify.present(world.port, file.account_id, report.resources) for file, report in pairs]
        with session.phase("checkpoint", world):
            world.commit(keep=True, times={phase.name: phase.seconds for phase in session.progress.phases})
    return Report("up", reports, session.progress.phases, f"http://127.0.0.1:{world.port}", notes)


def preview(session: Session, engine: Engine, file: StackFile, *, update_follows: bool) -> Plan:
    """Plan one stack and let the pack judge the plan.

    Raises:
        RefusedError: It does, or the preview failed.
    """
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
    session.progress.note(f"{plan.stack}: {total} changes")
    gate.deployed(plan.stack, engine.up(plan.stack, session.pack), gated=session.pack is not None)


def account(session: Session, plan: Plan) -> StackReport:
    """Return what the state holds after the deployment."""
    held = inventory.resources(state.read(session.run, session.project_name, plan.stack))
    dropped = inventory.dropped(session.run.root / inventory.DROPPED, held)
    return StackReport(plan.stack, plan, deployed=not plan.empty, resources=held, dropped=dropped)
