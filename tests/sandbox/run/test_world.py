"""Engine state and emulator state are one transaction, whoever cuts it off and when."""

import json
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sandbox.emulator import client
from sandbox.paths import RunDirectory
from sandbox.run import journal, locks
from sandbox.run.failure import DestroyError, Interrupted, RefusedError, SandboxError
from sandbox.run.journal import Status
from sandbox.run.session import transaction
from sandbox.run.world import World
from standins.toolchain.process import ProcessName

pytestmark = pytest.mark.slow


@dataclass
class Fake:
    """An emulator that is a sleeping process and whose whole state is one word."""

    process: subprocess.Popen[bytes]
    state: Path
    kept: bool = False
    port: int = 4566

    @property
    def pid(self) -> int:
        return self.process.pid

    def save(self) -> None:
        (self.state / "word").write_text((self.state / "memory").read_text())

    def keep(self) -> None:
        self.kept = True

    def stop(self) -> None:
        self.save()
        self.process.kill()
        self.process.wait()


class Machine:
    """Starts fakes in place of emulators, and remembers them."""

    def __init__(self) -> None:
        self.started: list[Fake] = []

    def start(self, state: Path, **_: object) -> Fake:
        fake = Fake(subprocess.Popen(["/bin/sleep", "600"]), state)
        word = state / "word"
        (state / "memory").write_text(word.read_text() if word.exists() else "")
        self.started.append(fake)
        return fake

    def find(self, state: Path) -> Fake | None:
        living = [fake for fake in self.started if fake.process.poll() is None]
        return next((fake for fake in living if fake.state == state), None)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    found = Machine()
    monkeypatch.setattr(client, "start", found.start)
    monkeypatch.setattr(client, "find", found.find)
    yield found
    for fake in found.started:
        fake.process.kill()
        fake.process.wait()


class Sandbox:
    """A run directory and the commands on it."""

    def __init__(self, root: Path) -> None:
        self.run = RunDirectory(root)
        self.said: list[str] = []

    def world(self) -> World:
        """Return the world as the next command finds it, put right."""
        world = World(self.run, "up prod", self.said.append)
        world.recover()
        return world

    def change(self, word: str) -> None:
        """Do what a deployment does: change the engine's state and the emulator's."""
        self.run.state.mkdir(exist_ok=True)
        (self.run.state / "word").write_text(word)
        (self.run.emulator / "memory").write_text(word)

    def deployed(self, word: str) -> World:
        """Run a whole deployment."""
        world = self.world()
        world.begin(("prod",))
        self.change(word)
        world.commit(keep=True)
        return world

    def attempted(self, word: str, cause: BaseException) -> None:
        """Run a deployment that ends early: it has changed both sides to `word`, or nothing when there is none."""
        world = self.world()
        with transaction(world):
            world.begin(("prod",))
            if word:
                self.change(word)
            raise cause

    @property
    def words(self) -> tuple[str, str]:
        """The engine's word, and the one the emulator saved."""
        found = (directory / "word" for directory in (self.run.state, self.run.emulator))
        engine, emulator = (path.read_text() if path.exists() else "" for path in found)
        return engine, emulator

    @property
    def status(self) -> Status:
        return journal.read(self.run.journal).status

    def lock(self, pid: int) -> Path:
        """Leave a lock as the engine does."""
        path = locks.directory(self.run) / "organization" / "trial" / "prod" / "one.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"pid": pid, "hostname": socket.gethostname()}))
        return path


@pytest.fixture
def sandbox(tmp_path: Path, machine: Machine) -> Sandbox:
    assert not machine.started, "nothing runs at first"
    return Sandbox(tmp_path)


def test_a_committed_world_stands_and_is_the_pair_that_counts(sandbox: Sandbox, machine: Machine) -> None:
    sandbox.deployed("one")
    assert sandbox.words == ("one", "one"), "both are saved"
    assert (sandbox.status, machine.started[0].kept) == (Status.STANDING, True), "the emulator outlives the command"
    assert machine.started[0].process.poll() is None, "and runs"


def test_the_next_command_finds_the_world_standing(sandbox: Sandbox, machine: Machine) -> None:
    sandbox.deployed("one")
    assert sandbox.world().stood, "nothing has to be started"
    assert (len(machine.started), sandbox.said) == (1, []), "nor to be put right"


@pytest.mark.parametrize("cause", [Interrupted("SIGINT"), ValueError("a fault of ours"), KeyboardInterrupt()])
def test_what_was_cut_off_is_undone_in_both(sandbox: Sandbox, machine: Machine, cause: BaseException) -> None:
    sandbox.deployed("one")
    with pytest.raises(type(cause)):
        sandbox.attempted("half", cause)
    assert sandbox.words == ("one", "one"), "the pair of before is back"
    assert machine.started[0].process.poll() is not None, "nothing runs"
    assert sandbox.status is Status.IDLE, "and the journal says so"


@pytest.mark.parametrize("what", ["the engine was killed", "one fault\nanother fault", ""])
def test_a_failure_says_that_its_changes_are_undone_wherever_it_comes_from(sandbox: Sandbox, what: str) -> None:
    sandbox.deployed("one")
    with pytest.raises(SandboxError) as failed:
        sandbox.attempted("half", SandboxError("pulumi stack rm", what, "run it again"))
    assert sandbox.words == ("one", "one"), "the pair of before is back"
    said = "; ".join(filter(None, (what, "the last consistent state is put back")))
    assert str(failed.value) == f"pulumi stack rm: {said}\n  do: run it again"
    assert vars(failed.value)["what"] == said, "as a document, too"


def test_a_failure_that_undid_nothing_does_not_say_so(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError) as failed, transaction(sandbox.world()):
        raise SandboxError("toolchain", "no engine", "get one")
    assert str(failed.value) == "toolchain: no engine\n  do: get one"


def test_what_a_first_command_left_half_done_is_undone_to_nothing(sandbox: Sandbox) -> None:
    with pytest.raises(Interrupted):
        sandbox.attempted("half", Interrupted("SIGTERM"))
    assert sandbox.words == ("", ""), "an empty world"


def test_a_refusal_leaves_a_standing_world_standing(sandbox: Sandbox, machine: Machine) -> None:
    sandbox.deployed("one")
    with pytest.raises(RefusedError):
        sandbox.attempted("", RefusedError("policy", "no", "yes"))
    assert machine.started[0].process.poll() is None, "nothing was changed"
    assert sandbox.status is Status.STANDING, "and the next command finds it so"


def test_an_interruption_before_anything_is_changed_leaves_the_world_standing(
    sandbox: Sandbox, machine: Machine
) -> None:
    sandbox.deployed("one")
    world = sandbox.world()
    with pytest.raises(Interrupted), transaction(world):
        raise Interrupted("SIGINT")
    assert machine.started[0].process.poll() is None, "a preview that is interrupted ends nothing"


def test_a_refusal_stops_what_was_started_for_it(sandbox: Sandbox, machine: Machine) -> None:
    with pytest.raises(RefusedError):
        sandbox.attempted("", RefusedError("policy", "no", "yes"))
    assert machine.started[0].process.poll() is not None, "nothing runs"


def test_what_was_destroyed_stays_destroyed(sandbox: Sandbox) -> None:
    sandbox.deployed("one")
    with pytest.raises(DestroyError):
        sandbox.attempted("less", DestroyError("destroy", "not all", "again"))
    assert sandbox.words == ("less", "less"), "there is no way back from a deletion"


def killed(sandbox: Sandbox, machine: Machine, word: str) -> None:
    """Leave the run directory as a `kill -9` in the middle of a change does: the warden has killed the emulator."""
    world = sandbox.world()
    world.begin(("prod",))
    world.phase("deploy")
    sandbox.change(word)
    machine.started[-1].process.kill()
    machine.started[-1].process.wait()


def test_a_command_that_was_killed_is_undone_by_the_next_one(sandbox: Sandbox, machine: Machine) -> None:
    sandbox.deployed("one")
    killed(sandbox, machine, "half")
    sandbox.world()
    assert sandbox.words == ("one", "one"), "both are what they were"
    assert sandbox.said == ["`up prod` was cut off in phase deploy; the last consistent state is put back"], "one line"


def test_a_recovery_that_was_killed_is_done_again(
    sandbox: Sandbox, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.deployed("one")
    killed(sandbox, machine, "half")
    world = World(sandbox.run, "up prod", sandbox.said.append)
    with monkeypatch.context() as patch:
        patch.setattr(world._checkpoints, "restore", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            world.recover()
    assert sandbox.status is Status.CHANGING, "it is not over"
    sandbox.world()
    assert sandbox.words == ("one", "one"), "the second attempt succeeds"


def test_an_emulator_left_by_a_killed_command_is_stopped(sandbox: Sandbox, machine: Machine) -> None:
    world = sandbox.world()
    world.begin(("prod",))
    leftover = machine.started[0].process
    sandbox.world()
    assert leftover.wait(timeout=10), "its state is about to be replaced"


def test_another_process_with_the_emulator_s_old_pid_is_spared(sandbox: Sandbox, machine: Machine) -> None:
    sandbox.deployed("one")
    killed(sandbox, machine, "half")
    with subprocess.Popen(["/bin/sleep", "600"]) as other:
        entry = journal.read(sandbox.run.journal)
        journal.write(sandbox.run.journal, replace(entry, emulator=ProcessName(other.pid, "1")))
        sandbox.world()
        assert other.poll() is None, "a pid alone does not name a process"
        other.kill()


def test_a_world_whose_emulator_died_is_put_back(sandbox: Sandbox, machine: Machine) -> None:
    sandbox.deployed("one")
    sandbox.change("by hand, unsaved")
    machine.started[0].process.kill()
    machine.started[0].process.wait()
    assert not sandbox.world().stood, "it has to be started again"
    assert sandbox.words == ("one", "one"), "the engine forgets with the emulator"
    assert sandbox.said == ["the embedded AWS has ended without us; the last consistent state is put back"], "one line"


def test_what_was_done_by_hand_is_the_pair_a_change_comes_back_to(sandbox: Sandbox) -> None:
    sandbox.deployed("one")
    sandbox.change("by hand")
    with pytest.raises(Interrupted):
        sandbox.attempted("half", Interrupted("SIGINT"))
    assert sandbox.words == ("by hand", "by hand"), "a person's work in the shell is not lost"


def test_a_lock_that_nobody_holds_means_a_change_by_hand_was_cut_off(sandbox: Sandbox) -> None:
    sandbox.deployed("one")
    sandbox.change("half, by hand")
    with subprocess.Popen(["/bin/true"]) as gone:
        gone.wait()
    lock = sandbox.lock(gone.pid)
    sandbox.world()
    assert not lock.exists(), "the stack is not locked any more"
    assert sandbox.words == ("one", "one"), "and what was half done is undone"


def test_a_lock_that_is_held_stops_everybody_else(sandbox: Sandbox) -> None:
    sandbox.deployed("one")
    with subprocess.Popen(["/bin/sleep", "600"]) as engine:
        lock = sandbox.lock(engine.pid)
        with pytest.raises(SandboxError, match=rf"process {engine.pid} is working on stack prod"):
            sandbox.world()
        assert lock.exists(), "it is theirs"
        engine.kill()


def test_a_cleared_world_is_empty_and_at_rest(sandbox: Sandbox, machine: Machine) -> None:
    sandbox.deployed("one")
    world = sandbox.world()
    world.begin(("prod",))
    world.clear()
    assert machine.started[0].process.poll() is not None, "nothing runs"
    assert sandbox.words == ("", ""), "nothing is kept"
    assert sandbox.status is Status.IDLE, "and the journal says so"


def committed(world: World) -> None:
    with transaction(world):
        world.commit(keep=True)


def test_an_emulator_that_cannot_save_is_no_commit(
    sandbox: Sandbox, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.deployed("one")

    def broken(_: Fake) -> None:
        raise client.EmulatorError("disk full")

    world = sandbox.world()
    world.begin(("prod",))
    sandbox.change("two")
    monkeypatch.setattr(Fake, "save", broken)
    with pytest.raises(SandboxError, match="its state cannot be saved: disk full"):
        committed(world)
    assert sandbox.words == ("one", "one"), "half a pair is none"
    assert machine.started[0].process.poll() is not None, "and nothing runs"
