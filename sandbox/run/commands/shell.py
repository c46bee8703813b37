"""`shell`: a shell in which plain `pulumi` commands reach the embedded AWS."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sandbox.run import journal, locks, stacks
from sandbox.run.failure import SandboxError
from sandbox.run.lifetime import undisturbed
from sandbox.run.session import SHELL_MARK, Session, outside_shell, transaction
from standins.toolchain import process
from standins.toolchain.process import Containment

if TYPE_CHECKING:
    from sandbox.run.stacks import StackFile
    from sandbox.run.world import World


def run(session: Session, names: list[str], script: str | None) -> int:
    """Start the user's shell, or run a script in it; returns its exit status.

    The world stands while the shell is open. If it was resting before, it rests again afterwards; either way what was
    done by hand becomes the pair to come back to.

    Raises:
        SandboxError: The world cannot be made to stand.
    """
    outside_shell()
    files = stacks.ordered(session.project, names)
    world = session.world()
    with journal.exclusive(session.run), transaction(world):
        world.recover()
        with session.phase("toolchain"):
            toolchain = session.toolchain()
        with session.phase("emulator"):
            world.start()
            for file in files:
                session.engine(toolchain, world, file.account_id).init(file.name)
                file.by_hand.done(world.port, file.account_id)
        env = session.environment(toolchain, world.port, files[0].account_id) | typed_in(files[0])
        world.stand()
    session.progress.close()
    status = work(session, world, env, script)
    with undisturbed():
        settle(session, world)
    return status


def typed_in(first: StackFile) -> dict[str, str]:
    """Return what the shell knows beyond an engine command: the region that `aws` asks where none is typed.

    Args:
        first: The stack that the shell is about, a primary before its standby.
    """
    return {SHELL_MARK: "1"} | ({"AWS_DEFAULT_REGION": first.region} if first.region else {})


def work(session: Session, world: World, env: dict[str, str], script: str | None) -> int:
    """Run the shell in the foreground; what it started ends with it, and with us."""
    shell = os.environ.get("SHELL") or "/bin/sh"
    emulator = world.emulator
    containment = Containment(
        unlock=(locks.directory(session.run),),
        watch=() if world.stood or emulator is None else (emulator,),
        foreground=True,
    )
    command = [shell, "-c", script] if script is not None else [shell]
    with process.start(command, env=env, cwd=session.project, containment=containment) as running:
        return running.wait()


def settle(session: Session, world: World) -> None:
    """Make what was done by hand the pair that counts, unless another command is at work on it by now."""
    try:
        with journal.exclusive(session.run):
            after = session.world()
            after.recover()
            if after.emulator is not None and after.emulator == world.emulator:
                world.commit(keep=world.stood)  # by the one that started it, and so can see it end
    except SandboxError as error:
        session.progress.note(str(error))
