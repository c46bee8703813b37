"""A system of agents that stands while something is done to it, and is put back to what it was afterwards."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.demo.system import System, lacking
from sandbox.run import journal, stacks
from sandbox.run.commands import up
from sandbox.run.failure import RefusedError, SandboxError
from sandbox.run.lifetime import undisturbed
from sandbox.run.session import Session, outside_shell, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.stack import StackConfig
    from sandbox.run.stacks import StackFile
    from sandbox.run.world import World

STACK = "agents"
"""The stack that is meant when none is named."""


@dataclass
class Standing:
    """A system that stands.

    Attributes:
        stack: Name of its stack.
        settings: Its stack file.
        system: Where its parts are.
        directory: Where the issuer of its tokens keeps its key.
        afterwards: What became of the world, once it is known.
        emulator: Address of the embedded AWS afterwards; empty where it rests.
    """

    stack: str
    settings: StackConfig
    system: System
    directory: Path
    afterwards: str = ""
    emulator: str = ""


@contextlib.contextmanager
def standing(session: Session, names: list[str], *, keep: bool) -> Iterator[Standing]:
    """Deploy a system of agents unless it stands; whatever is done to it meanwhile is undone, unless it is kept.

    Args:
        session: The command.
        names: Its stack; none for the usual one.
        keep: Leave the world as it is at the end, instead of putting it back.

    Raises:
        SandboxError: The stack is no such system, is wrong, or cannot be deployed; or what is done fails.
    """
    outside_shell()
    with session.phase("checks"):
        file, settings = system_of(session, names)
    world = session.world()
    with journal.exclusive(session.run), transaction(world):
        world.recover()
        deploy(session, world, file)
        directory = session.run.root / "demo"
        outputs = up.outputs(session, file.name)
        system = System.of(settings, outputs, f"http://127.0.0.1:{world.port}", directory)
        made = Standing(file.name, settings, system, directory)
        yield made
        made.afterwards = kept(session, world) if keep else put_back(session, world)
        made.emulator = "" if world.emulator is None else f"http://127.0.0.1:{world.port}"


def system_of(session: Session, names: list[str]) -> tuple[StackFile, StackConfig]:
    """Return the file of a system of agents, read and judged.

    Raises:
        RefusedError: More than one is named, the file is wrong, or it lacks something of such a system.
    """
    from config.load import load_file  # noqa: PLC0415 half a second that `--help` does not need

    if len(names) > 1:
        raise RefusedError("stack", f"one at a time; got: {', '.join(names)}", f"name one, such as {STACK}")
    file = stacks.read(session.project, names[0] if names else STACK)
    settings = load_file(file.path)
    if absent := lacking(settings):
        what = f"no system of agents (docs/agents.md): it lacks {', '.join(absent)}"
        raise RefusedError(file.path.name, what, f"name one that is: {STACK}")
    return file, settings


def deploy(session: Session, world: World, file: StackFile) -> None:
    """Begin to change the world; deploy the stack where it does not stand, and make that what is put back.

    Raises:
        SandboxError: It cannot be deployed.
    """
    stands = bool(up.outputs(session, file.name))
    if stands:
        with session.phase("emulator"):
            world.begin((file.name,))
        session.progress.note(f"{file.name} stands")
        return
    with session.phase("toolchain"):
        toolchain = session.toolchain()
    with session.phase("emulator"):
        world.begin((file.name,))
        file.by_hand.done(world.port, file.account_id)
    up.make(session, world, file, session.engine(toolchain, world, file.account_id))
    world.checkpoint()


def kept(session: Session, world: World) -> str:
    """Let the world stand as it is; returns what to know of it."""
    with session.phase("checkpoint", world):
        world.commit(keep=True)
    return "the world stands as it is now"


def put_back(session: Session, world: World) -> str:
    """Put the world back to what it was; returns what to know of it."""
    with session.phase("put back", world):
        with undisturbed():
            world.roll_back()
        try:
            world.start()
        except SandboxError as error:  # on a machine that is busy with other things
            return f"the world is put back, and rests: {error.what}; the next command starts it"
        world.stand()
    return "the world stands as before: what was submitted is gone"
