"""A standby is deployed beside its primary from the moment on at which that one's outputs are known."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from sandbox.run import engine, state, verify
from sandbox.run.commands import up
from sandbox.run.engine import Work
from sandbox.run.events import Log
from sandbox.run.failure import DeployError, Interrupted, RefusedError
from sandbox.run.progress import Phase, Progress
from sandbox.run.report import wall_seconds
from sandbox.run.session import Session
from sandbox.run.stacks import StackFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.run.engine import Engine, Outcome
    from sandbox.run.world import World

READER, VPC = "aws:rds/instance:Instance", "aws:ec2/vpc:Vpc"

WAITS = f"begin {READER}"

SHORT = ["end"]

LONG = [*[""] * 20, "end"]


@dataclass
class Process:
    """An engine's process: each time it is looked at, it does the next of its list."""

    work: Command

    def poll(self) -> int | None:
        return self.work.turn()

    def wait(self, _: object = None) -> int:
        while (status := self.poll()) is None:
            pass
        return status


@dataclass
class Command:
    """An engine command; its turns are `known NAME`, `begin TYPE`, `done TYPE`, `stop`, `fail`, `end` or nothing."""

    stage: Stage
    name: str
    turns: list[str]

    @property
    def stack(self) -> str:
        return self.name.split()[1]

    @property
    def log(self) -> Path:
        return self.stage.place / f"{self.name}.jsonl"

    def turn(self) -> int | None:
        what, _, value = self.turns.pop(0).partition(" ")
        if what == "stop":
            raise Interrupted("SIGINT")
        if what == "known":
            self.log.with_suffix(".outputs").write_text(json.dumps({"name": value}))
        if what in ("begin", "done"):
            kind = {"begin": "resourcePreEvent", "done": "resOutputsEvent"}[what]
            urn = f"urn:pulumi:{self.stack}::trial::{value}::one"
            self.write({kind: {"metadata": {"urn": urn, "op": "create", "type": value, "new": {"custom": True}}}})
        if what in ("fail", "end"):
            return self.end(int(what == "fail"))
        return None

    def end(self, status: int) -> int:
        self.write({"summaryEvent": {"resourceChanges": {"create": 1}}})
        if self.name.startswith("up"):
            self.stage.write(self.stack, self.stage.publishes)
        self.stage.said.append(f"ended {self.name}")
        return status

    def write(self, event: dict[str, Any]) -> None:
        with self.log.open("a") as file:
            file.write(json.dumps(event) + "\n")


@dataclass
class Stage:
    """A primary and its standby, neither of them deployed; `said` is what happened, in order."""

    place: Path
    progress: Progress = field(default_factory=lambda: Progress(io.StringIO(), quiet=True))
    turns: dict[str, list[str]] = field(default_factory=dict)
    publishes: str = "a"
    said: list[str] = field(default_factory=list)
    journal: list[str] = field(default_factory=list)
    port = 0

    @property
    def session(self) -> Session:
        return Session(self.place, self.progress, "up")

    def write(self, stack: str, published: str) -> None:
        folder = state.folder(self.session.run, "trial")
        folder.mkdir(parents=True, exist_ok=True)
        root = {"type": "pulumi:pulumi:Stack", "urn": f"urn:{stack}::p::t::n", "outputs": {"name": published}}
        said = {"checkpoint": {"latest": {"resources": [root] if published else []}}}
        (folder / f"{stack}.json").write_text(json.dumps(said))

    def init(self, stack: str) -> None:
        self.write(stack, "")

    def previewing(self, stack: str, _: object) -> contextlib.AbstractContextManager[Work]:
        return self.begun(f"preview {stack}")

    def deploying(self, stack: str, _: object, __: int) -> contextlib.AbstractContextManager[Work]:
        return self.begun(f"up {stack}")

    def up(self, stack: str, pack: object, changes: int) -> Outcome:
        with self.deploying(stack, pack, changes) as work:
            return work.outcome(work.process.wait())

    @contextlib.contextmanager
    def begun(self, name: str) -> Iterator[Work]:
        command = Command(self, name, list(self.turns.get(name, SHORT)))
        read = state.outputs(state.read(self.session.run, "trial", "prod")).get("name", "nothing")
        self.said.append(f"{name} reads {read}" if command.stack == "dr" else name)
        process, log = Process(command), command.log
        try:
            yield Work(command.stack, cast("Any", process), Log(log), log, log, log.with_suffix(".outputs"))
        finally:
            if command.turns:
                self.said.append(f"killed {name}")

    def phase(self, name: str) -> None:
        self.journal.append(name)

    def checkpoint(self) -> None:
        self.said.append("checkpoint")

    def run(self) -> list[str]:
        """Deploy both; returns what happened."""
        files = [StackFile("prod", self.place, "0"), StackFile("dr", self.place, "0", follows="prod")]
        up.make_all(self.session, cast("World", self), files, dict.fromkeys(("prod", "dr"), cast("Engine", self)))
        return self.said


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    (tmp_path / "Pulumi.yaml").write_text("name: trial\nruntime: python\n")
    monkeypatch.setattr(verify, "present", lambda *_: "all there")
    monkeypatch.setattr(engine, "POLL_SECONDS", 0)
    stage = Stage(tmp_path, turns={"up prod": ["", WAITS, "known a", *LONG]})
    stage.write("prod", "")
    return stage


BEGUN = ["preview prod", "ended preview prod", "up prod"]


def test_a_standby_is_deployed_while_its_primary_waits(stage: Stage) -> None:
    assert stage.run() == [
        *BEGUN,
        "preview dr reads a",
        "ended preview dr",
        "up dr reads a",
        "ended up dr",
        "ended up prod",
    ], "and no pair is taken of what the standby has half made"


def test_a_standby_may_end_last(stage: Stage) -> None:
    stage.turns = {"up prod": [WAITS, "known a", "", "", "", "", "end"], "up dr": LONG}
    assert stage.run()[-2:] == ["ended up prod", "ended up dr"]


def test_one_that_is_about_to_end_is_waited_for(stage: Stage) -> None:
    stage.turns = {"up prod": ["known a", *LONG]}
    assert "checkpoint" in stage.run(), "what it publishes is in its state in a moment"


def test_a_state_that_was_saved_too_early_does_not_stand(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stage, "write", lambda *_: None)
    with pytest.raises(DeployError, match="its state was written before dr was let read its outputs"):
        stage.run()


@pytest.mark.parametrize(("kind", "waits"), [(VPC, True), (READER, False)])
def test_only_what_aws_lets_be_under_way_is_left_behind(stage: Stage, kind: str, waits: bool) -> None:  # noqa: FBT001
    stage.turns = {"up prod": [f"begin {kind}", "known a", "", "", "", "", "end"]}
    assert ("checkpoint" in stage.run()) == waits, "a pair is taken where both were deployed one after the other"


def test_one_that_publishes_a_secret_is_followed_when_it_has_ended(stage: Stage) -> None:
    stage.turns = {"up prod": LONG}
    assert stage.run() == [
        *BEGUN,
        "ended up prod",
        "checkpoint",
        "preview dr reads a",
        "ended preview dr",
        "up dr reads a",
        "ended up dr",
    ]


def test_a_refused_standby_leaves_its_primary_deployed(stage: Stage) -> None:
    stage.turns["preview dr"] = ["fail"]
    with pytest.raises(RefusedError, match="preview: dr"):
        stage.run()
    assert stage.said[-3:] == ["ended preview dr", "ended up prod", "checkpoint"], "it went on to its end"


def test_a_failing_primary_ends_its_standby(stage: Stage) -> None:
    stage.turns = {"up prod": [WAITS, "known a", *[""] * 5, "fail"], "up dr": LONG}
    with pytest.raises(DeployError, match="deploy: prod") as failed:
        stage.run()
    assert stage.said[-2:] == ["ended up prod", "killed up dr"], f"and no pair is taken: {failed.value}"


def test_a_failing_standby_takes_its_primary_along_and_says_how_to_keep_it(stage: Stage) -> None:
    stage.turns["up dr"] = ["fail"]
    with pytest.raises(DeployError, match=r"deploy: dr(.|\n)*without prod(.|\n)*`make up STACKS=prod`"):
        stage.run()
    assert stage.said[-2:] == ["ended up dr", "killed up prod"], "and no pair is taken"


def test_what_was_planned_with_other_outputs_does_not_stand(stage: Stage) -> None:
    stage.publishes, stage.turns["up dr"] = "b", ["", *LONG]
    with pytest.raises(DeployError, match=r"dr was planned with outputs that are others by now: name"):
        stage.run()
    assert stage.said[-2:] == ["ended up prod", "killed up dr"]


def test_an_interruption_ends_both(stage: Stage) -> None:
    stage.turns["up dr"] = ["", "stop", "end"]
    with pytest.raises(Interrupted) as interrupted:
        stage.run()
    assert stage.said[-2:] == ["killed up dr", "killed up prod"], f"at once, when {interrupted.value} comes"


def test_phases_that_overlap_have_each_its_own_time(stage: Stage) -> None:
    stage.run()
    assert [phase.name for phase in stage.progress.phases] == [
        "preview prod",
        "preview dr",
        "deploy dr",
        "deploy prod",
        "verify prod",
        "verify dr",
    ], "in the order of their ends"
    assert stage.journal[1:-2] == [
        "deploy prod",
        "deploy prod and preview dr",
        "deploy prod",
        "deploy prod and deploy dr",
        "deploy prod",
    ], "what a command that is cut off was at"
    assert stage.progress.phase_name == "", "nothing is under way"


def test_time_that_phases_share_counts_once() -> None:
    assert wall_seconds([Phase("deploy dr", 4.0, begun=13.0), Phase("deploy prod", 10.0, begun=10.0)]) == 10.0


def test_what_is_published_early_is_read_like_what_is_saved(stage: Stage) -> None:
    run = stage.session.run
    state.publish(run, "trial", "prod", {"name": "early"})
    assert state.outputs(state.read(run, "trial", "prod")) == {"name": "early"}
    stage.write("prod", "late")
    state.publish(run, "trial", "prod", {"name": "early"})
    (root,) = state.read(run, "trial", "prod")["deployment"]["resources"]
    assert root["outputs"] == {"name": "early"}, "there is one root"
    assert root["urn"] == "urn:pulumi:prod::trial::pulumi:pulumi:Stack::trial-prod"
