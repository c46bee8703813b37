"""`drill`: rehearse the loss of the primary's region on a world of its own; afterwards the world is what it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.drill import limits, page, steady
from sandbox.drill.checks import failed
from sandbox.drill.evidence import Evidence
from sandbox.drill.rehearsal import Rehearsal
from sandbox.drill.sides import Pair, side
from sandbox.drill.watchdog import Watchdog
from sandbox.drill.work import FailedError, Work, listed
from sandbox.run import journal, stacks, state
from sandbox.run.commands import up
from sandbox.run.failure import RefusedError
from sandbox.run.journal import Status
from sandbox.run.lifetime import undisturbed
from sandbox.run.session import Session, outside_shell, transaction

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from sandbox.run.engine import Engine
    from sandbox.run.stacks import StackFile
    from sandbox.run.world import World

STANDBY = "dr"
"""The standby that is meant when none is named."""

MOVED = ("cluster", "edge", "recovery.standby.postgres", "recovery.standby.redis", "recovery.standby.buckets")
"""Parts of a standby that a drill takes over, proves and gives back; it judges no pair that lacks one."""


@dataclass
class DrillReport:
    """What a drill that passed says at its end.

    Attributes:
        evidence: What was written down.
        files: Where it was written to.
    """

    evidence: Evidence
    files: list[Path]

    def document(self) -> dict[str, Any]:
        """Return this as plain data."""
        return {"command": "drill", **self.evidence.document(), "files": [str(file) for file in self.files]}

    def show(self, console: Console) -> None:
        """Print this."""
        said = self.evidence
        checks = sum(len(step.checks) for step in said.steps)
        console.print(
            f"drill passed: {said.primary} lost, {said.standby} served, and back; {checks} checks", markup=False
        )
        for name, seconds in said.measured().items():
            console.print(f"  {name}: {seconds:.1f} s", markup=False)
        refused = sum(call["count"] for call in said.refused)
        console.print(f"  calls that the lost region refused during the failover: {refused}, none needed", markup=False)
        console.print(f"  {said.world}", markup=False)
        for file in self.files:
            console.print(f"  evidence: {file}", markup=False)


def run(session: Session, names: list[str], *, keep: bool, copy: Path | None) -> DrillReport:
    """Rehearse.

    Args:
        session: The command.
        names: The standby, with its primary or alone, in any order; none for the usual one.
        keep: Leave the world as it is after the failback, instead of putting it back.
        copy: Further file to write the page of evidence to.

    Raises:
        SandboxError: A check failed, a step took too long, or the engine stopped. The world is put back.
    """
    outside_shell()
    with session.phase("checks"):
        files = pair_of(session, names)
    evidence = Evidence(files[0].name, files[1].name)
    world = session.world()
    try:
        with journal.exclusive(session.run), transaction(world):
            world.recover()
            rehearse(session, world, files, evidence)
            evidence.world = kept(world) if keep else put_back(session, world, files)
            evidence.ended = True
    except BaseException:
        evidence.world = after_failure(session)
        raise
    finally:
        written = write(session, evidence, copy) if evidence.steps else []
    return DrillReport(evidence, written)


def pair_of(session: Session, names: list[str]) -> tuple[StackFile, StackFile]:
    """Return the files of a primary and its standby.

    Raises:
        RefusedError: The named stack is no standby or lacks what a drill moves, or a file is wrong; or what is named
            beside it is not its primary.
    """
    read = [stacks.read(session.project, name) for name in names or [STANDBY]]
    standby = next((one for one in read if one.follows is not None), read[0])
    beside = [one.name for one in read if one.name not in (standby.name, standby.follows)]
    if standby.follows is not None and beside:
        what = f"a drill takes {standby.follows} away and fails over to {standby.name}; {', '.join(beside)} is neither"
        raise RefusedError(standby.path.name, what, f"name one pair: `python -m sandbox drill {standby.name}`")
    if standby.follows is None:
        what = "no `recovery.standby` in its settings, so it is nobody's standby"
        raise RefusedError(standby.path.name, what, f"name the standby of a pair: `python -m sandbox drill {STANDBY}`")
    if absent := lacking(standby.path):
        what = f"the drill moves {', '.join(absent)}, and this standby has none"
        raise RefusedError(standby.path.name, what, f"drill a pair that has them: `python -m sandbox drill {STANDBY}`")
    return stacks.read(session.project, standby.follows), standby


def lacking(path: Path) -> list[str]:
    """Return what a drill moves and a standby's file does not have, as dotted paths."""
    from config.load import load_file  # noqa: PLC0415 not needed to refuse a command
    from config.rules.needs import there  # noqa: PLC0415 same

    settings = load_file(path)
    return [part for part in MOVED if not there(settings, tuple(part.split(".")))]


def rehearse(session: Session, world: World, files: tuple[StackFile, StackFile], evidence: Evidence) -> None:
    """Deploy what does not stand yet, and rehearse.

    Raises:
        SandboxError: Something went wrong.
    """
    from config.load import load_file  # noqa: PLC0415 not needed to refuse a command
    from config.objectives import bounds  # noqa: PLC0415 same

    with session.phase("toolchain"):
        toolchain = session.toolchain()
    with session.phase("emulator"):
        world.begin(tuple(file.name for file in files))
    engines = {file.name: session.engine(toolchain, world, file.account_id) for file in files}
    evidence.bounds = [bound.document() for bound in bounds(load_file(files[1].path))]
    deploy(session, world, engines, files)
    place = session.run.root / "drill"
    place.mkdir(parents=True, exist_ok=True)
    for file in files:
        (place / file.path.name).write_text(file.path.read_text(encoding="utf-8"), encoding="utf-8")
        engines[file.name].stack_files = place
    pair = read(session, world, files)
    evidence.primary, evidence.standby = (f"{one.stack} ({one.region})" for one in (pair.primary, pair.standby))
    with Watchdog(limits.WHOLE) as dog:
        Rehearsal(Work(session, world, engines, evidence, dog), pair).run()


def deploy(session: Session, world: World, engines: dict[str, Engine], files: tuple[StackFile, StackFile]) -> None:
    """Deploy the stacks that do not stand, and make that the world to come back to.

    Raises:
        FailedError: One of them cannot be deployed.
    """
    with Watchdog(2 * limits.DEPLOY) as dog:
        for file in files:
            if state.outputs(state.read(session.run, session.project_name, file.name)):
                session.progress.note(f"{file.name} stands")
                continue
            try:
                with dog.limit(f"deploy {file.name}", limits.DEPLOY):
                    up.make(session, world, file, engines[file.name])
            except RefusedError as error:
                raise FailedError(error.where, error.what, error.fix) from None
            world.checkpoint()


def read(session: Session, world: World, files: tuple[StackFile, StackFile]) -> Pair:
    """Return the stacks as they stand, with the drill's copies of their files."""
    run, project = session.run, session.project_name
    return Pair(*(side(run, project, file, run.root / "drill" / file.path.name, world.port) for file in files))


def kept(world: World) -> str:
    """Let the world stand as the drill left it; returns what to know of it."""
    world.commit(keep=True)
    return "the world stands as after the failback; its stack files are in .sandbox/drill"


def put_back(session: Session, world: World, files: tuple[StackFile, StackFile]) -> str:
    """Put the world back to what it was before the drill, and look whether it is; returns what was found.

    Raises:
        FailedError: The standby does not follow as it did before.
    """
    with session.phase("put back", world):
        with undisturbed():
            world.roll_back()
        world.start()
        for file in files:
            place = session.run.root / "drill" / file.path.name
            place.write_text(file.path.read_text(encoding="utf-8"), encoding="utf-8")
        found = steady.checks(read(session, world, files))
        if failed(found):
            raise FailedError("drill: put back", listed(failed(found)), "run `make down`, then `make up`")
        world.stand()
    return f"the world stands as before the drill: put back, and {len(found)} checks of it passed"


def after_failure(session: Session) -> str:
    """Return what became of the world when the drill did not end well."""
    entry = journal.read(session.run.journal)
    if entry.status is Status.CHANGING:
        return "the world was not put back; the next command does it"
    if entry.status is Status.STANDING:
        return "the world stands, unchanged"
    return "the world was put back to its last checkpoint; nothing runs"


def write(session: Session, evidence: Evidence, copy: Path | None) -> list[Path]:
    """Write the evidence down; returns the files."""
    stem = session.run.root / "drill" / f"{evidence.begun:%Y%m%dT%H%M%SZ}"
    files = [stem.with_suffix(".json"), stem.with_suffix(".html"), *([copy] if copy else [])]
    texts = [page.text(evidence), page.html(evidence), page.html(evidence)]
    for file, said in zip(files, texts, strict=False):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(said, encoding="utf-8")
        session.progress.note(f"evidence: {file}")
    return files
