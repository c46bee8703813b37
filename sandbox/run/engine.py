"""The engine's commands, each under a guard, with its output in a log file and its events read as they come."""

from __future__ import annotations

import contextlib
import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.run import locks
from sandbox.run.events import Events, Log
from sandbox.run.failure import SandboxError
from standins.paths import OUTPUTS_VARIABLE
from standins.toolchain import process
from standins.toolchain.process import POLL_SECONDS, Containment

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sandbox.paths import RunDirectory
    from sandbox.run.progress import Progress
    from standins.toolchain.process import Guarded

SHORT_SECONDS = 120.0
"""Limit of a command that calls no provider."""

PARALLEL = 48
"""Operations at a time. They wait for the provider rather than work, and the engine's own choice (four per core) lets
six lifecycle configurations, which take a minute each, stand in the way of everything else."""

OWN = {
    "PULUMI_DEBUG_COMMANDS": "true",  # --event-log belongs to the engine's debug flags
    "PULUMI_SKIP_CHECKPOINTS": "true",
}
"""Variables of every engine command that we run ourselves; a command typed in the sandbox's shell has none of them.

The engine writes a stack's whole state before and after each resource, one write at a time. Skipping that, it writes
the state once, at its end, a failed update included. An engine that is killed writes none; the world of before is put
back then, state and embedded AWS alike. Nothing puts back what is typed in the shell, nor a real account.
(docs/upstream/pulumi-cli-checkpoints.md)
"""

MANNERS = ("--non-interactive", "--color", "never")

TAIL_CHARACTERS = 3000


@dataclass(frozen=True)
class Outcome:
    """How an engine command ended.

    Attributes:
        status: Its exit status.
        events: What it said in its event log.
        log: File with its whole output.
        event_log: File with its events.
        pack: Directory of the policy pack it ran with; None without one.
    """

    status: int
    events: Events
    log: Path
    event_log: Path
    pack: Path | None = None

    @property
    def broken(self) -> bool:
        """Whether it failed, in whatever way it says so."""
        return bool(self.status or self.events.errors() or not self.events.ended)


@dataclass
class Work:
    """An engine command at work.

    Attributes:
        stack: The stack it works on.
        process: Its process.
        reader: Reads its events.
        log: File its output goes to.
        event_log: File its events go to.
        published: File in which the stack's outputs are as soon as they are known.
        changes: Number of changes that were planned; None where nobody knows.
        pack: Directory of the policy pack; None without one.
    """

    stack: str
    process: Guarded
    reader: Log
    log: Path
    event_log: Path
    published: Path
    changes: int | None = None
    pack: Path | None = None

    def outcome(self, status: int) -> Outcome:
        """Return how it ended."""
        return Outcome(status, self.reader.update(), self.log, self.event_log, self.pack)

    def outputs(self) -> dict[str, Any] | None:
        """Return what the stack publishes; None while that is not known, and where it is not for everyone to read."""
        try:
            said: dict[str, Any] = json.loads(self.published.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return said

    def described(self) -> str:
        """Return one line on what it is at."""
        return described(self.stack, self.reader.update(), self.changes)


class Engine:
    """Runs `pulumi` for a project in the environment of the sandbox.

    Args:
        project: Directory of the project file.
        run: The run directory.
        env: Environment of every command, from `launchers.environment`.
        progress: Where signs of life go.

    Attributes:
        stack_files: Directory whose stack files are read instead of those beside the project file; None for the latter.
    """

    def __init__(self, project: Path, run: RunDirectory, env: Mapping[str, str], progress: Progress) -> None:
        self.stack_files: Path | None = None
        self._project = project
        self._run = run
        self._env = dict(env) | OWN
        self._progress = progress

    def stacks(self) -> list[str]:
        """Return the stacks the state knows."""
        known = json.loads(self._short(["stack", "ls", "--json"], self._project))
        return sorted(stack["name"].rpartition("/")[2] for stack in known)

    def init(self, stack: str) -> None:
        """Create a stack in the state, unless it is there.

        It is done in a directory of the run directory with nothing but a project file, because the engine writes the
        salt of the secrets provider into the stack file beside the project file.
        """
        if stack in self.stacks():
            return
        place = self._run.root / "init"
        place.mkdir(parents=True, exist_ok=True)
        text = (self._project / "Pulumi.yaml").read_text(encoding="utf-8")
        name = re.search(r"^name:\s*(\S+)", text, re.MULTILINE)
        if name is None:
            raise SandboxError("Pulumi.yaml", "no line `name: ...`", "name the project")
        (place / "Pulumi.yaml").write_text(f"name: {name[1]}\nruntime: python\n", encoding="utf-8")
        self._short(["stack", "init", stack, "--no-select"], place)

    def remove(self, stack: str) -> None:
        """Remove a stack without resources from the state."""
        self._short(["stack", "rm", stack, "--yes", "--preserve-config"], self._project)

    def export(self, stack: str) -> dict[str, Any]:
        """Return a stack's state; secrets stay encrypted."""
        state: dict[str, Any] = json.loads(self._short(["stack", "export", "-s", stack], self._project))
        return state

    def put(self, stack: str, state: dict[str, Any]) -> None:
        """Replace a stack's state."""
        file = self._run.root / f"import-{stack}.json"
        file.write_text(json.dumps(state), encoding="utf-8")
        try:
            self._short(["stack", "import", "-s", stack, "--file", str(file)], self._project)
        finally:
            file.unlink(missing_ok=True)

    def preview(self, stack: str, pack: Path | None) -> Outcome:
        """Plan, with the policy pack."""
        with self.previewing(stack, pack) as work:
            return finished([work], self._progress)[0]

    def previewing(self, stack: str, pack: Path | None) -> AbstractContextManager[Work]:
        """Begin to plan, with the policy pack; what still runs of it ends with the context."""
        return self._begun("preview", stack, [], pack=pack)

    def up(self, stack: str, pack: Path | None, changes: int | None = None) -> Outcome:
        """Deploy, with the policy pack, without planning once more; `changes` were planned."""
        with self.deploying(stack, pack, changes) as work:
            return finished([work], self._progress)[0]

    def deploying(self, stack: str, pack: Path | None, changes: int | None = None) -> AbstractContextManager[Work]:
        """Begin to deploy, as `up` does; what still runs of it ends with the context."""
        return self._begun("up", stack, ["--skip-preview", "--yes"], changes, pack)

    def destroy(self, stack: str) -> Outcome:
        """Delete everything of a stack."""
        with self._begun("destroy", stack, ["--skip-preview", "--yes"]) as work:
            return finished([work], self._progress)[0]

    @contextlib.contextmanager
    def _begun(
        self, command: str, stack: str, words: list[str], changes: int | None = None, pack: Path | None = None
    ) -> Iterator[Work]:
        self._run.logs.mkdir(parents=True, exist_ok=True)
        output, log = self._run.logs / f"{stack}-{command}.log", self._run.logs / f"{stack}-{command}.events.jsonl"
        published = self._run.logs / f"{stack}-{command}.outputs.json"
        for file in (log, published):
            file.unlink(missing_ok=True)
        arguments = [str(self._run.bin / "pulumi"), command, "-s", stack, *MANNERS, "--event-log", str(log)]
        if self.stack_files is not None:
            arguments += ["--config-file", str(self.stack_files / f"Pulumi.{stack}.yaml")]
        with output.open("w", encoding="utf-8") as said:
            running = process.start(
                [*arguments, *words, *packed(pack), "--parallel", str(PARALLEL)],
                env=self._env | {OUTPUTS_VARIABLE: str(published)},
                cwd=self._project,
                output=said,
                containment=Containment(unlock=(locks.directory(self._run),)),
            )
            with running:
                yield Work(stack, running, Log(log), output, log, published, changes, pack)

    def _short(self, words: list[str], place: Path) -> str:
        """Run a command that calls no provider; returns what it says on standard output."""
        self._run.logs.mkdir(parents=True, exist_ok=True)
        said, errors = self._run.logs / "command.out", self._run.logs / "command.err"
        command = [str(self._run.bin / "pulumi"), *words, *MANNERS]
        with (
            said.open("w", encoding="utf-8") as out,
            errors.open("w", encoding="utf-8") as err,
            process.start(command, env=self._env, cwd=place, output=out, errors=err) as running,
        ):
            status = running.wait(limit_seconds=SHORT_SECONDS)
        text = said.read_text(encoding="utf-8")
        said.unlink()
        if status:
            words_of_engine = f"{text}\n{errors.read_text(encoding='utf-8')}".strip()[-TAIL_CHARACTERS:]
            raise SandboxError(f"pulumi {' '.join(words[:2])}", words_of_engine, f"the engine's words are in {errors}")
        return text


def finished(works: Sequence[Work], progress: Progress) -> list[Outcome]:
    """Wait for the end of every command, saying what those are at that still run; returns how each ended."""

    def tell() -> None:
        at = [work for work in works if work.process.poll() is None]
        progress.status(" | ".join(work.described() for work in at))

    return [work.outcome(work.process.wait(tell)) for work in works]


def side_by_side(courses: Sequence[Generator[Work | None]], progress: Progress) -> None:
    """Go through several courses of action at the same time, each of which yields the command it waits for.

    A course that waits for another one yields None. Where one cannot go on, the others end with it, commands and all.
    """
    going = list(courses)
    with contextlib.ExitStack() as ending:
        for course in courses:
            ending.callback(course.close)
        while going:
            at: list[Work | None] = []
            for course in list(going):
                try:
                    at.append(next(course))
                except StopIteration:
                    going.remove(course)
            progress.status(" | ".join(work.described() for work in at if work))
            time.sleep(POLL_SECONDS if going else 0)


def ended(work: Work) -> Generator[Work, None, Outcome]:
    """Wait for the end of a command as part of a course of action; returns how it ended."""
    while (status := work.process.poll()) is None:
        yield work
    return work.outcome(status)


def packed(pack: Path | None) -> list[str]:
    """Return the arguments that bring in a policy pack."""
    return ["--policy-pack", str(pack)] if pack else []


def described(stack: str, events: Events, changes: int | None) -> str:
    """Return one line on what the engine is at."""
    done = f"{stack}: {events.checked} checked, {events.finished}{f' of {changes}' if changes else ''} done"
    return "; ".join(filter(None, (done, events.longest())))
