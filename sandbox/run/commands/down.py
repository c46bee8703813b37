"""`down`: throw the embedded AWS away as a whole, or rehearse on it how stacks are destroyed by the engine."""

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


def run(session: Session, names: list[str]) -> Report:
    """Stop everything and drop every stack with the embedded AWS; neither engine nor plugins are needed.

    Raises:
        RefusedError: Some stacks are named and others are deployed beside them.
    """
    outside_shell()
    world = session.world()
    with journal.exclusive(session.run), transaction(world):
        world.recover()
        there = state.stacks(session.run, session.project_name)
        whole(names, there)
        with session.phase("stop", world):
            clear(session, world)
    gone = f"the embedded AWS was thrown away with {', '.join(there)}; " if there else ""
    return Report("down", phases=session.progress.phases, lines=[f"{gone}nothing runs"])


def whole(names: list[str], there: list[str]) -> None:
    """Refuse to throw away a part: all stacks are in one embedded AWS, which no stack can be taken out of by hand.

    Raises:
        RefusedError: A deployed stack is not among those named.
    """
    others = sorted(set(there).difference(names))
    if names and others:
        what = f"the embedded AWS is thrown away as a whole, and {', '.join(others)} would go with it"
        alone = f"`make down DESTROY=1 STACKS='{' '.join(names)}'`"
        fix = f"{alone} lets the engine destroy what you named; `make down` ends everything"
        raise RefusedError(f"down: {', '.join(names)}", what, fix)


def destroyed(session: Session, names: list[str]) -> Report:
    """Destroy the named stacks, or all, with the engine; when none is left the embedded AWS is thrown away.

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
            if state.stacks(session.run, session.project_name):
                world.commit(keep=world.stood)
            else:
                clear(session, world)
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


def clear(session: Session, world: World) -> None:
    """Leave an empty world in which nothing runs."""
    world.clear()
    (session.run.root / inventory.DROPPED).unlink(missing_ok=True)


def destroy(session: Session, world: World, toolchain: Toolchain, name: str) -> str:
    """Destroy one stack.

    Raises:
        DestroyError: The engine could not destroy all of it, or the emulator still has some of it.
        SandboxError: The engine was cut off, and nobody knows what it has destroyed.
    """
    standing = state.read(session.run, session.project_name, name)
    before, account_id = inventory.resources(standing), inventory.account(standing) or NO_ACCOUNT
    engine = session.engine(toolchain, world, account_id)
    lift(engine, name)
    verify.unprotect(world.port, account_id, before)
    written = state.written(session.run, session.project_name, name)
    outcome = engine.destroy(name)
    gate.destroyed(name, outcome, saved=state.written(session.run, session.project_name, name) != written)
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
