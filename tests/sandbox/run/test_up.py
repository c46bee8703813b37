"""Stacks are planned at the same time where they can be, and a plan that holds no more is made again."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from sandbox.run import engine, state, verify
from sandbox.run.commands import up
from sandbox.run.engine import Outcome, Work
from sandbox.run.events import Log
from sandbox.run.failure import Interrupted, RefusedError
from sandbox.run.progress import Progress
from sandbox.run.session import Session
from sandbox.run.stacks import StackFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandbox.run.engine import Engine
    from sandbox.run.world import World


@dataclass
class Process:
    """An engine's process, which ends when it is waited for."""

    wait: Callable[[object], int]

    status: int | None = None

    def poll(self) -> int | None:
        return self.status


@dataclass
class Stage:
    """Both stacks of a project and the engines that work on them; `said` is what happened, in order."""

    place: Path
    changes: dict[str, dict[str, int]] = field(default_factory=dict)
    publishes: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    interruption: BaseException | None = None

    def write(self, stack: str, published: str) -> None:
        folder = state.folder(self.session.run, "trial")
        folder.mkdir(parents=True, exist_ok=True)
        root = {"type": "pulumi:pulumi:Stack", "urn": f"urn:{stack}::p::t::n", "outputs": {"name": published}}
        said = {"checkpoint": {"latest": {"resources": [root] if published else []}}}
        (folder / f"{stack}.json").write_text(json.dumps(said))

    @property
    def session(self) -> Session:
        return Session(self.place, Progress(io.StringIO(), quiet=True), "up")

    def run(self) -> list[str]:
        """Deploy both; returns what happened."""
        files = [StackFile("prod", self.place, "0"), StackFile("dr", self.place, "0", follows="prod")]
        engines = {file.name: cast("Engine", Fake(self, file.name)) for file in files}
        up.make_all(self.session, cast("World", self), files, engines)
        return self.said

    port = 0

    def phase(self, name: str) -> None:
        """The world's journal."""

    def checkpoint(self) -> None:
        self.said.append("checkpoint")


@dataclass
class Fake:
    """The engine of one stack."""

    stage: Stage
    stack: str

    def init(self, stack: str) -> None:
        if not (state.folder(self.stage.session.run, "trial") / f"{stack}.json").exists():
            self.stage.write(stack, "")

    @contextlib.contextmanager
    def previewing(self, stack: str, _: object) -> Iterator[Work]:
        self.stage.said.append(f"begin {stack}")
        log = self.events(stack)
        yield Work(stack, cast("Any", Process(self.waited)), Log(log), log, log, log)
        self.stage.said.append(f"end {stack}")

    @contextlib.contextmanager
    def deploying(self, stack: str, _: object, __: int) -> Iterator[Work]:
        log = self.up(stack, _, __).log
        yield Work(stack, cast("Any", Process(self.waited, status=0)), Log(log), log, log, log.with_suffix(".outputs"))

    def waited(self, _: object) -> int:
        if self.stage.interruption:
            raise self.stage.interruption
        return int(self.stack in self.stage.refused)

    def events(self, stack: str) -> Path:
        log = self.stage.place / f"{stack}.jsonl"
        log.write_text(json.dumps({"summaryEvent": {"resourceChanges": self.stage.changes.get(stack, {"same": 1})}}))
        log.write_text(log.read_text() + "\n")
        return log

    def up(self, stack: str, _: object, __: int) -> Outcome:
        self.stage.said.append(f"up {stack}")
        self.stage.write(stack, self.stage.publishes.get(stack, "a"))
        self.stage.refused.clear()
        log = self.events(stack)
        return Outcome(0, Log(log).update(), log, log)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    (tmp_path / "Pulumi.yaml").write_text("name: trial\nruntime: python\n")
    monkeypatch.setattr(verify, "present", lambda *_: "all there")
    monkeypatch.setattr(engine, "POLL_SECONDS", 0)
    return Stage(tmp_path)


@pytest.fixture
def deployed(stage: Stage) -> Stage:
    for stack in ("prod", "dr"):
        stage.write(stack, "a")
    return stage


BOTH = ["begin prod", "begin dr", "end dr", "end prod"]


def test_what_stands_is_planned_at_the_same_time(deployed: Stage) -> None:
    assert deployed.run() == [*BOTH, "checkpoint"], "and neither a second time"


def test_a_plan_holds_while_what_it_read_is_published_still(deployed: Stage) -> None:
    deployed.changes = {"prod": {"update": 1}, "dr": {"update": 1}}
    assert deployed.run() == [*BOTH, "up prod", "checkpoint", "up dr"]


def test_a_plan_is_made_again_when_something_else_is_published(deployed: Stage) -> None:
    deployed.changes, deployed.publishes = {"prod": {"update": 1}}, {"prod": "b"}
    assert deployed.run() == [*BOTH, "up prod", "checkpoint", "begin dr", "end dr"]


def test_a_standby_is_planned_when_its_primary_stands(stage: Stage) -> None:
    stage.changes = {"prod": {"create": 1}, "dr": {"create": 1}}
    said = ["begin prod", "end prod", "up prod", "checkpoint", "begin dr", "end dr", "up dr"]
    assert stage.run() == said


def test_a_primary_that_was_begun_and_never_deployed_publishes_nothing_to_plan_with(stage: Stage) -> None:
    stage.write("prod", "")
    stage.changes = {"prod": {"create": 1}}
    assert stage.run()[:3] == ["begin prod", "end prod", "up prod"]


def test_a_refusal_made_too_early_is_none(deployed: Stage) -> None:
    deployed.changes, deployed.publishes = {"prod": {"update": 1}}, {"prod": "b"}
    deployed.refused = ["dr"]
    assert deployed.run()[-1] == "end dr", "the standby could not be planned before its primary published that"


def test_the_refusal_of_a_primary_is_reported_first_and_stops_both(deployed: Stage) -> None:
    deployed.refused = ["prod", "dr"]
    with pytest.raises(RefusedError, match="preview: prod"):
        deployed.run()
    assert deployed.said == BOTH, "nothing was deployed"


def test_a_refused_standby_leaves_its_primary_deployed(deployed: Stage) -> None:
    deployed.changes, deployed.refused = {}, ["dr"]
    with pytest.raises(RefusedError, match="preview: dr"):
        deployed.run()
    assert deployed.said == [*BOTH, "checkpoint"], "what stands so far is the pair to come back to"


def test_an_interruption_ends_every_engine(deployed: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    @contextlib.contextmanager
    def previewing(fake: Fake, stack: str, _: object) -> Iterator[Work]:
        log = fake.events(stack)
        try:
            yield Work(stack, cast("Any", Process(fake.waited)), Log(log), log, log, log)
        finally:
            ended.append(stack)

    monkeypatch.setattr(Fake, "previewing", previewing)
    deployed.interruption = Interrupted("SIGINT")
    with pytest.raises(Interrupted):
        deployed.run()
    assert ended == ["dr", "prod"]
