"""`down`: destroy stacks with the engine, prove that the emulator has none of them left, stop everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.run import gate, inventory, journal, state, verify
from sandbox.run.failure import RefusedError
from sandbox.run.report import Report
from sandbox.run.session import Session, outside_shell, transaction
from sandbox.run.world import NO_ACCOUNT

if TYPE_CHECKING:
    from sandbox.run.engine import Engine
    from sandbox.run.world import World
    from standins.toolchain.chain import Toolchain


def drop(session: Session, _: list[str]) -> Report:
    """Stop everything and drop the whole world without the engine: the way out when a stack cannot be destroyed."""
    outside_shell()
    world = session.world()
    with journal.exclusive(session.run), transaction(world):
        world.recover()
        finish(session, world, drop=True)
    return Report("down", lines=["nothing runs; every stack was dropped, none was destroyed by the engine"])


def run(session: Session, names: list[str]) -> Report:
    """Destroy the named stacks, or all; when none is left the emulator is stopped and its state dropped.

    Raises:
        SandboxError: Something could not be destroyed; what was, stays so.
    """
    outside_shell()
    world, lines = session.world(), []
    with journal.exclusive(session.run), transaction(world):
        world.recover()
        named = doomed(session, names)
        if named:
            with session.phase("toolchain"):
                toolchain = session.toolchain()
            with session.phase("emulator"):
                world.begin(tuple(named))
            with session.phase("destroy", world):
                lines += [destroy(session, world, toolchain, name) for name in named]
        with session.phase("stop", world):
            finish(session, world)
        lines.append("nothing runs" if world.emulator is None else "other stacks stand")
    return Report("down", phases=session.progress.phases, lines=lines)


def doomed(session: Session, names: list[str]) -> list[str]:
    """Return the stacks to destroy, a stack before the one it follows.

    Raises:
        RefusedError: A stack that stays follows one of them.
    """
    there = state.stacks(session.run, session.project_name)
    named = [name for name in names or there if name in there]
    follows = {name: state.follows(session.run, session.project_name, name) for name in there}
    for name in there:
        if name not in named and (lost := follows[name].intersection(named)):
            what = f"stack {name} follows it and stays"
            raise RefusedError(f"down: {', '.join(sorted(lost))}", what, f"destroy {name} first, or both at once")
    return sorted(named, key=lambda name: not follows[name])


def finish(session: Session, world: World, *, drop: bool = False) -> None:
    """Clear the world when no stack is left (or all are dropped), else keep it as it is."""
    if not drop and state.stacks(session.run, session.project_name):
        world.commit(keep=world.stood)
        return
    world.clear()
    (session.run.root / inventory.DROPPED).unlink(missing_ok=True)


def destroy(session: Session, world: World, toolchain: Toolchain, name: str) -> str:
    """Destroy one stack.

    Raises:
        DestroyError: The engine could not destroy all of it, or the emulator still has some of it.
    """
    standing = state.read(session.run, session.project_name, name)
    before, account_id = inventory.resources(standing), inventory.account(standing) or NO_ACCOUNT
    engine = session.engine(toolchain, world, account_id)
    lift(engine, name)
    verify.unprotect(world.port, account_id, before)
    gate.destroyed(name, engine.destroy(name))
    proof = verify.absent(world.port, account_id, before)
    engine.remove(name)
    if state.stacks(session.run, session.project_name):
        return proof
    return f"{proof}; {verify.remains(world.port, account_id, before)}"


def lift(engine: Engine, name: str) -> None:
    """Lift the engine's own protection of a stack's resources, in the sandbox's state only."""
    exported = engine.export(name)
    changed = False
    for resource in exported["deployment"].get("resources") or []:
        for guard in ("protect", "retainOnDelete"):
            changed = bool(resource.pop(guard, False)) or changed
    if changed:
        engine.put(name, exported)
